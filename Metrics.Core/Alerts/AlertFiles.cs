using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Workspace;

namespace Metrics.Core.Alerts;

/// <summary>Reads <c>alerts/*.yaml</c>.</summary>
public static class AlertFiles
{
    private const string Kinds = "The kinds of condition are below, above, outside, inside, change and no_data.";

    private static readonly Shape WhenShape = new("a condition",
        new Key("below", KeyKind.Text, "A limit; a figure that equals it is not below it. For percentages 0.03 or 3%."),
        new Key("above", KeyKind.Text, "A limit; a figure that equals it is not above it."),
        new Key("outside", KeyKind.Texts, "[lowest, highest]: fires below the lowest and above the highest."),
        new Key("inside", KeyKind.Texts, "[lowest, highest]: fires between them, both included."),
        new Key("change", KeyKind.Object, "How the figure changed.")
        {
            Of = new Shape("a change",
                new Key("versus", KeyKind.Text, "previous (the period before) or year_ago.")
                {
                    Required = true,
                    Values = ["previous", "year_ago"]
                },
                new Key("below", KeyKind.Text, "-10% of the base, -2pp for percentages, or a number in the metric's own unit."),
                new Key("above", KeyKind.Text, "As below.")),
        },
        new Key("no_data", KeyKind.Flag, "true: fires when a period is over, its grace too, and its data are not all there."));

    private static readonly Shape RecoverShape = new("a recovery",
        new Key("below", KeyKind.Text, "Resolved below this; for rules that fire above."),
        new Key("above", KeyKind.Text, "Resolved above this; for rules that fire below."),
        new Key("inside", KeyKind.Texts, "[lowest, highest]: resolved between them; for rules that fire outside."),
        new Key("outside", KeyKind.Texts, "[lowest, highest]: resolved outside; for rules that fire inside."));

    private static readonly Shape RuleShape = new("an alert",
        new Key("id", KeyKind.Text, "The rule's id, unique in the workspace.")
        {
            Required = true,
            Pattern = "[a-z][a-z0-9_-]*",
            PatternHint = "lower-case letters, digits, _ and - starting with a letter"
        },
        new Key("metric", KeyKind.Text, "The metric's id.") { Required = true },
        new Key("grain", KeyKind.Text, "Which periods are judged. Default: week.")
        {
            Values = [.. Enum.GetValues<Grain>()
            .Select(grain => grain.Name())]
        },
        new Key("when", KeyKind.Object, "The condition; exactly one of its keys.") { Required = true, Of = WhenShape },
        new Key("for", KeyKind.Integer, "How many complete periods in a row it must hold. Default: 1."),
        new Key("recover", KeyKind.Object, "What resolves a firing alert. Default: the condition no longer holds.") { Of = RecoverShape },
        new Key("by", KeyKind.Texts, "One alert for each value of these dimensions. Default: one for the total."),
        new Key("filter", KeyKind.TextsMap, "Only these values of a dimension."),
        new Key("severity", KeyKind.Text, "Default: warning.") { Values = ["info", "warning", "critical"] },
        new Key("to", KeyKind.Texts,
            "Mail addresses, or owner for whoever owns the metric (people.yaml has the addresses).")
        { Required = true },
        new Key("grace", KeyKind.Text,
            "How long after a period's end its data may still come before the alert is stale. Default: 1d.")
        {
            Pattern = "[0-9]{1,4}[mhd]",
            PatternHint = "a number and m, h or d, such as 12h"
        });

    /// <summary>The shape of <c>alerts/*.yaml</c>.</summary>
    public static Shape FileShape { get; } = new("alerts",
        new Key("alerts", KeyKind.Objects, "The rules of this file.") { Required = true, Of = RuleShape });

    /// <summary>The rules of some files; rules at fault are left out and their faults are added.</summary>
    public static IReadOnlyList<AlertRule> Read(IEnumerable<(string Name, string Text)> files, MetricCatalog catalog,
        ICollection<Fault> faults)
    {
        var rules = new Dictionary<string, AlertRule>(StringComparer.Ordinal);
        foreach (var (name, text) in files)
        {
            if (YamlFile.Read(name, text, FileShape, faults) is not { } root)
                continue;

            var entries = root.Objects("alerts");
            for (var i = 0; i < entries.Count; i++)
            {
                var (entry, end) = (entries[i], i + 1 < entries.Count ? entries[i + 1].Line : int.MaxValue);
                if (ReadRule(entry, catalog, faults) is not { } rule)
                    continue;
                if (rules.TryGetValue(rule.Id, out var first))
                    entry.AddFault("id",
                        $"alert '{rule.Id}' is already defined at {first.File}:{first.Line}; give one of them another id.");
                else if (!faults.Any(fault => fault.File == name && fault.Line >= entry.Line && fault.Line < end))
                    rules.Add(rule.Id, rule);
            }
        }

        return [.. rules.Values];
    }

