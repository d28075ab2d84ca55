using Metrics.Core.Series;

namespace Metrics.Core.Records.RecordTypes;

/// <summary>Something that a customer asked for help with.</summary>
/// <param name="FirstResponse">The first public answer of a person; null while there is none.</param>
/// <param name="Resolved">When it was resolved; null while it is open.</param>
/// <param name="Segment">Its dimensions, among them its priority.</param>
public sealed record Ticket(string Id, RecordMoment At, RecordMoment? FirstResponse, RecordMoment? Resolved, Segment Segment)
{
    public static RecordType Type { get; } = new("ticket",
        new RecordField("ticket", FieldKind.Text, "The ticket's id.") { Required = true },
        new RecordField(RecordType.TimeField, FieldKind.Moment, "When it was opened.") { Required = true },
        new RecordField("first_response", FieldKind.Moment, "The first public answer of a person."),
        new RecordField("resolved", FieldKind.Moment, "When it was resolved."),
        new RecordField("priority", FieldKind.Text, "How urgent it is."));

    public static Ticket From(RecordBody body) => new(
        body.Text("ticket")!, body.Moment(RecordType.TimeField)!.Value, body.Moment("first_response"), body.Moment("resolved"), body.Segment("priority"));
}
