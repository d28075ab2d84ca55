using System.ComponentModel.DataAnnotations;

namespace Dashboard.Web.Endpoints;

/// <summary>How much may be pushed at once.</summary>
public sealed class PushOptions
{
    public const string Section = "Push";

    /// <summary>The most bytes of one push, inflated. The default is 25,000,000, some 250,000 lines.</summary>
    [Range(1_000, 1_000_000_000)]
    public int MaxBytes { get; init; } = 25_000_000;

    /// <summary>How many pushes are worked on at the same time; each may hold its bytes in memory. The default is 4.</summary>
    [Range(1, 1_000)]
    public int AtOnce { get; init; } = 4;

    /// <summary>How many more may wait for their turn before the next is told to come later. The default is 32.</summary>
    [Range(0, 10_000)]
    public int Waiting { get; init; } = 32;
}
