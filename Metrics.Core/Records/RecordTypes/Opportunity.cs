using Metrics.Core.Series;

namespace Metrics.Core.Records.RecordTypes;

/// <summary>A deal that sales work on.</summary>
/// <param name="Amount">Its value in major units of <paramref name="Currency"/>; null while nobody knows it.</param>
/// <param name="Currency">ISO 4217 code, or null for the reporting currency.</param>
/// <param name="Closed">The day on which it was won or lost; null while it is open.</param>
public sealed record Opportunity(
    string Id, string Stage, decimal? Amount, string? Currency, RecordMoment At, DateOnly? ExpectedClose, DateOnly? Closed, bool? Won, Segment Segment)
{
    public static RecordType Type { get; } = new("opportunity",
        new RecordField("opportunity", FieldKind.Text, "The deal's id.") { Required = true },
        new RecordField("stage", FieldKind.Text, "Where it stands.") { Required = true },
        new RecordField("amount", FieldKind.Number, "Its value."),
        new RecordField("currency", FieldKind.Text, "ISO code."),
        new RecordField(RecordType.TimeField, FieldKind.Moment, "When it was created.") { Required = true },
        new RecordField("expected_close", FieldKind.Date, "When it is expected to close."),
        new RecordField("closed", FieldKind.Date, "When it was closed; empty while open."),
        new RecordField("won", FieldKind.Flag, "Whether it was won; empty while open."));

    public static Opportunity From(RecordBody body) => new(
        body.Text("opportunity")!, body.Text("stage")!, body.Number("amount"), body.Text("currency"), body.Moment(RecordType.TimeField)!.Value,
        body.Date("expected_close"), body.Date("closed"), body.Flag("won"), body.Segment());
}
