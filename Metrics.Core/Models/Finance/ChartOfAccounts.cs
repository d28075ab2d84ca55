using Metrics.Core.Workspace;

namespace Metrics.Core.Models.Finance;

/// <summary>An account of the books, as a figure of the workspace sees it.</summary>
/// <param name="Group">What kind of figure it belongs to, one of <see cref="ChartOfAccounts.Groups"/>.</param>
/// <param name="Sign">What its amounts are multiplied by, so that revenue and costs both come out positive: 1 or -1.</param>
public sealed record LedgerAccount(string Id, string Name, string Group, int Sign);

/// <summary>The accounts of the optional <c>accounts.yaml</c>, by id.</summary>
public sealed class ChartOfAccounts
{
    /// <summary>Every operating expense, whatever it is for.</summary>
    public const string OperatingExpenses = "operating_expenses";

    private const string FileName = "accounts.yaml";

    private static readonly string[] Operating = ["sales_marketing", "research", "general", "other_operating", "depreciation"];

    private readonly OrderedDictionary<string, LedgerAccount> _accounts = new(StringComparer.Ordinal);

    private ChartOfAccounts()
    {
    }

    /// <summary>A chart without accounts.</summary>
    public static ChartOfAccounts None { get; } = new();

    /// <summary>The groups of accounts, each with what belongs to it.</summary>
    public static IReadOnlyList<(string Value, string Meaning)> Groups { get; } =
    [
        ("revenue", "what customers are charged, without tax"),
        ("cogs", "what serving them costs"),
        ("sales_marketing", "operating expenses to win customers"),
        ("research", "operating expenses for the product"),
        ("general", "operating expenses for everything else, such as rent and administration"),
        ("other_operating", "operating expenses that belong nowhere else"),
        ("depreciation", "operating expenses for what was paid earlier: depreciation and amortization"),
        ("other", "expenses outside of the business, interest among them; its income accounts have the sign -1"),
        ("tax", "taxes on income"),
        ("cash", "the balance of bank accounts at the end of the period"),
        ("cash_in", "money that came in from the business"),
        ("cash_out", "money that went out for the business"),
        ("financing", "money from investors and lenders, less what they got back"),
        ("bookings", "the value of contracts that are won; mostly a budget alone"),
        ("memo", "accounts that no figure that ships reads, such as headcount"),
    ];

    /// <summary>The shape of <c>accounts.yaml</c>.</summary>
    public static Shape FileShape { get; } = new("accounts",
        new Key("accounts", KeyKind.Objects, "The chart of accounts: an account that is not in it is left out of every figure.")
        {
            Required = true,
            Of = new Shape("an account",
                new Key("id", KeyKind.Text, "The account as ledger entries name it.") { Required = true },
                new Key("name", KeyKind.Text, "What people call it. Default: its id."),
                new Key("group", KeyKind.Text, "What kind of figure it belongs to.")
                {
                    Required = true, Values = [.. Groups.Select(group => group.Value)],
                },
                new Key("sign", KeyKind.Text, "-1 where the books write revenue or costs as negative numbers. Default: 1.")
                {
                    Values = ["1", "-1"],
                }),
        });

    public bool IsEmpty => _accounts.Count == 0;

    /// <summary>The accounts in the order of the file.</summary>
    public IEnumerable<LedgerAccount> Accounts => _accounts.Values;

    public LedgerAccount? Find(string id) => _accounts.GetValueOrDefault(id);

    /// <summary>
    /// Whether an account belongs to a group; those of all kinds of operating expenses belong to <see cref="OperatingExpenses"/> too.
    /// </summary>
    public static bool IsIn(LedgerAccount account, string group) =>
        account.Group == group || (group == OperatingExpenses && Operating.Contains(account.Group));

    /// <summary>The chart of a workspace; entries at fault are left out and their faults are added.</summary>
    public static ChartOfAccounts Read(WorkspaceFolder folder, ICollection<Fault> faults) =>
        folder.ReadFile(FileName) is { } text ? Read(text, faults) : None;

    /// <summary>The same of a file's text.</summary>
    public static ChartOfAccounts Read(string text, ICollection<Fault> faults)
    {
        var chart = new ChartOfAccounts();
        if (YamlFile.Read(FileName, text, FileShape, faults) is not { } root)
            return chart;

        foreach (var entry in root.Objects("accounts"))
        {
            if (entry.Text("id") is not { } id || entry.Text("group") is not { } group)
                continue;
            if (!chart._accounts.TryAdd(id, new LedgerAccount(id, entry.Text("name", id), group, entry.Text("sign") == "-1" ? -1 : 1)))
                entry.AddFault("id", $"account '{id}' is there twice.");
        }

        return chart;
    }

    /// <summary>What figures depend on, as one text: the same for the same accounts.</summary>
    public override string ToString() => string.Join(';', _accounts.Values
        .OrderBy(account => account.Id, StringComparer.Ordinal).Select(account => $"{account.Id}={account.Group}*{account.Sign}"));
}
