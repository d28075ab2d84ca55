namespace Metrics.Core.Connectors;

/// <summary>Knows how the schedule of a source is written.</summary>
public interface IScheduleSyntax
{
    /// <summary>What is wrong with a schedule, in words; null where it can be followed.</summary>
    string? FaultOf(string schedule);
}
