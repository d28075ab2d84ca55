using System.Globalization;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Revenue;

/// <summary>
/// The subscriptions as their sources tell them, and what the definition's choices make of them: charges, committed charges and
/// trials. Rows that contradict themselves or each other are taken by a rule, and told.
/// </summary>
internal sealed class SubscriptionBook(RevenueChoices choices, string reportingCurrency, WarningLog warnings)
{
    // Some systems write 9999-12-31 for an end that nobody knows; there are no intervals to count up to it.
    private static readonly int EndOfTime = new DateOnly(9000, 1, 1).DayNumber;

    private readonly List<SubscriptionRow> _rows = [];
    private readonly Dictionary<string, int> _customers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _currencies = new(StringComparer.Ordinal);
    private readonly List<Charge> _committed = [];
    private readonly List<Trial> _trials = [];
    private List<Charge>? _charges;

    public IReadOnlyList<SubscriptionRow> Rows => _rows;

    /// <summary>The names of the customers by number.</summary>
    public IEnumerable<string> Customers => _customers.Keys;

    /// <summary>What is paid and when.</summary>
    public IReadOnlyList<Charge> Charges => Work();

    /// <summary>The same as it was signed: from the day on which a start was known, up to the day on which an end was.</summary>
    public IReadOnlyList<Charge> Committed
    {
        get
        {
            Work();
            return _committed;
        }
    }

    public IReadOnlyList<Trial> Trials
    {
        get
        {
            Work();
            return _trials;
        }
    }

    public void Add(StoredRecord record)
    {
        var period = SubscriptionPeriod.From(record.Body);
        var key = RecordLines.KeyOf(record);
        _rows.Add(new SubscriptionRow(period, record.Stream.ToString(), key, period.Subscription ?? key, CurrencyOf(period.Currency)));
    }

    private string? CurrencyOf(string? currency)
    {
        if (currency is null)
            return null;
        if (!_currencies.TryGetValue(currency, out var known))
            _currencies[currency] = known = currency.Equals(reportingCurrency, StringComparison.OrdinalIgnoreCase) ? null : currency.ToUpperInvariant();
        return known;
    }

    private List<Charge> Work()
    {
        if (_charges is not null)
            return _charges;

        _charges = new List<Charge>(_rows.Count);
        var ends = Overlaps();
        var successors = Successors();
        var trials = new List<(SubscriptionRow Row, int Customer, int From, int Until, bool Stays)>();
        foreach (var row in _rows)
        {
            if (!_customers.TryGetValue(row.Period.Customer, out var customer))
                _customers[row.Period.Customer] = customer = _customers.Count;
            Take(row, customer, ends.TryGetValue(row, out var end) ? end : row.Period.End?.DayNumber ?? Charge.Open, successors.GetValueOrDefault(row), trials);
        }

        TakeTrials(trials);
        TellIdenticalRows();
        return _charges;
    }

    private void Take(
        SubscriptionRow row, int customer, int end, DateOnly? replacedFrom, List<(SubscriptionRow Row, int Customer, int From, int Until, bool Stays)> trials)
    {
        var own = row.Period;
        var start = own.Start.DayNumber;
        if (end <= start)
        {
            if (own.End == own.Start)
                Tell("no_days", "{0} subscriptions end on the day they start; they never ran and count nowhere.", leftOut: true, row, Days(own));
            return;
        }

        TellContradictions(row);
        int? tried = own.Trial == true ? Math.Min(end, own.TrialEnd is { } until && until > own.Start ? until.DayNumber : end)
            : own.TrialEnd is { } over && over > own.Start ? Math.Min(end, over.DayNumber)
            : null;
        var from = choices.TrialsIncluded ? start : tried ?? start;
        var anchor = DateOnly.FromDayNumber(Math.Min(from, DateOnly.MaxValue.DayNumber));
        var stop = StopOf(own, end, start, anchor);
        if (tried is { } trialEnds)
        {
            // A flag without an end of the trial says that it is one as a whole.
            var stays = trialEnds < stop && own.Amount > 0;
            trials.Add((row, customer, start, Math.Min(trialEnds, stop), stays));
        }

        var known = own.CanceledAt is { } canceled ? Math.Max(start, canceled.DayNumber) : Charge.Open;
        var signed = own.CommittedFrom is { } early ? Math.Min(early.DayNumber, from) : from;
        var committedUntil = Math.Min(stop, Math.Min(known, replacedFrom?.DayNumber ?? Charge.Open));
        foreach (var (pieceFrom, pieceUntil, minor) in Pieces(own, from, stop, anchor))
        {
            _charges!.Add(new Charge(row, customer, pieceFrom, pieceUntil, minor, anchor));
            var (firstDay, lastDay) = (pieceFrom == from ? signed : pieceFrom, Math.Min(pieceUntil, committedUntil));
            if (firstDay < lastDay && minor > 0)
                _committed.Add(new Charge(row, customer, firstDay, lastDay, minor, anchor));
        }
    }

