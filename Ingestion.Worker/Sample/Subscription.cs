namespace Ingestion.Worker.Sample;

/// <summary>One line of the billing export: an amount that holds from <see cref="Start"/> until the day before <see cref="End"/>.</summary>
internal sealed class Subscription
{
    public required int Id { get; init; }
    public required int Customer { get; init; }
    public required Plan Plan { get; init; }
    public required string Region { get; init; }
    public required DateOnly Start { get; init; }
    public required long MonthlyCents { get; init; }
    public required bool Yearly { get; init; }

    /// <summary>The first day it no longer holds; null while it runs.</summary>
    public DateOnly? End { get; set; }

    /// <summary>The renewal at which the old price ends; null where the price stays.</summary>
    public DateOnly? PriceMove { get; set; }

    public bool RunsOn(DateOnly day) => Start <= day && !(End <= day);
}
