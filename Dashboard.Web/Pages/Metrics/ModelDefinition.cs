using Metrics.Core.Definitions;
using Metrics.Core.Models;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>How one model's figures are defined: its switches, and the versions of what was chosen.</summary>
/// <param name="Versions">By number, not empty.</param>
/// <param name="Pending">Whether the workspace says something else since, which begins with the next sync.</param>
public sealed record ModelDefinition(IModel Model, IReadOnlyList<DefinitionVersion> Versions, bool Pending)
{
    public DefinitionVersion Newest => Versions[^1];

    /// <summary>A version at the beginning of a sentence.</summary>
    public static string NameOf(DefinitionVersion version) => $"Definition v{version.Number}";

    /// <summary>The versions that took over from another.</summary>
    public IEnumerable<DefinitionVersion> Seams => VersionDays.Of(Versions).Skip(1).Select(days => days.Version);

    /// <summary>The switches in which a version differs from the one before it.</summary>
    public IEnumerable<(Choice Switch, string Before, string Now)> Changes(DefinitionVersion version)
    {
        var before = Versions.Last(other => other.Number < version.Number);
        return Model.Switches.Select(one => (one, one.In(before.Choices), one.In(version.Choices))).Where(change => change.Item2 != change.Item3);
    }

    /// <summary>The definitions of the models behind a metric that have switches.</summary>
    public static async Task<IReadOnlyList<ModelDefinition>> ReadAsync(
        DefinitionVersions definitions, CompanyDefinition company, Lineage lineage, CancellationToken cancellationToken)
    {
        var found = new List<ModelDefinition>();
        foreach (var model in lineage.Origins.Select(origin => origin.Model).Distinct().Where(model => model.Switches.Count > 0))
        {
            var versions = await definitions.ReadAsync(company, model, cancellationToken);
            var pending = !versions[^1].Says(model.Switches, DefinitionVersions.ChoicesOf(company, model));
            found.Add(new ModelDefinition(model, versions, pending));
        }

        return found;
    }
}