    /// <summary>The runs of days with one amount: a discount that ends makes two.</summary>
    private IEnumerable<(int From, int Until, long Minor)> Pieces(SubscriptionPeriod own, int from, int stop, DateOnly anchor)
    {
        if (from >= stop)
            yield break;

        var full = own.Amount + (choices.TaxIncluded ? own.Tax : 0);
        var discounted = choices.Discounts switch
        {
            _ when own.Discount == 0 => from,
            "ignored" => from,
            "recurring" => own.DiscountDuration == "forever" ? stop : from,
            _ => own.DiscountDuration == "once" ? own.Interval.Begins(anchor, 1).DayNumber : own.DiscountEnd?.DayNumber ?? stop,
        };
        discounted = Math.Clamp(discounted, from, stop);
        if (discounted > from)
            yield return (from, discounted, Minor(own, Math.Max(0, full - own.Discount)));
        if (discounted < stop)
            yield return (discounted, stop, Minor(own, full));
    }

    private long Minor(SubscriptionPeriod own, decimal amount) => MrrPolicy.MonthlyMinorUnits(
        amount, own.Interval, MrrPolicy.MinorDigits(own.Currency?.ToUpperInvariant() ?? reportingCurrency), choices.RoundedFactors);

    /// <summary>The first day on which it no longer counts.</summary>
    private int StopOf(SubscriptionPeriod own, int end, int start, DateOnly anchor)
    {
        var stop = end;
        var isCanceled = own.CanceledAt is not null || own.Canceled == true;
        if (isCanceled && choices.ChurnDate == "canceled" && own.CanceledAt is { } canceled)
            stop = Math.Min(stop, Math.Max(start, canceled.DayNumber));

        // A row that ends because another takes over keeps its end, or both would count.
        if (isCanceled && choices.ChurnDate == "paid_until" && (own.End is not null ? end : own.CanceledAt?.DayNumber ?? Charge.Open) is var over and not Charge.Open)
            stop = PaidUntil(own.Interval, anchor, over);
        if (choices.DelinquentDays is { } days && own.DelinquentSince is { } since)
            stop = Math.Min(stop, Math.Max(start, since.DayNumber + days));
        if (choices.RefundsChurn && own.RefundedAt is { } refunded)
            stop = Math.Min(stop, Math.Max(start, refunded.DayNumber));
        return stop;
    }

    private static int PaidUntil(BillingInterval interval, DateOnly anchor, int day)
    {
        if (day <= anchor.DayNumber || day >= EndOfTime)
            return day;

        // The longest interval has fewer days than this, so the search begins before the boundary and is a few steps long.
        var number = Math.Max(0, (day - anchor.DayNumber) / LongestDays(interval) - 1);
        while (interval.Begins(anchor, number).DayNumber < day)
            number++;
        return interval.Begins(anchor, number).DayNumber;
    }

    private static int LongestDays(BillingInterval interval) => interval.Count * interval.Unit switch
    {
        "day" => 1,
        "week" => 7,
        "month" => 31,
        "quarter" => 92,
        _ => 366,
    };

    /// <summary>
    /// One subscription has one amount at a time: of its rows with the same segment each counts up to the next one's start. Rows with
    /// another segment are parts of it, such as an add-on, and count side by side.
    /// </summary>
    /// <returns>The new ends of the rows that were cut, their start for rows that do not count at all.</returns>
    private Dictionary<SubscriptionRow, int> Overlaps()
    {
        var ends = new Dictionary<SubscriptionRow, int>(ReferenceEqualityComparer.Instance);
        foreach (var same in _rows.Where(row => row.Period.Subscription is not null).GroupBy(row => (row.Period.Customer, row.Period.Subscription)).Where(same => same.Skip(1).Any()))
        {
            SubscriptionRow[] rows =
            [
                .. same.OrderBy(row => row.Period.Start).ThenBy(row => row.Period.End ?? DateOnly.MaxValue).ThenBy(row => row.Period.Amount)
                    .ThenBy(row => row.Period.Segment.Text, StringComparer.Ordinal).ThenBy(row => row.Key, StringComparer.Ordinal),
            ];
            for (var i = 1; i < rows.Length; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    var (earlier, later) = (rows[j].Period, rows[i].Period);
                    if (earlier.End <= later.Start || later.End <= later.Start || earlier.End <= earlier.Start)
                        continue;
                    if (!earlier.Segment.Equals(later.Segment))
                    {
                        Tell("parts_of_subscription", "{0} rows run beside another row of the same subscription with another segment; they are taken as parts of it and count side by side.",
                            leftOut: false, rows[i], $"{Days(later)}, beside {Days(earlier)}");
                        continue;
                    }

                    if (ends.TryGetValue(rows[j], out var cut) && cut <= later.Start.DayNumber)
                        continue;
                    ends[rows[j]] = later.Start.DayNumber;
                    Tell("overlapping_subscription", "{0} rows overlap a later row of the same subscription; each counts up to the later one's start.",
                        leftOut: false, rows[j], $"{Days(earlier)}, and again {Days(later)}");
                }
            }
        }

