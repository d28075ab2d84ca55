using System.Globalization;
using Metrics.Core.Models;

namespace Metrics.Core.Definitions;

/// <summary>
/// Holds the versions of each model's definition against what the workspace says now: a change of policy begins a new version, and
/// the days before it stay computed by the older one.
/// </summary>
public sealed class DefinitionVersions(IDefinitionStore store)
{
    /// <summary>The versions of a model, by number, never empty. One that never ran has the one that it would begin with.</summary>
    public async Task<IReadOnlyList<DefinitionVersion>> ReadAsync(CompanyDefinition company, IModel model, CancellationToken cancellationToken)
    {
        if (model.Switches.Count == 0)
            return [DefinitionVersion.First(model.Name, new Dictionary<string, string>())];

        var known = await store.VersionsAsync(model.Name, cancellationToken);
        return known.Count > 0 ? known : Beginning(company, model);
    }

    /// <summary>The same, after what the workspace says now has become the newest version.</summary>
    /// <param name="at">The moment at which a change is first seen.</param>
    public async Task<IReadOnlyList<DefinitionVersion>> BringUpToDateAsync(
        CompanyDefinition company, IModel model, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (model.Switches.Count == 0)
            return await ReadAsync(company, model, cancellationToken);

        var known = await store.VersionsAsync(model.Name, cancellationToken);
        if (known.Count == 0)
        {
            var first = Beginning(company, model);
            foreach (var version in first)
                await store.KeepAsync(version, at, cancellationToken);
            return first;
        }

        var (choices, since) = (ChoicesOf(company, model), company.Policies.GetValueOrDefault(model.Name)?.Since);
        var newest = known[^1];
        if (newest.Says(model.Switches, choices))
        {
            // The first version has no beginning to move.
            if (newest.Number == 1 || since is null || since == newest.Since)
                return known;

            var moved = newest with { Since = since };
            await store.KeepAsync(moved, at, cancellationToken);
            return [.. known.SkipLast(1), moved];
        }

        var next = new DefinitionVersion(model.Name, newest.Number + 1, since ?? company.Calendar.DayOf(at), choices);
        await store.KeepAsync(next, at, cancellationToken);
        return [.. known, next];
    }

    /// <summary>What of a version the points depend on.</summary>
    public static string Fingerprint(DefinitionVersion version) => string.Create(CultureInfo.InvariantCulture,
        $"definition {version.Number} {version.Since:yyyy-MM-dd} ")
        + string.Join(',', version.Choices.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    /// <summary>Every switch with what the workspace chose, or its default.</summary>
    public static IReadOnlyDictionary<string, string> ChoicesOf(CompanyDefinition company, IModel model)
    {
        var chosen = company.Policies.GetValueOrDefault(model.Name)?.Choices ?? new Dictionary<string, string>();
        return model.Switches.ToDictionary(one => one.Name, one => one.In(chosen));
    }

    /// <summary>Where nothing was computed yet, a policy with a beginning still speaks of the days from there on alone.</summary>
    private static IReadOnlyList<DefinitionVersion> Beginning(CompanyDefinition company, IModel model)
    {
        var choices = ChoicesOf(company, model);
        var shipped = DefinitionVersion.First(model.Name, model.Switches.ToDictionary(one => one.Name, one => one.Default!));
        return company.Policies.GetValueOrDefault(model.Name)?.Since is { } since && !shipped.Says(model.Switches, choices)
            ? [shipped, new DefinitionVersion(model.Name, 2, since, choices)]
            : [DefinitionVersion.First(model.Name, choices)];
    }
}
