using Metrics.Core.Catalog;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Finance;

/// <summary>What was earned, spent and planned, from ledger entries and the chart of accounts (KPIS §1.1), by month or finer.</summary>
public sealed class FinanceModel : IRecordModel, IModelWorking
{
    private const string Any = "any";

    private static readonly Choice Group = new("group", "The group of accounts that is added up.", Any)
    {
        Options =
        [
            (Any, "all groups, for a metric of one account"), .. ChartOfAccounts.Groups,
            (ChartOfAccounts.OperatingExpenses, "operating expenses of all kinds"),
        ],
    };

    private static readonly Choice Account = new("account", "The account that is added up.", Any)
    {
        PatternHint = "the id of an account in accounts.yaml",
    };

    private static readonly Choice AnyScenario = new("scenario", "Which books: what happened, or a plan by its name.", LedgerEntry.Actual)
    {
        PatternHint = "the name of a scenario",
    };

    public string Name => "finance";

    public IReadOnlyList<string> RecordTypes { get; } = [LedgerEntry.Type.Name];

    public IReadOnlyList<Measure> Measures { get; } =
    [
        .. ((string[])[LedgerEntry.Actual, "budget", "forecast"]).Select(scenario => new Measure(scenario) { With = [Group, Account] }),
        new Measure("amount") { With = [Group, Account, AnyScenario] },
    ];

    public IReadOnlyList<string> Policy { get; } =
    [
        "An entry belongs to the accounting period of its day. Amounts are multiplied by the sign of their account, so "
            + "that revenue and costs are both positive.",
        "An account that accounts.yaml does not name is left out, with a warning that names it.",
        "Entries in another currency than the reporting one are left out, with a warning.",
        "Net burn is what the business pays less what it takes in; money from investors and lenders is no part of it.",
        "A budget is known up to the period that the sources have reached, as actuals are.",
    ];

    public IModelRun Start(ModelContext context) => new Run(context);

    public IWorkingRun Explain(WorkingQuestion question) => new Working(question);

    /// <summary>Which entries a metric adds up.</summary>
    private sealed class Selection
    {
        private readonly string _group;
        private readonly string _account;

        public Selection(Metric metric)
        {
            (_group, _account) = (Group.Of(metric), Account.Of(metric));
            Scenario = metric.Measure == "amount" ? AnyScenario.Of(metric) : metric.Measure;
        }

        public string Scenario { get; }

        public bool Takes(LedgerEntry entry, LedgerAccount account) =>
            string.Equals(entry.Scenario, Scenario, StringComparison.OrdinalIgnoreCase)
            && (_account == Any || account.Id == _account) && (_group == Any || ChartOfAccounts.IsIn(account, _group));
    }

    private static bool IsForeign(LedgerEntry entry, string currency) =>
        entry.Currency is { } own && !string.Equals(own, currency, StringComparison.OrdinalIgnoreCase);

    private sealed class Run(ModelContext context) : IModelRun
    {
        private readonly (Selection Selection, NativeSums Sums)[] _metrics =
            [.. context.Metrics.Select(metric => (new Selection(metric), new NativeSums(metric, context.Calendar)))];

        private readonly WarningLog _warnings = new();
        private DateOnly? _first;

        public void Add(StoredRecord record)
        {
            var entry = LedgerEntry.From(record.Body);
            var day = entry.At.Day(context.Calendar.DayOf);
            if (day >= context.CompleteThrough)
                return;

            if (context.Accounts.Find(entry.Account) is not { } account)
            {
                _warnings.Note("unknown_account",
                    "{0} ledger entries are of accounts that are not in accounts.yaml, and left out. Add the accounts there.",
                    true, record, $"account '{entry.Account}'");
                return;
            }

            if (IsForeign(entry, context.Calendar.Settings.Currency))
            {
                _warnings.Note("foreign_currency",
                    $"{{0}} ledger entries are not in {context.Calendar.Settings.Currency}, the reporting currency, and left out.",
                    true, record, $"{entry.Amount} {entry.Currency} on account '{entry.Account}'");
                return;
            }

            if (_first is null || day < _first)
                _first = day;
            foreach (var (selection, sums) in _metrics)
            {
                if (selection.Takes(entry, account))
                    sums.Add(day, entry.Segment, account.Sign * entry.Amount);
            }
        }

        public ModelResult Finish() => new(_first, [.. _metrics.Select(metric => metric.Sums.Output())]) { Warnings = _warnings.Warnings };
    }

    private sealed class Working(WorkingQuestion question) : IWorkingRun
    {
        private readonly Selection _selection = new(question.Metric);
        private readonly RecordLines _lines = new(question, new WorkingColumn("account", WorkingKind.Text),
            new WorkingColumn("name", WorkingKind.Text));

        public void Add(StoredRecord record)
        {
            var entry = LedgerEntry.From(record.Body);
            var day = entry.At.Day(question.Calendar.DayOf);
            var point = question.Calendar.Containing(question.Metric.NativeGrain, day).Start;
            if (day < question.Known.End && question.Period.Contains(point) && question.AsksOfFinest(entry.Segment)
                && question.Accounts.Find(entry.Account) is { } account && !IsForeign(entry, question.Calendar.Settings.Currency)
                    && _selection.Takes(entry, account))
            {
                _lines.Add(record, day, point, entry.Segment, entry.Segment.On(question.Metric.Dimensions), account.Sign * entry.Amount,
                    account.Id, account.Name);
            }
        }

        public ModelWorking Finish() =>
            _lines.Finish($"Each line is a ledger entry of the period ({_selection.Scenario}), with the sign of its account.");
    }
}
