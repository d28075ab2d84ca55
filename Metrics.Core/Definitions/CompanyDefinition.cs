using Metrics.Core.Alerts;
using Metrics.Core.Annotations;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Connectors;
using Metrics.Core.Models;
using Metrics.Core.Models.Finance;
using Metrics.Core.Periods;
using Metrics.Core.Push;
using Metrics.Core.Targets;
using Metrics.Core.Workspace;

namespace Metrics.Core.Definitions;

/// <summary>Everything that a workspace says, read at one moment: immutable, and without faults or with the faulty parts left out.</summary>
public sealed record CompanyDefinition(
    WorkspaceFolder Folder, ReportingCalendar Calendar, MetricCatalog Catalog, IReadOnlyList<Source> Sources, TargetBook Targets, IReadOnlyList<Board> Boards)
{
    /// <summary>The events that the files tell of.</summary>
    public AnnotationBook Annotations { get; init; } = AnnotationBook.Empty;

    /// <summary>The alert rules, in the order of their files.</summary>
    public IReadOnlyList<AlertRule> Alerts { get; init; } = [];

    /// <summary>The addresses of owners.</summary>
    public People People { get; init; } = People.None;

    /// <summary>What the accounts of ledger entries are.</summary>
    public ChartOfAccounts Accounts { get; init; } = ChartOfAccounts.None;

    /// <summary>What was chosen of the models' switches, by model.</summary>
    public IReadOnlyDictionary<string, DefinitionPolicy> Policies { get; init; } = new Dictionary<string, DefinitionPolicy>();

    /// <summary>Where pushed values go.</summary>
    public required PushMap Push { get; init; }

    public AlertRule? FindAlert(string id) => Alerts.FirstOrDefault(rule => rule.Id == id);

    public Source? FindSource(string id) => Sources.FirstOrDefault(source => source.Id == id);

    public Board? FindBoard(string id) => Boards.FirstOrDefault(board => board.Id == id);

    /// <summary>The plan versions a metric is held against outside of a board: those of the first board that has a tile of it.</summary>
    public IReadOnlyList<string> VersionsOf(Metric metric) =>
        Boards.FirstOrDefault(board => board.Tiles.Any(tile => tile.Metric == metric.Id))?.Versions ?? [Target.DefaultVersion];

    /// <summary>A metric as annotations ask for it: with its dimensions and the boards that show it.</summary>
    public AnnotationSubject SubjectOf(Metric metric) => new(
        metric.Id, Catalog.DimensionsOf(metric), [.. Boards.Where(board => board.Tiles.Any(tile => tile.Metric == metric.Id)).Select(board => board.Id)]);

    /// <summary>
    /// The streams whose records a stored metric is computed from: those of its measure's record types, or those that name it. None
    /// where there is no stream of the first record type, without which the others say nothing.
    /// </summary>
    public IReadOnlyList<SourceStream> StreamsOf(Metric metric, IModel model)
    {
        var streams = Sources.SelectMany(source => source.Streams);
        if (metric.Model is null)
            return [.. streams.Where(stream => stream.Mapping.Metrics.ContainsKey(metric.Id))];

        var types = model.Measures.FirstOrDefault(measure => measure.Name == metric.Measure)?.RecordTypes ?? model.RecordTypes;
        SourceStream[] own = [.. streams.Where(stream => types.Contains(stream.Mapping.Type.Name))];
        return own.Any(stream => stream.Mapping.Type.Name == types[0]) ? own : [];
    }
}
