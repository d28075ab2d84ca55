namespace Metrics.Core.Records.RecordTypes;

/// <summary>What a currency is worth from a day on, until its next rate.</summary>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Rate">Major units of the reporting currency for one of <paramref name="Currency"/>; above 0.</param>
public sealed record ExchangeRate(string Currency, RecordMoment At, decimal Rate)
{
    public static RecordType Type { get; } = new("exchange_rate",
        new RecordField("currency", FieldKind.Text, "The currency that is converted, an ISO code.") { Required = true },
        new RecordField(RecordType.TimeField, FieldKind.Moment, "The first day on which the rate holds; it holds until the next one.") { Required = true },
        new RecordField("rate", FieldKind.Number, "Units of the reporting currency for one unit of the currency.") { Required = true },
        new RecordField("source", FieldKind.Text, "Who says so."))
    {
        FaultOf = row => row.Number("rate") is <= 0 and var rate ? $"has the rate {rate}; a rate is above 0" : null,
    };

    public static ExchangeRate From(RecordBody body) =>
        new(body.Text("currency")!, body.Moment(RecordType.TimeField)!.Value, body.Number("rate")!.Value);
}
