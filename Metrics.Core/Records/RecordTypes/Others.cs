namespace Metrics.Core.Records.RecordTypes;

/// <summary>The record types that sources deliver and no model of this version reads yet; each moves to a file of its own with its model.</summary>
internal static class Others
{
    public static readonly RecordType SurveyResponse = new("survey_response",
        new RecordField("survey", FieldKind.Text, "nps, csat, ces or a name.") { Required = true },
        new RecordField("respondent", FieldKind.Text, "Who answered."),
        new RecordField("score", FieldKind.Number, "The answer; empty when the survey was sent and not answered."),
        new RecordField("scale", FieldKind.Text, "The lowest and highest score, such as 0-10."),
        new RecordField(RecordType.TimeField, FieldKind.Moment, "When it was answered.") { Required = true },
        new RecordField("comment", FieldKind.Text, "What they wrote."));

    public static readonly RecordType Opportunity = new("opportunity",
        new RecordField("opportunity", FieldKind.Text, "The deal's id.") { Required = true },
        new RecordField("stage", FieldKind.Text, "Where it stands.") { Required = true },
        new RecordField("amount", FieldKind.Number, "Its value."),
        new RecordField("currency", FieldKind.Text, "ISO code."),
        new RecordField(RecordType.TimeField, FieldKind.Moment, "When it was created.") { Required = true },
        new RecordField("expected_close", FieldKind.Date, "When it is expected to close."),
        new RecordField("closed", FieldKind.Date, "When it was closed; empty while open."),
        new RecordField("won", FieldKind.Flag, "Whether it was won; empty while open."));

    public static readonly RecordType Ticket = new("ticket",
        new RecordField("ticket", FieldKind.Text, "The ticket's id.") { Required = true },
        new RecordField(RecordType.TimeField, FieldKind.Moment, "When it was opened.") { Required = true },
        new RecordField("first_response", FieldKind.Moment, "The first public answer of a person."),
        new RecordField("resolved", FieldKind.Moment, "When it was resolved."),
        new RecordField("priority", FieldKind.Text, "How urgent it is."));

    public static readonly RecordType LedgerEntry = new("ledger_entry",
        new RecordField("account", FieldKind.Text, "The account.") { Required = true },
        new RecordField(RecordType.TimeField, FieldKind.Moment, "The accounting period's first day.") { Required = true },
        new RecordField("amount", FieldKind.Number, "The amount.") { Required = true },
        new RecordField("scenario", FieldKind.Text, "actual, budget or forecast. Default: actual."),
        new RecordField("currency", FieldKind.Text, "ISO code."));

    public static readonly RecordType MarketSize = new("market_size",
        new RecordField(RecordType.TimeField, FieldKind.Moment, "The period's first day.") { Required = true },
        new RecordField("value", FieldKind.Number, "The market's value in the period.") { Required = true },
        new RecordField("currency", FieldKind.Text, "ISO code."),
        new RecordField("publisher", FieldKind.Text, "Who says so."));
}
