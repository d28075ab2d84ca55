using Metrics.Core.Series;

namespace Metrics.Core.Records.RecordTypes;

/// <summary>What somebody says that a market, or a rival in it, was worth in a period.</summary>
/// <param name="At">The first day of the period.</param>
/// <param name="Currency">ISO 4217 code, or null for the reporting currency.</param>
/// <param name="Company">The rival whose sales it is; null for the market as a whole.</param>
/// <param name="Published">The day on which it was published; null where the source does not say.</param>
/// <param name="Note">What the publisher says about it, such as why it was revised.</param>
public sealed record MarketSize(
    RecordMoment At, decimal Value, string? Currency, string? Publisher, string? Company, DateOnly? Published, string? Note, Segment Segment)
{
    public static RecordType Type { get; } = new("market_size",
        new RecordField(RecordType.TimeField, FieldKind.Moment, "The period's first day.") { Required = true },
        new RecordField("value", FieldKind.Number, "The market's value in the period.") { Required = true },
        new RecordField("currency", FieldKind.Text, "ISO code."),
        new RecordField("publisher", FieldKind.Text, "Who says so."),
        new RecordField("company", FieldKind.Text, "The rival whose sales it is; empty for the market as a whole."),
        new RecordField("published", FieldKind.Date, "When it was published; of several for a period the newest counts."),
        new RecordField("note", FieldKind.Text, "What the publisher says about it, such as why it was revised."));

    public static MarketSize From(RecordBody body) => new(
        body.Moment(RecordType.TimeField)!.Value, body.Number("value")!.Value, body.Text("currency"), body.Text("publisher"), body.Text("company"),
        body.Date("published"), body.Text("note"), body.Segment("company"));
}
