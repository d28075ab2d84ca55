using System.Globalization;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Revenue;

/// <summary>The records that recurring revenue is computed from, for the model and for its workings alike.</summary>
internal sealed class RevenueRecords
{
    private readonly ReportingCalendar _calendar;
    private readonly string _currency;
    private readonly RateTable _rates;
    private readonly SubscriptionCurrency _currencies;
    private ValuedBook? _valued;
    private string[]? _customers;

    public RevenueRecords(ReportingCalendar calendar, IReadOnlyDictionary<string, string> choices)
    {
        (_calendar, _currency) = (calendar, calendar.Settings.Currency);
        Choices = new RevenueChoices(choices);
        _rates = new RateTable(calendar);
        _currencies = new SubscriptionCurrency(_currency);
        Book = new SubscriptionBook(Choices, _currency, Warnings);
        Payments = new PaymentBook(calendar, Warnings);
    }

    public RevenueChoices Choices { get; }

    public WarningLog Warnings { get; } = new();

    public SubscriptionBook Book { get; }

    public PaymentBook Payments { get; }

    /// <summary>The number of the first day of any subscription or payment.</summary>
    public int FirstDay { get; private set; } = int.MaxValue;

    /// <summary>The number of the first day that has points.</summary>
    public int Start { get; private set; }

    public bool ConvertsCurrencies => _rates.Any;

    public void Add(StoredRecord record)
    {
        // Rates and payments are told by what only they have: a stream's type is not with its records.
        if (record.Body.Has("rate"))
        {
            _rates.Add(record, Warnings);
        }
        else if (record.Body.Has("payment"))
        {
            Payments.Add(record);
            FirstDay = Math.Min(FirstDay, Payments.Payments is [.., var newest] ? newest.Day : FirstDay);
        }
        else
        {
            Book.Add(record);
            _currencies.Note(Book.Rows[^1].Period.Currency);
            FirstDay = Math.Min(FirstDay, Book.Rows[^1].Period.Start.DayNumber);
        }
    }

    /// <exception cref="ModelException">There is another currency than the reporting one, and no rate to convert it.</exception>
    public void CheckCurrencies()
    {
        if (!_rates.Any)
            _currencies.Check();
    }

    /// <summary>The days that are known; null where there is nothing to compute.</summary>
    /// <param name="ofPayments">Whether payments alone are asked for.</param>
    public Period? Known(DateOnly completeThrough, bool ofPayments)
    {
        var through = completeThrough.DayNumber;
        var hasSubscriptions = Book.Charges.Any(charge => charge.Minor > 0 && charge.From < through) || Book.Trials.Any(trial => trial.From < through);
        if ((!hasSubscriptions && !(ofPayments && Payments.Payments.Count > 0)) || FirstDay >= through)
            return null;

        // Where rates begin later than the data, nothing before them is known.
        var start = ofPayments ? FirstDay : Value(completeThrough).Paid.Gaps.FirstAfter(FirstDay);
        Start = start >= through ? FirstDay : start;
        return new Period(DateOnly.FromDayNumber(Start), completeThrough);
    }

    /// <summary>The charges with their worth.</summary>
    public ValuedBook Value(DateOnly completeThrough) => _valued ??= new ValuedBook(
        Book, _rates.Any, mode => new Valuation(_rates, mode ?? Choices.Fx, Choices.FxDate, _currency, FirstDay, completeThrough.DayNumber));

    /// <summary>The payments that a measure counts, with what each adds: 1, or its amount in minor units.</summary>
    public IEnumerable<(BookedPayment Payment, long Amount)> PaymentsOf(string measure, DateOnly completeThrough)
    {
        var outcome = measure.StartsWith("failed", StringComparison.Ordinal) ? PaymentOutcome.Failed : PaymentOutcome.Refunded;
        foreach (var payment in Payments.Payments.Where(payment => payment.Payment.Outcome == outcome && payment.Day < completeThrough.DayNumber))
        {
            if (RevenueMeasures.Counts(measure))
                yield return (payment, 1);
            else if (Payments.Minor(payment, _rates, _currency) is { } minor)
                yield return (payment, minor);
        }
    }

    /// <summary>Whether a customer's last payment before a churn failed, at most some days earlier, and none made it good.</summary>
    public bool IsInvoluntary(int customer, int day, int within) =>
        Payments.DaysSinceFailure((_customers ??= [.. Book.Customers])[customer], day) <= within;

