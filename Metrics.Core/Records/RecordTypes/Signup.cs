using Metrics.Core.Series;

namespace Metrics.Core.Records.RecordTypes;

/// <summary>An account that was created.</summary>
public sealed record Signup(string User, RecordMoment At, Segment Segment)
{
    public static RecordType Type { get; } = new("signup",
        new RecordField("user", FieldKind.Text, "The new account or user.") { Required = true },
        new RecordField(RecordType.TimeField, FieldKind.Moment, "When it was created.") { Required = true });

    public static Signup From(RecordBody body) => new(body.Text("user")!, body.Moment(RecordType.TimeField)!.Value, body.Segment());
}
