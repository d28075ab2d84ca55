using Metrics.Core.Periods;

namespace Metrics.Core.Models;

/// <summary>How a model's definition was chosen from some day on. Versions are kept, so that older figures keep their older meaning.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Since">The first local day that is computed by it; null from the beginning.</param>
/// <param name="Choices">The value of every switch that the model had when the version began.</param>
public sealed record DefinitionVersion(string Model, int Number, DateOnly? Since, IReadOnlyDictionary<string, string> Choices)
{
    /// <summary>What people and charts call it.</summary>
    public string Label => $"definition v{Number}";

    /// <summary>Whether it says the same as some choices, where a switch that is missing in either has its default.</summary>
    public bool Says(IReadOnlyList<Choice> switches, IReadOnlyDictionary<string, string> choices) =>
        switches.All(one => one.In(Choices) == one.In(choices));

    /// <summary>The first version that a model without a past has.</summary>
    public static DefinitionVersion First(string model, IReadOnlyDictionary<string, string> choices) => new(model, 1, null, choices);
}

/// <summary>The days that are computed by one version: those from its beginning on that no later version took over.</summary>
/// <param name="From">The first day.</param>
/// <param name="Until">The first day that is no longer computed by it.</param>
public sealed record VersionDays(DefinitionVersion Version, DateOnly From, DateOnly Until)
{
    public bool Contains(DateOnly day) => From <= day && day < Until;

    /// <summary>The part of a period that is computed by the version; null where none is.</summary>
    public Period? Within(Period period)
    {
        var start = period.Start > From ? period.Start : From;
        var end = period.End < Until ? period.End : Until;
        return start < end ? new Period(start, end) : null;
    }

    /// <summary>The days of some versions, oldest first; a version of which later ones left no day is not among them.</summary>
    public static IReadOnlyList<VersionDays> Of(IReadOnlyList<DefinitionVersion> versions)
    {
        var days = new List<VersionDays>();
        var until = DateOnly.MaxValue;
        foreach (var version in versions.OrderByDescending(version => version.Number))
        {
            var from = version.Since ?? DateOnly.MinValue;
            if (from >= until)
                continue;

            days.Add(new VersionDays(version, from, until));
            until = from;
        }

        days.Reverse();
        return days;
    }
}

/// <summary>Keeps the versions of the models' definitions.</summary>
public interface IDefinitionStore
{
    /// <summary>All versions of a model, by number; empty before its first run.</summary>
    Task<IReadOnlyList<DefinitionVersion>> VersionsAsync(string model, CancellationToken cancellationToken);

    /// <summary>Keeps a version. One with the number of a version that is there moves its beginning; its choices stay what they were.</summary>
    Task KeepAsync(DefinitionVersion version, DateTimeOffset at, CancellationToken cancellationToken);
}
