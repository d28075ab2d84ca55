using Metrics.Core.Access;
using Metrics.Core.Alerts;
using Metrics.Core.Annotations;
using Metrics.Core.Boards;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Drivers;
using Metrics.Core.Findings;
using Metrics.Core.Models;
using Metrics.Core.Narratives;
using Metrics.Core.Push;
using Metrics.Core.Reports;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Targets;
using Metrics.Core.Workspace;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Metrics.Core;

public static class CoreServices
{
    /// <summary>The domain on top of the stores: the live definition of the workspace at a path, and what reads figures by it.</summary>
    public static IServiceCollection AddCore(this IServiceCollection services, string workspace)
    {
        services.AddLiveDefinition(workspace);
        services.AddSingleton<MetricReader>();
        services.AddSingleton<KnownDays>();
        services.AddSingleton<TargetReader>();
        services.AddSingleton<TargetReviewBuilder>();
        services.AddSingleton<ProcessReader>();
        services.AddSingleton<AnnotationReader>();
        services.AddSingleton<NarrativeReader>();
        services.AddSingleton<TargetGridBuilder>();
        services.AddSingleton<DriverReader>();
        services.AddSingleton<MetricTreeReader>();
        services.AddSingleton<BoardBuilder>();
        services.AddSingleton<BoardSnapshots>();
        services.AddSingleton<BoardDimensions>();
        services.AddSingleton<MetricSheetBuilder>();
        services.AddSingleton<ProfitAndLossReader>();
        services.AddSingleton<CohortReader>();
        services.AddSingleton<RestatedReader>();
        services.AddSingleton<SourceStatusReader>();
        services.AddSingleton<RuleFigures>();
        services.AddSingleton<AlertEvaluator>();
        services.AddSingleton<NotificationPlanner>();
        services.AddSingleton<AlertReader>();
        services.AddSingleton<FindingReader>();
        services.AddSingleton<TokenGate>();
        services.AddSingleton<PushIntake>();
        services.AddSingleton<PeriodReport>();
        services.AddSingleton<WorkingReader>();
        services.AddSingleton<DefinitionVersions>();
        services.AddSingleton<CatalogReader>();
        services.AddEach<IReportFormat>(typeof(CoreServices).Assembly);
        return services;
    }

    /// <summary>Only the definition of a workspace, for what looks at no data.</summary>
    public static IServiceCollection AddLiveDefinition(this IServiceCollection services, string workspace)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new WorkspaceFolder(workspace));
        services.AddEach<IModel>(typeof(CoreServices).Assembly);
        services.AddSingleton<DefinitionReader>();
        services.AddSingleton<LiveDefinition>();
        return services;
    }
}
