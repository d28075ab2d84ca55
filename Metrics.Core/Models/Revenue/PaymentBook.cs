using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Revenue;

/// <summary>Payments that failed or were given back, and which failures were never made good.</summary>
internal sealed class PaymentBook(ReportingCalendar calendar, WarningLog warnings)
{
    private readonly List<BookedPayment> _payments = [];
    private Dictionary<string, BookedPayment[]>? _byCustomer;

    public IReadOnlyList<BookedPayment> Payments => _payments;

    public void Add(StoredRecord record)
    {
        var payment = Payment.From(record.Body);
        if (payment.Outcome == PaymentOutcome.Unknown)
        {
            warnings.Note("payment_status", "{0} payments have a status that says neither that they were made nor that they failed; they count nowhere.",
                leftOut: false, record, record.Body.Text("status") ?? "");
            return;
        }

        _payments.Add(new BookedPayment(payment, payment.At.Day(calendar.DayOf).DayNumber, record));
    }

    /// <summary>The amount in minor units of the reporting currency at the rate of its day; null, with a warning, where none is known.</summary>
    public long? Minor(BookedPayment payment, RateTable rates, string reportingCurrency)
    {
        var unit = MrrPolicy.PowerOfTen(MrrPolicy.MinorDigits(reportingCurrency));
        var currency = payment.Payment.Currency?.ToUpperInvariant() ?? reportingCurrency;
        if (currency == reportingCurrency)
            return (long)decimal.Round(payment.Payment.Amount * unit, 0, MidpointRounding.AwayFromZero);
        if (RateTable.At(rates.Of(currency), payment.Day) is { } rate)
            return (long)decimal.Round(payment.Payment.Amount * rate * unit, 0, MidpointRounding.AwayFromZero);

        warnings.Note("payment_without_rate", "{0} payments are in a currency without an exchange rate on their day; their amounts are left out.",
            leftOut: true, payment.Record, currency);
        return null;
    }

    /// <summary>How many days ago, seen from a day, the customer's last payment failed that no later one made good; null where there is none.</summary>
    public int? DaysSinceFailure(string customer, int day)
    {
        _byCustomer ??= _payments.Where(payment => payment.Payment.Outcome != PaymentOutcome.Refunded).GroupBy(payment => payment.Payment.Customer)
            .ToDictionary(own => own.Key, own => own
                .OrderBy(payment => payment.Day).ThenBy(payment => payment.Payment.At.Instant ?? DateTimeOffset.MinValue)
                .ThenBy(payment => payment.Payment.Outcome == PaymentOutcome.Succeeded).ToArray(), StringComparer.Ordinal);
        if (!_byCustomer.TryGetValue(customer, out var payments))
            return null;

        int? failed = null;
        foreach (var payment in payments.TakeWhile(payment => payment.Day <= day))
            failed = payment.Payment.Outcome == PaymentOutcome.Failed ? payment.Day : null;
        return day - failed;
    }
}

/// <summary>A payment with its local day and the record that it is.</summary>
internal sealed record BookedPayment(Payment Payment, int Day, StoredRecord Record);
