using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Records;

namespace Metrics.Core.Models;

/// <summary>
/// The working of a value by the version of the definition that computed its points. Over a change of definition days are added up
/// from both versions, and then so are their lines.
/// </summary>
public sealed class VersionedWorking : IWorkingRun
{
    private readonly WorkingQuestion _question;
    private readonly IReadOnlyList<IWorkingRun> _runs;

    private VersionedWorking(WorkingQuestion question, IReadOnlyList<IWorkingRun> runs) => (_question, _runs) = (question, runs);

    /// <param name="versions">Not empty.</param>
    public static IWorkingRun Start(IModelWorking model, WorkingQuestion question, IReadOnlyList<DefinitionVersion> versions)
    {
        WorkingQuestion[] parts = [.. Asked(question, VersionDays.Of(versions)).Select(one => question with { Choices = one.Version.Choices, Computed = one })];
        return parts is [var only] ? model.Explain(only) : new VersionedWorking(question, [.. parts.Select(model.Explain)]);
    }

    public void Add(StoredRecord record)
    {
        foreach (var run in _runs)
            run.Add(record);
    }

    public ModelWorking Finish()
    {
        var parts = _runs.Select(run => run.Finish()).ToArray();
        var filled = parts.Where(part => part.Count > 0).ToArray();
        if (filled.Length < 2)
            return filled.Length == 0 ? parts[^1] : filled[0];

        WorkingLine[] lines = [.. filled.SelectMany(part => part.Lines).OrderByDescending(line => Math.Abs(line.Amount)).Take(_question.Most)];
        var count = filled.Sum(part => part.Count);
        decimal? total = filled[0].AddsUp switch
        {
            AddsUp.Mean => filled.Sum(part => part.Total!.Value * part.Count) / count,
            AddsUp.Lowest => filled.Min(part => part.Total),
            AddsUp.Highest => filled.Max(part => part.Total),
            _ => filled.Sum(part => part.Total),
        };
        var adds = filled[0].AddsUp is AddsUp.Sum or AddsUp.Count;
        return filled[^1] with
        {
            Sentence = filled[^1].Sentence + " The definition changed in this period; each day is computed by its own.",
            Lines = lines,
            Count = count,
            Total = total,
            Unlisted = adds ? total!.Value - lines.Sum(line => line.Amount) : 0,
        };
    }

    private static IReadOnlyList<VersionDays> Asked(WorkingQuestion question, IReadOnlyList<VersionDays> versions)
    {
        var days = question.Days ?? question.Period;
        DateOnly? one = question.Metric switch
        {
            { RollsUp: false } => question.Period.Start,
            { OverTime: OverTime.First } => days.Start,
            { OverTime: OverTime.Last, NativeGrain: Grain.Day } => days.LastDay,
            { OverTime: OverTime.Last } => question.StoredPeriods is [.., var last] ? last.Start : days.LastDay,
            _ => null,
        };
        VersionDays[] asked = [.. versions.Where(version => one is { } day ? version.Contains(day) : version.Within(question.Period) is not null)];
        return asked.Length > 0 ? asked : [versions[^1]];
    }
}
