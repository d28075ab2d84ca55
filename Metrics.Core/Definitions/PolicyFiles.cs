using System.Globalization;
using Metrics.Core.Models;
using Metrics.Core.Workspace;

namespace Metrics.Core.Definitions;

/// <summary>What a workspace chose of one model's switches.</summary>
/// <param name="Since">The first day that is to be computed by these choices; null for the day on which the change is first seen.</param>
public sealed record DefinitionPolicy(string Model, DateOnly? Since, IReadOnlyDictionary<string, string> Choices)
{
    public required string File { get; init; }

    public int Line { get; init; } = 1;
}

/// <summary>Reads <c>policies/*.yaml</c>: one file for each model whose definition is not left as it ships.</summary>
public static class PolicyFiles
{
    /// <summary>The shape of <c>policies/*.yaml</c>.</summary>
    public static Shape FileShape { get; } = new("a definition policy",
        new Key("model", KeyKind.Text, "The model whose switches are set, such as revenue.") { Required = true },
        new Key("since", KeyKind.Text, "The first day that is computed by these choices; earlier days keep the older ones. Default: the day on which the change is first seen.")
        { Pattern = "[0-9]{4}-[0-9]{2}-[0-9]{2}", PatternHint = "an ISO date such as 2026-07-01" },
        new Key("choices", KeyKind.TextMap, "The value of each switch; one that is left out has its default.") { Required = true });

    /// <summary>The policies of some files, by model. A policy at fault is left out and its faults are added.</summary>
    public static IReadOnlyDictionary<string, DefinitionPolicy> Read(
        IEnumerable<(string Name, string Text)> files, IReadOnlyList<IModel> models, ICollection<Fault> faults)
    {
        var policies = new SortedDictionary<string, DefinitionPolicy>(StringComparer.Ordinal);
        foreach (var (name, text) in files)
        {
            var before = faults.Count;
            if (YamlFile.Read(name, text, FileShape, faults) is not { } root || ReadPolicy(root, models) is not { } policy || faults.Count > before)
                continue;
            if (policies.TryGetValue(policy.Model, out var first))
                root.AddFault("model", $"the switches of '{policy.Model}' are already set at {first.File}:{first.Line}; put the choices together.");
            else
                policies[policy.Model] = policy;
        }

        return policies;
    }

    private static DefinitionPolicy? ReadPolicy(YamlMap root, IReadOnlyList<IModel> models)
    {
        if (root.Text("model") is not { } name)
            return null;

        if (models.FirstOrDefault(model => model.Name == name) is not { } model)
        {
            root.AddFault("model", $"unknown model '{name}'. Models with switches: {string.Join(", ", models.Where(one => one.Switches.Count > 0).Select(one => one.Name))}.");
            return null;
        }

        var choices = root.TextMap("choices");
        foreach (var (key, value) in choices)
        {
            var problem = model.Switches.FirstOrDefault(one => one.Name == key) is { } known ? known.FaultOf(value)
                : model.Switches.Count == 0 ? $"the model '{name}' has no switches."
                : $"'{key}' is no switch of the model '{name}'. Known: {string.Join(", ", model.Switches.Select(one => one.Name))}.";
            if (problem is not null)
                root.AddFault(root.LineOf("choices", key), problem);
        }

        DateOnly? since = null;
        if (root.Text("since") is { } text)
        {
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                since = day;
            else
                root.AddFault("since", $"'{text}' is no day of the calendar.");
        }

        return new DefinitionPolicy(name, since, choices) { File = root.File, Line = root.Line };
    }
}