        return ends;
    }

    /// <summary>The day on which the row was signed that takes over from a row of the same subscription; only where that was before it starts.</summary>
    private Dictionary<SubscriptionRow, DateOnly?> Successors()
    {
        var replaced = new Dictionary<SubscriptionRow, DateOnly?>(ReferenceEqualityComparer.Instance);
        if (!_rows.Any(row => row.Period.CommittedFrom < row.Period.Start))
            return replaced;

        var early = _rows.Where(row => row.Period.CommittedFrom < row.Period.Start && row.Period.Subscription is not null)
            .ToLookup(row => (row.Period.Customer, row.Period.Subscription, row.Period.Start));
        foreach (var row in _rows.Where(row => row.Period.End is not null && row.Period.Subscription is not null))
        {
            if (early[(row.Period.Customer, row.Period.Subscription, row.Period.End!.Value)].Min(next => next.Period.CommittedFrom) is { } signed)
                replaced[row] = signed;
        }

        return replaced;
    }

    /// <summary>A trial is over early when the customer begins to pay for something else, and converted then too.</summary>
    private void TakeTrials(List<(SubscriptionRow Row, int Customer, int From, int Until, bool Stays)> trials)
    {
        if (trials.Count == 0)
            return;

        var starts = _charges!.Where(charge => charge.Minor > 0).ToLookup(charge => charge.Customer, charge => (charge.Row, charge.From));
        foreach (var (row, customer, from, until, stays) in trials)
        {
            var paid = starts[customer].Where(start => !ReferenceEquals(start.Row, row) && from < start.From && start.From <= until).Select(start => (int?)start.From).Min();
            _trials.Add(new Trial(row, from, paid ?? until, stays || paid is not null));
        }
    }

    private void TellContradictions(SubscriptionRow row)
    {
        var own = row.Period;
        if (own.Amount == 0 && own.Trial != true)
            Tell("amount_0", "{0} subscriptions have the amount 0; they are taken as free, which is no revenue and makes nobody a customer.", leftOut: false, row, Days(own));
        if (own.Discount > own.Amount)
            Tell("discount_over_amount", "{0} subscriptions have a discount above their amount; they count with 0 while it holds.", leftOut: false, row, $"{own.Discount} of {own.Amount}");
        if (own.Canceled == true && own.End is null && own.CanceledAt is null)
            Tell("canceled_without_end", "{0} subscriptions are canceled, but say neither when nor when they end; they are taken as running.", leftOut: false, row, Days(own));
        if (own.Canceled == false && (own.End ?? own.CanceledAt) is { } gone)
            Tell("ended_not_canceled", "{0} subscriptions are not canceled, but have an end; the date is believed.", leftOut: false, row, Text(gone));
        if (own.CanceledAt > own.End)
            Tell("canceled_after_end", "{0} subscriptions were canceled after they had ended; the end is believed.", leftOut: false, row, $"{Days(own)}, canceled {Text(own.CanceledAt!.Value)}");
        if (own.TrialEnd > own.End)
            Tell("trial_after_end", "{0} trials go on after the subscription has ended; they are taken as over with it and not converted.", leftOut: false, row, $"{Days(own)}, trial until {Text(own.TrialEnd!.Value)}");
        if (own.TrialEnd < own.Start)
            Tell("trial_before_start", "{0} trials end before the subscription starts; they are taken as none.", leftOut: false, row, $"{Days(own)}, trial until {Text(own.TrialEnd!.Value)}");
    }

    private void TellIdenticalRows()
    {
        var seen = new HashSet<SubscriptionPeriod>(_rows.Count);
        foreach (var row in _rows)
        {
            if (!seen.Add(row.Period with { Subscription = null }))
                Tell("identical_rows", "{0} subscriptions are like another one in everything but their id; they count, as two of the same may be meant.", leftOut: false, row, Days(row.Period));
        }
    }

    private void Tell(string code, string sentence, bool leftOut, SubscriptionRow row, string what) =>
        warnings.Note(code, sentence, leftOut, row.Stream, row.Name, string.Create(CultureInfo.InvariantCulture, $"{row.Period.Customer}: {what}"));

    private static string Days(SubscriptionPeriod own) => $"{Text(own.Start)} to {(own.End is { } end ? Text(end) : "open")}";

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