    /// <summary>Warns of subscriptions whose exchange rate is not known on some days.</summary>
    public void TellGaps(DateOnly completeThrough)
    {
        if (_valued is null)
            return;

        foreach (var (charge, until) in _valued.Paid.Gaps.Charges)
        {
            Warnings.Note("no_rate",
                "{0} subscriptions are in a currency without an exchange rate on some of their days; they are left out there, and there is no total on those days.",
                leftOut: true, charge.Row.Stream, charge.Row.Name, string.Create(CultureInfo.InvariantCulture,
                    $"{charge.Row.Period.Customer}: {charge.Row.Currency} from {DateOnly.FromDayNumber(charge.From):yyyy-MM-dd} to {DateOnly.FromDayNumber(Math.Min(until, completeThrough.DayNumber)):yyyy-MM-dd}"));
        }
    }
}

/// <summary>The charges of a book with their worth, by the rates of the definition and in constant currency.</summary>
internal sealed class ValuedBook
{
    private readonly SubscriptionBook _book;
    private readonly Dictionary<Segment, int> _segments = [];
    private readonly int[] _paidSegments;
    private readonly int[] _committedSegments;
    private readonly int[] _trialSegments;

    /// <param name="valuation">Values by a mode; null for the one of the definition.</param>
    public ValuedBook(SubscriptionBook book, bool converts, Func<FxMode?, Valuation> valuation)
    {
        _book = book;
        var own = valuation(null);
        Paid = own.Of(book.Charges);
        Committed = own.Of(book.Committed);
        Constant = converts ? valuation(FxMode.Fixed).Of(book.Charges) : null;
        _paidSegments = [.. book.Charges.Select(charge => NumberOf(charge.Segment))];
        _committedSegments = [.. book.Committed.Select(charge => NumberOf(charge.Segment))];
        _trialSegments = [.. book.Trials.Select(trial => NumberOf(trial.Row.Period.Segment))];
    }

    public (ValuedCharge[] Charges, DayGaps Gaps) Paid { get; }

    public (ValuedCharge[] Charges, DayGaps Gaps) Committed { get; }

    /// <summary>The same at fixed rates; null where there are no rates, and nothing differs.</summary>
    public (ValuedCharge[] Charges, DayGaps Gaps)? Constant { get; }

    /// <summary>What belongs to each segment of a cut.</summary>
    public IEnumerable<SegmentPart> PartsOf(IReadOnlyList<string> cut, int through)
    {
        var parts = new Dictionary<Segment, SegmentPart>();
        var partOf = new SegmentPart[_segments.Count];
        foreach (var (segment, number) in _segments)
        {
            var on = segment.On(cut);
            if (!parts.TryGetValue(on, out var part))
                parts[on] = part = new SegmentPart(on);
            partOf[number] = part;
        }

        for (var i = 0; i < _paidSegments.Length; i++)
        {
            if (Paid.Charges[i].Charge.From < through)
                partOf[_paidSegments[i]].Add(i, Paid.Charges[i], through);
        }

        for (var i = 0; i < _committedSegments.Length; i++)
        {
            if (Committed.Charges[i] is { IsEmpty: false } charge && charge.From < through)
                partOf[_committedSegments[i]].Committed.Add(i);
        }

        for (var i = 0; i < _trialSegments.Length; i++)
        {
            if (_book.Trials[i].From < through)
                partOf[_trialSegments[i]].Trials.Add(_book.Trials[i]);
        }

        return parts.Values;
    }

    private int NumberOf(Segment segment)
    {
        if (!_segments.TryGetValue(segment, out var number))
            _segments[segment] = number = _segments.Count;
        return number;
    }
}

/// <summary>What belongs to one segment: the places of its charges, and its trials.</summary>
internal sealed class SegmentPart(Segment segment)
{
    private readonly List<(int Customer, int Place)> _charges = [];
    private bool _sorted;

    public Segment Segment { get; } = segment;

    public List<int> Committed { get; } = [];

    public List<Trial> Trials { get; } = [];

    /// <summary>Whether anything in it is paid for on a day with a known rate.</summary>
    public bool HasPaid { get; private set; }

    public void Add(int place, ValuedCharge charge, int through)
    {
        _charges.Add((charge.Customer, place));
        HasPaid |= charge is { IsPaid: true, IsEmpty: false } && charge.From < through;
    }

    /// <summary>The charges of one customer after the other, from the list that the places are of. The memory is used again for the next one.</summary>
    public IEnumerable<ReadOnlyMemory<ValuedCharge>> Customers(ValuedCharge[] all)
    {
        if (!_sorted)
            _charges.Sort();
        _sorted = true;
        var own = new ValuedCharge[16];
        for (var i = 0; i < _charges.Count;)
        {
            var (customer, count) = (_charges[i].Customer, 0);
            for (; i < _charges.Count && _charges[i].Customer == customer; i++)
            {
                if (count == own.Length)
                    Array.Resize(ref own, 2 * count);
                own[count++] = all[_charges[i].Place];
            }

            yield return own.AsMemory(0, count);
        }
    }
}
