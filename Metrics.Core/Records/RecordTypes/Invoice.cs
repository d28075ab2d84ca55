namespace Metrics.Core.Records.RecordTypes;

/// <summary>What a customer was charged.</summary>
internal static class Invoice
{
    public static RecordType Type { get; } = new("invoice",
        new RecordField("invoice", FieldKind.Text, "The invoice's id.") { Required = true },
        new RecordField("customer", FieldKind.Text, "Who is charged.") { Required = true },
        new RecordField(RecordType.TimeField, FieldKind.Moment, "When it was issued.") { Required = true },
        new RecordField("amount", FieldKind.Number, "The total without tax.") { Required = true },
        new RecordField("tax", FieldKind.Number, "The tax."),
        new RecordField("currency", FieldKind.Text, "ISO code."),
        new RecordField("status", FieldKind.Text, "paid, open, void …"));
}
