using Metrics.Core.Periods;

namespace Metrics.Core.Alerts;

/// <summary>How much a firing alert matters.</summary>
public enum Severity
{
    Info,
    Warning,
    Critical,
}

/// <summary>Says when somebody is told about a metric: a condition on its complete periods, and who is told.</summary>
public sealed record AlertRule
{
    /// <summary>A lower-case name, unique in the workspace.</summary>
    public required string Id { get; init; }

    /// <summary>The metric's id.</summary>
    public required string Metric { get; init; }

    public required Grain Grain { get; init; }

    public required Condition When { get; init; }

    /// <summary>What a firing alert's figure must reach to be resolved; null: that <see cref="When"/> no longer holds is enough.</summary>
    public Condition? Recover { get; init; }

    /// <summary>How many judged periods in a row the condition must hold before the alert fires; at least 1.</summary>
    public int For { get; init; } = 1;

    /// <summary>One alert for each combination of values of these dimensions; empty: one for the total.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>Only these values of some dimensions.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filter { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public Severity Severity { get; init; } = Severity.Warning;

    /// <summary>Mail addresses, and the word <see cref="Recipients.Owner"/> for whoever owns the metric.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>How long after a period's end its data may still come before the alert is shown as stale. The default is a day.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(1);

    /// <summary>A short text that changes when the rule does; the evaluation log keeps it.</summary>
    public string Version { get; init; } = "";

    /// <summary>Where it is defined, for messages.</summary>
    public string File { get; init; } = "";

    public int Line { get; init; } = 1;
}
