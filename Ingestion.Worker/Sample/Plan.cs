namespace Ingestion.Worker.Sample;

internal enum Plan
{
    Starter,
    Team,
    Business,
    Enterprise,
}

/// <summary>What a plan costs a month, and the chance, per month, of what may become of a subscription to it.</summary>
internal sealed record PlanTerms(
    long Cents, long NewCents, double Leaves, double Upgrades, double Downgrades, double Grows, double Shrinks, double Doubles)
{
    private static readonly PlanTerms[] All =
    [
        new(16_900, 16_900, Leaves: 0.0330, Upgrades: 0.0110, Downgrades: 0, Grows: 0.024, Shrinks: 0.005, Doubles: 0),
        new(59_000, 65_000, Leaves: 0.0215, Upgrades: 0.0070, Downgrades: 0.0030, Grows: 0.033, Shrinks: 0.008, Doubles: 0.0012),
        new(159_000, 178_000, Leaves: 0.0115, Upgrades: 0.0025, Downgrades: 0.0030, Grows: 0.037, Shrinks: 0.009, Doubles: 0.0018),
        new(498_000, 498_000, Leaves: 0.0060, Upgrades: 0, Downgrades: 0.0015, Grows: 0.040, Shrinks: 0.010, Doubles: 0.0020),
    ];

    public static PlanTerms Of(Plan plan) => All[(int)plan];
}

internal static class Regions
{
    public static readonly (string Choice, double Weight)[] Weighted =
        [("DACH", 0.31), ("UK", 0.20), ("Nordics", 0.14), ("US", 0.25), ("APAC", 0.10)];
}
