using Metrics.Core.Series;

namespace Metrics.Core.Records.RecordTypes;

/// <summary>An amount on an account of the books in an accounting period.</summary>
/// <param name="Scenario">actual, budget, forecast or a name of the workspace's own.</param>
/// <param name="Currency">ISO 4217 code, or null for the reporting currency.</param>
public sealed record LedgerEntry(string Account, RecordMoment At, decimal Amount, string Scenario, string? Currency, Segment Segment)
{
    /// <summary>The scenario of entries that name none.</summary>
    public const string Actual = "actual";

    public static RecordType Type { get; } = new("ledger_entry",
        new RecordField("account", FieldKind.Text, "The account.") { Required = true },
        new RecordField(RecordType.TimeField, FieldKind.Moment, "The accounting period's first day.") { Required = true },
        new RecordField("amount", FieldKind.Number, "The amount.") { Required = true },
        new RecordField("scenario", FieldKind.Text, "actual, budget or forecast. Default: actual."),
        new RecordField("currency", FieldKind.Text, "ISO code."));

    public static LedgerEntry From(RecordBody body) => new(
        body.Text("account")!, body.Moment(RecordType.TimeField)!.Value, body.Number("amount")!.Value, body.Text("scenario") ?? Actual,
        body.Text("currency"), body.Segment());
}
