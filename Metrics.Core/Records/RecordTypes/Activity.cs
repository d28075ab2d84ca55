using Metrics.Core.Series;

namespace Metrics.Core.Records.RecordTypes;

/// <summary>Something a user did.</summary>
public sealed record Activity(string User, RecordMoment At, string Event, decimal? Amount, Segment Segment)
{
    public static RecordType Type { get; } = new("activity",
        new RecordField("user", FieldKind.Text, "Who did it.") { Required = true },
        new RecordField(RecordType.TimeField, FieldKind.Moment, "When it happened.") { Required = true },
        new RecordField("event", FieldKind.Text, "What was done.") { Required = true },
        new RecordField("amount", FieldKind.Number, "An amount that belongs to it, such as an order's value."));

    public static Activity From(RecordBody body) =>
        new(body.Text("user")!, body.Moment(RecordType.TimeField)!.Value, body.Text("event")!, body.Number("amount"), body.Segment());
}
