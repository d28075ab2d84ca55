using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Records;

/// <summary>What a field of a record holds.</summary>
public enum FieldKind
{
    Text,

    /// <summary>An exact decimal number.</summary>
    Number,

    /// <summary>A local calendar date.</summary>
    Date,

    /// <summary>A moment, or a whole local day where the source only gives the date.</summary>
    Moment,

    Flag,
}

/// <summary>One field of a canonical record type.</summary>
public sealed record RecordField(string Name, FieldKind Kind, string Description)
{
    public bool Required { get; init; }
}

/// <summary>A canonical kind of record: its fields, and the rules that one row alone can break.</summary>
public sealed class RecordType
{
    /// <summary>The field that <c>time:</c> of a stream fills: when the thing happened.</summary>
    public const string TimeField = "at";

    private static readonly FrozenDictionary<string, RecordType> ByName = new[]
    {
        SubscriptionPeriod.Type, Activity.Type, Signup.Type, MetricValue.Type, Invoice.Type, Payment.Type, ExchangeRate.Type,
        SurveyResponse.Type, Opportunity.Type, Ticket.Type, LedgerEntry.Type, MarketSize.Type,
    }.ToFrozenDictionary(type => type.Name);

    public RecordType(string name, params IReadOnlyList<RecordField> fields) => (Name, Fields) = (name, fields);

    public string Name { get; }

    public IReadOnlyList<RecordField> Fields { get; }

    /// <summary>What is wrong with a mapped row as a whole, or null; single fields have been checked before.</summary>
    public Func<MappedRow, string?> FaultOf { get; init; } = _ => null;

    /// <summary>Every record type, by name.</summary>
    public static IReadOnlyList<RecordType> All { get; } = [.. ByName.Values.OrderBy(type => type.Name, StringComparer.Ordinal)];

    public static bool TryGet(string name, [NotNullWhen(true)] out RecordType? type) => ByName.TryGetValue(name, out type);

    public RecordField? Find(string field) => Fields.FirstOrDefault(candidate => candidate.Name == field);

    public override string ToString() => Name;
}
