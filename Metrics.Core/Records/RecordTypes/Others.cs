namespace Metrics.Core.Records.RecordTypes;

/// <summary>The record types that sources deliver and no model of this version reads yet; each moves to a file of its own with its model.</summary>
internal static class Others
{
    public static readonly RecordType Invoice = new("invoice",
        new RecordField("invoice", FieldKind.Text, "The invoice's id.") { Required = true },
        new RecordField("customer", FieldKind.Text, "Who is charged.") { Required = true },
        new RecordField(RecordType.TimeField, FieldKind.Moment, "When it was issued.") { Required = true },
        new RecordField("amount", FieldKind.Number, "The total without tax.") { Required = true },
        new RecordField("tax", FieldKind.Number, "The tax."),
        new RecordField("currency", FieldKind.Text, "ISO code."),
        new RecordField("status", FieldKind.Text, "paid, open, void …"));

    public static readonly RecordType Payment = new("payment",
        new RecordField("payment", FieldKind.Text, "The payment's id.") { Required = true },
        new RecordField("customer", FieldKind.Text, "Who paid.") { Required = true },
        new RecordField(RecordType.TimeField, FieldKind.Moment, "When it was made.") { Required = true },
        new RecordField("amount", FieldKind.Number, "The amount; refunds are negative.") { Required = true },
        new RecordField("currency", FieldKind.Text, "ISO code."),
        new RecordField("status", FieldKind.Text, "succeeded, failed …"));
}