    private static AlertRule? ReadRule(YamlMap entry, MetricCatalog catalog, ICollection<Fault> faults)
    {
        if (entry.Text("id") is not { } id || entry.Text("metric") is not { } metricId)
            return null;

        if (!catalog.TryGet(metricId, out var metric))
        {
            entry.AddFault("metric", $"unknown metric '{metricId}'.");
            return null;
        }

        var grain = GrainNames.TryParse(entry.Text("grain", "week"))!.Value;
        CheckGrain(entry, catalog, metric, grain);
        CheckDimensions(entry, catalog, metric);
        CheckRecipients(entry);
        if (entry.Integer("for") is < 1)
            entry.AddFault("for", "'for' must be at least 1: the number of complete periods in a row.");

        var before = faults.Count;
        if (entry.Object("when") is not { } when || ReadWhen(when, metric) is not { } condition || faults.Count > before)
            return null;

        return new AlertRule
        {
            Id = id,
            Metric = metricId,
            Grain = grain,
            When = condition,
            Recover = entry.Object("recover") is { } recover ? ReadRecover(recover, condition, metric) : null,
            For = entry.Integer("for") ?? 1,
            By = [.. entry.Texts("by").Distinct().Order(StringComparer.Ordinal)],
            Filter = entry.TextsMap("filter"),
            Severity = Enum.Parse<Severity>(entry.Text("severity", "warning"), ignoreCase: true),
            To = entry.Texts("to"),
            Grace = Duration(entry.Text("grace", "1d")),
            Version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(entry.Canonical())))[..12],
            File = entry.File,
            Line = entry.Line,
        };
    }

    private static void CheckGrain(YamlMap entry, MetricCatalog catalog, Metric metric, Grain grain)
    {
        foreach (var input in catalog.StoredInputs(metric))
        {
            if (grain < input.NativeGrain)
                entry.AddFault("grain", $"'{input.Id}' is known by {input.NativeGrain.Name()} and coarser, not by {grain.Name()}.");
            else if (input is { RollsUp: true, NativeGrain: Grain.Week } && grain > Grain.Week)
                entry.AddFault("grain", $"'{input.Id}' is stored by week, and weeks do not fill a {grain.Name()}.");
        }
    }

    private static void CheckDimensions(YamlMap entry, MetricCatalog catalog, Metric metric)
    {
        var dimensions = catalog.DimensionsOf(metric);
        var known = dimensions.Count == 0 ? "It has none." : $"Its dimensions are {string.Join(", ", dimensions)}.";
        var named = entry.Texts("by").Select(dimension => (Key: "by", dimension))
            .Concat(entry.TextsMap("filter").Keys.Select(dimension => (Key: "filter", dimension)));
        foreach (var (key, unknown) in named.Where(pair => !dimensions.Contains(pair.dimension)))
            entry.AddFault(key, $"'{metric.Id}' has no dimension '{unknown}'. {known}");
    }

    private static void CheckRecipients(YamlMap entry)
    {
        if (entry.Has("to") && entry.Texts("to").Count == 0)
            entry.AddFault("to", "'to' names nobody; name an address, or owner.");
        foreach (var malformed in entry.Texts("to").Where(to => to != Recipients.Owner && !People.IsAddress(to)))
            entry.AddFault("to", $"'{malformed}' is neither a mail address such as finance@example.com nor the word owner.");
    }

    private static Condition? ReadWhen(YamlMap when, Metric metric)
    {
        string[] kinds = [.. WhenShape.Keys.Select(key => key.Name).Where(when.Has)];
        if (kinds is not [var kind])
        {
            when.AddFault(when.Line, kinds.Length == 0
                ? $"'when' has no condition that is known. {Kinds}"
                : $"'when' takes one condition, not {string.Join(" and ", kinds)}; write a rule for each.");
            return null;
        }

        switch (kind)
        {
            case "change":
                return ReadChange(when.Object("change")!, metric);
            case "no_data":
                if (when.Flag("no_data", false))
                    return new Condition.NoData();
                when.AddFault("no_data", "'no_data' takes true only.");
                return null;
            default:
                return ReadLevel(when, kind, text => Level(text, metric), metric.Unit == Unit.Percent ? "a number such as 0.03 or 3%"
                    : "a number such as 28900");
        }
    }

    private static Condition.Change? ReadChange(YamlMap change, Metric metric)
    {
        if (change.Text("versus") is not { } versus)
            return null;

        if (change.Has("below") == change.Has("above"))
        {
            change.AddFault(change.Line, "a change takes one of below and above.");
            return null;
        }

        var kind = change.Has("below") ? "below" : "above";
        if (Amount(change.Text(kind)!, metric) is not { } amount)
        {
            change.AddFault(kind, metric.Unit == Unit.Percent
                ? $"'{kind}' must be -10% of the base or -2pp, not '{change.Text(kind)}'"
                : $"'{kind}' must be -10% of the base or a number in the metric's own unit, not '{change.Text(kind)}'");
            return null;
        }

        Condition limit = kind == "below" ? new Condition.Below(amount.Number) : new Condition.Above(amount.Number);
        return new Condition.Change(versus == "previous" ? Versus.Previous : Versus.YearAgo, amount.In, limit);
    }

    private static Condition? ReadLevel(YamlMap map, string kind, Func<string, decimal?> number, string expected)
    {
        if (kind is "below" or "above")
        {
            if (number(map.Text(kind)!) is { } limit)
                return kind == "below" ? new Condition.Below(limit) : new Condition.Above(limit);
            map.AddFault(kind, $"'{kind}' must be {expected}, not '{map.Text(kind)}'");
            return null;
        }

        if (map.Texts(kind).Select(number).ToArray() is [{ } low, { } high] && low < high)
            return kind == "outside" ? new Condition.Outside(low, high) : new Condition.Inside(low, high);
        map.AddFault(kind, $"'{kind}' must be [lowest, highest], each {expected}, not [{string.Join(", ", map.Texts(kind))}]");
        return null;
    }

    /// <summary>What resolves must leave the condition behind, or an alert would fire and be resolved by the same figure.</summary>
    private static Condition? ReadRecover(YamlMap recover, Condition when, Metric metric)
    {
        var fires = when is Condition.Change changed ? changed.Limit : when;
        string? opposite = fires switch
        {
            Condition.Below => "above",
            Condition.Above => "below",
            Condition.Outside => "inside",
            Condition.Inside => "outside",
            _ => null,
        };
        string[] kinds = [.. RecoverShape.Keys.Select(key => key.Name).Where(recover.Has)];
        if (opposite is null || kinds is not [var kind] || kind != opposite)
        {
            recover.AddFault(recover.Line, opposite is null
                ? "'recover' has no meaning for no_data: it is resolved when the data are there."
                : $"'recover' of a rule that fires {fires.Comparator} takes '{opposite}' and nothing else.");
            return null;
        }

        Func<string, decimal?> number = when is Condition.Change change
            ? text => Amount(text, metric) is { } amount && amount.In == change.In ? amount.Number : null
            : text => Level(text, metric);
        var condition = ReadLevel(recover, kind, number, "a number like the one in 'when'");
        if (condition is not null && Contradicts(fires, condition))
        {
            recover.AddFault(kind,
                $"'recover' contradicts 'when': a figure {condition.Comparator} {condition.Threshold} may still be "
                + $"{fires.Comparator} {fires.Threshold}.");
            return null;
        }

        return condition;
    }

    private static bool Contradicts(Condition fires, Condition recovers) => (fires, recovers) switch
    {
        (Condition.Below(var limit), Condition.Above(var from)) => from < limit,
        (Condition.Above(var limit), Condition.Below(var from)) => from > limit,
        (Condition.Outside(var low, var high), Condition.Inside(var from, var to)) => from < low || to > high,
        (Condition.Inside(var low, var high), Condition.Outside(var from, var to)) => from > low || to < high,
        _ => false,
    };

    /// <summary>A level in the metric's own unit; percentages may be written as such.</summary>
    private static decimal? Level(string text, Metric metric) =>
        metric.Unit == Unit.Percent && text.EndsWith('%') ? Number(text[..^1]) / 100 : Number(text);

    private static (decimal Number, ChangeUnit In)? Amount(string text, Metric metric)
    {
        if (text.EndsWith('%'))
            return Number(text[..^1]) is { } percent ? (percent / 100, ChangeUnit.Relative) : null;
        if (text.EndsWith("pp", StringComparison.Ordinal))
            return metric.Unit == Unit.Percent && Number(text[..^2]) is { } points ? (points / 100, ChangeUnit.Points) : null;
        return Number(text) is { } number ? (number, metric.Unit == Unit.Percent ? ChangeUnit.Points : ChangeUnit.Absolute) : null;
    }

    private static decimal? Number(string text) =>
        decimal.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan Duration(string text)
    {
        var count = int.Parse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture);
        return text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            _ => TimeSpan.FromDays(count),
        };
    }
}
