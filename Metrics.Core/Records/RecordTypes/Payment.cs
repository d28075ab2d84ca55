using Metrics.Core.Series;

namespace Metrics.Core.Records.RecordTypes;

/// <summary>What became of a payment.</summary>
public enum PaymentOutcome
{
    Succeeded,
    Failed,
    Refunded,

    /// <summary>Its status is none that is known: nothing can be said of it.</summary>
    Unknown,
}

/// <summary>One attempt to take a customer's money, or to give it back.</summary>
/// <param name="Amount">The size of it in major units of <paramref name="Currency"/>, never negative.</param>
/// <param name="Currency">ISO 4217 code, or null for the reporting currency.</param>
public sealed record Payment(string Customer, RecordMoment At, decimal Amount, string? Currency, PaymentOutcome Outcome, Segment Segment)
{
    public static RecordType Type { get; } = new("payment",
        new RecordField("payment", FieldKind.Text, "The payment's id.") { Required = true },
        new RecordField("customer", FieldKind.Text, "Who paid.") { Required = true },
        new RecordField(RecordType.TimeField, FieldKind.Moment, "When it was made.") { Required = true },
        new RecordField("amount", FieldKind.Number, "The amount; refunds are negative.") { Required = true },
        new RecordField("currency", FieldKind.Text, "ISO code."),
        new RecordField("status", FieldKind.Text, "succeeded (also paid, or empty), failed (also declined), refunded. Others, such as pending, count nowhere."));

    public static Payment From(RecordBody body)
    {
        var amount = body.Number("amount")!.Value;
        var outcome = body.Text("status")?.Trim().ToLowerInvariant() switch
        {
            "failed" or "declined" => PaymentOutcome.Failed,
            "refunded" => PaymentOutcome.Refunded,
            null or "succeeded" or "paid" => amount < 0 ? PaymentOutcome.Refunded : PaymentOutcome.Succeeded,
            _ => PaymentOutcome.Unknown,
        };
        return new Payment(
            body.Text("customer")!, body.Moment(RecordType.TimeField)!.Value, Math.Abs(amount), body.Text("currency"), outcome, body.Segment());
    }
}
