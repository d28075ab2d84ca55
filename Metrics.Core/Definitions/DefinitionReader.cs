using Metrics.Core.Alerts;
using Metrics.Core.Annotations;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Connectors;
using Metrics.Core.Models;
using Metrics.Core.Models.Finance;
using Metrics.Core.Push;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Targets;
using Metrics.Core.Workspace;

namespace Metrics.Core.Definitions;

/// <summary>Reads a whole workspace. The order of reading is the order in which its parts may refer to each other.</summary>
public sealed class DefinitionReader(IEnumerable<IConnector> connectors, IEnumerable<IModel> models, IScheduleSyntax schedules)
{
    private readonly IConnector[] _connectors = [.. connectors];
    private readonly IModel[] _models = [.. models];

    /// <summary>The shapes of all workspace files by the name of their schema.</summary>
    public IReadOnlyDictionary<string, Shape> Shapes => new Dictionary<string, Shape>
    {
        ["calendar"] = CalendarFile.FileShape,
        ["metrics"] = MetricFiles.FileShape,
        ["sources"] = SourceFiles.ShapeOf(_connectors),
        ["targets"] = TargetFiles.FileShape,
        ["boards"] = BoardFiles.FileShape,
        ["annotations"] = AnnotationFiles.FileShape,
        ["alerts"] = AlertFiles.FileShape,
        ["push"] = PushFiles.FileShape,
        ["people"] = People.FileShape,
        ["accounts"] = ChartOfAccounts.FileShape,
        ["policies"] = PolicyFiles.FileShape,
    };

    /// <summary>The definition and its faults. With faults, the parts at fault are missing from the definition.</summary>
    public (CompanyDefinition Definition, IReadOnlyList<Fault> Faults) Read(WorkspaceFolder folder)
    {
        var faults = new List<Fault>();
        if (!folder.Exists)
            faults.Add(new Fault(".", 1, $"There is no workspace at {folder.Root}. Name one with --workspace, or write the sample company with 'kpi sample DIR'."));

        var calendar = CalendarFile.Read(folder, faults);
        var catalog = MetricCatalog.Read(folder.Read("metrics", ".yaml", ".yml"), faults);
        foreach (var metric in catalog.Metrics)
        {
            CheckMeasure(metric, faults);
            CheckInterval(metric, catalog, faults);
        }

        var sources = SourceFiles.Read(folder.Read("sources", ".yaml", ".yml"), _connectors, schedules, catalog, faults);
        catalog = catalog.WithDimensions(DimensionsInSources(sources));
        var targets = TargetFiles.Read(folder.Read("targets", ".csv", ".yaml", ".yml"), calendar, catalog, faults);
        var boards = BoardFiles.Read(folder.Read("boards", ".yaml", ".yml"), catalog, faults);
        var annotations = AnnotationFiles.Read(
            folder.Read("annotations", ".yaml", ".yml"), catalog, boards.Select(board => board.Id).ToHashSet(), faults);
        var alerts = AlertFiles.Read(folder.Read("alerts", ".yaml", ".yml"), catalog, faults);
        var people = People.Read(folder, faults);
        var accounts = ChartOfAccounts.Read(folder, faults);
        var pushable = new PushableMetrics(catalog, SourcesOfMetrics(sources));
        var push = new PushMap(calendar, pushable, PushFiles.Read(folder.Read("push", ".yaml", ".yml"), pushable, faults));
        var policies = PolicyFiles.Read(folder.Read("policies", ".yaml", ".yml"), _models, faults);
        return (new CompanyDefinition(folder, calendar, catalog, sources, targets, boards)
        {
            Annotations = annotations, Alerts = alerts, People = people, Accounts = accounts, Push = push, Policies = policies,
        }, faults);
    }

    /// <summary>Whether a metric names a measure that exists, and chooses of it what there is to choose.</summary>
    private void CheckMeasure(Metric metric, List<Fault> faults)
    {
        var measure = metric.Model is null ? null : _models.SelectMany(model => model.Measures, (model, one) => (model, one))
            .FirstOrDefault(pair => $"{pair.model.Name}.{pair.one}" == metric.Model).one;
        if (metric.Model is not null && measure is null)
        {
            var known = _models.SelectMany(model => model.Measures.Select(one => $"{model.Name}.{one}"));
            faults.Add(new Fault(metric.File, metric.Line, $"metric '{metric.Id}' names the unknown measure '{metric.Model}'. Known: {string.Join(", ", known)}."));
            return;
        }

        if (measure is { IsPerPeriod: true } && metric.OverTime != OverTime.None)
            faults.Add(new Fault(metric.File, metric.Line, $"metric '{metric.Id}' must say over_time: none, because {metric.Model} is computed anew for each period."));

        var choices = measure?.With ?? [];
        foreach (var (name, value) in metric.With)
        {
            var problem = choices.FirstOrDefault(choice => choice.Name == name) is { } choice
                ? choice.FaultOf(value)
                : $"'{name}' is nothing that {metric.Model ?? "a metric without a model"} leaves open. {(choices.Count == 0 ? "It leaves nothing open." : $"Known: {string.Join(", ", choices.Select(one => one.Name))}.")}";
            if (problem is not null)
                faults.Add(new Fault(metric.File, metric.Line, $"metric '{metric.Id}', with: {problem}"));
        }

        foreach (var missing in choices.Where(choice => choice.Default is null && !metric.With.ContainsKey(choice.Name)))
            faults.Add(new Fault(metric.File, metric.Line, $"metric '{metric.Id}' must say with: {{ {missing.Name}: … }} ({missing.Description.TrimEnd('.')})."));
    }

    /// <summary>Whether the metrics exist that an interval is computed from.</summary>
    private static void CheckInterval(Metric metric, MetricCatalog catalog, List<Fault> faults)
    {
        foreach (var unknown in metric.Interval?.Metrics.Where(id => !catalog.TryGet(id, out _)) ?? [])
            faults.Add(new Fault(metric.File, metric.Line, $"the interval of '{metric.Id}' uses the unknown metric '{unknown}'."));
    }

    /// <summary>The source of each metric that a source delivers already aggregated.</summary>
    private static Dictionary<string, string> SourcesOfMetrics(IReadOnlyList<Source> sources) =>
        sources.SelectMany(source => source.Streams.SelectMany(stream => stream.Mapping.Metrics.Keys).Select(metric => (metric, source.Id)))
            .GroupBy(pair => pair.metric, pair => pair.Id)
            .ToDictionary(group => group.Key, group => group.First());

    /// <summary>What a metric may be cut by where its definition does not say: the dimensions that its streams deliver.</summary>
    private static Dictionary<string, string[]> DimensionsInSources(IReadOnlyList<Source> sources) =>
        sources.SelectMany(source => source.Streams)
            .Where(stream => stream.Mapping.Type == MetricValue.Type)
            .SelectMany(stream => stream.Mapping.Metrics.Keys.Select(metric => (metric, stream.Mapping.Dimensions.Keys)))
            .GroupBy(pair => pair.metric, pair => pair.Keys)
            .ToDictionary(group => group.Key, group => group.SelectMany(names => names).Distinct().ToArray());
}
