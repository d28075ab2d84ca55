using System.Globalization;
using System.Text.RegularExpressions;
using Metrics.Core.Catalog;

namespace Metrics.Core.Models;

/// <summary>A figure that a model computes, which metrics name as <c>model: revenue.mrr</c>.</summary>
/// <param name="Name">The part after the point.</param>
public sealed record Measure(string Name)
{
    /// <summary>
    /// The record types it is computed from, null for all of its model's. Of the first there must be a stream; the others are read
    /// where there are streams of them.
    /// </summary>
    public IReadOnlyList<string>? RecordTypes { get; init; }

    /// <summary>Whether it is computed anew for each period of each grain, so that its metrics are declared with <c>over_time: none</c>.</summary>
    public bool IsPerPeriod { get; init; }

    /// <summary>What a metric may say about it under <c>with:</c>.</summary>
    public IReadOnlyList<Choice> With { get; init; } = [];

    public override string ToString() => Name;

    /// <summary>Measures of all record types of their model and without anything to choose.</summary>
    public static IEnumerable<Measure> Of(params IEnumerable<string> names) => names.Select(name => new Measure(name));
}

/// <summary>Something that a definition leaves to the workspace: a parameter of a measure, or a switch of a model's policy.</summary>
/// <param name="Description">What it decides, for the page that explains a metric.</param>
/// <param name="Default">What holds where nothing is said; null where something must be said.</param>
public sealed record Choice(string Name, string Description, string? Default)
{
    /// <summary>The only values, each with what it means; empty where any value of the <see cref="Pattern"/> is one.</summary>
    public IReadOnlyList<(string Value, string Meaning)> Options { get; init; } = [];

    /// <summary>A regular expression that a whole value matches.</summary>
    public string Pattern { get; init; } = ".+";

    /// <summary>The pattern in words: "a number of days".</summary>
    public string PatternHint { get; init; } = "a text";

    /// <summary>A choice of a whole number from 1 to 9999.</summary>
    public static Choice Number(string name, string description, int? number) =>
        new(name, description, number?.ToString(CultureInfo.InvariantCulture)) { Pattern = "[1-9][0-9]{0,3}", PatternHint = "a whole number from 1 to 9999" };

    /// <summary>What is wrong with a value, or null.</summary>
    public string? FaultOf(string value)
    {
        if (Options.Count > 0)
            return Options.Any(option => option.Value == value) ? null : $"'{Name}' is '{value}'; known are {string.Join(", ", Options.Select(option => option.Value))}.";
        return Regex.IsMatch(value, $"^(?:{Pattern})$", RegexOptions.None, TimeSpan.FromSeconds(1)) ? null : $"'{Name}' is '{value}'; it takes {PatternHint}.";
    }

    /// <summary>What a metric chose.</summary>
    public string Of(Metric metric) => metric.With.GetValueOrDefault(Name) ?? Default
        ?? throw new InvalidOperationException($"'{metric.Id}' says nothing about '{Name}', which has no default.");

    /// <summary>What was chosen of a switch, which always has a default.</summary>
    public string In(IReadOnlyDictionary<string, string> choices) => choices.GetValueOrDefault(Name) ?? Default
        ?? throw new InvalidOperationException($"The switch '{Name}' has no default.");

    /// <summary>What a value means, for people; the value itself where it speaks for itself.</summary>
    public string MeaningOf(string value) => Options.FirstOrDefault(option => option.Value == value).Meaning ?? value;

    /// <summary>The same of a <see cref="Number"/>.</summary>
    public int NumberOf(Metric metric) => int.Parse(Of(metric), CultureInfo.InvariantCulture);
}
