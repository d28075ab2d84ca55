using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Revenue;

/// <summary>A run of days on which a customer pays one amount per month for a subscription, after all choices of the definition.</summary>
/// <param name="Customer">The customer's number.</param>
/// <param name="From">The number of the first day.</param>
/// <param name="Until">The number of the first day that no longer belongs to it; <see cref="Open"/> while it runs.</param>
/// <param name="Minor">The amount per month in minor units of the subscription's own currency; 0 for a free subscription.</param>
/// <param name="Anchor">The day from which billing intervals are counted.</param>
internal sealed record Charge(SubscriptionRow Row, int Customer, int From, int Until, long Minor, DateOnly Anchor)
{
    public const int Open = int.MaxValue;

    public Segment Segment => Row.Period.Segment;

    public BillingInterval Interval => Row.Period.Interval;
}

/// <summary>A row of the source.</summary>
/// <param name="Name">The subscription's id, or the record's key.</param>
/// <param name="Currency">Upper case; null for the reporting currency.</param>
internal sealed record SubscriptionRow(SubscriptionPeriod Period, string Stream, string Key, string Name, string? Currency);

/// <summary>A run of days on which a customer tries a subscription.</summary>
/// <param name="Until">The first day that no longer belongs to it; <see cref="Charge.Open"/> while nobody knows its end.</param>
/// <param name="Converted">Whether the customer pays for it when it is over.</param>
internal sealed record Trial(SubscriptionRow Row, int From, int Until, bool Converted);
