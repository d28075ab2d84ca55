using Metrics.Core.Boards;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Models;
using Metrics.Core.Series;
using Metrics.Core.Workspace;
using Microsoft.Extensions.DependencyInjection;

namespace Metrics.Core;

public static class CoreServices
{
    /// <summary>The domain: models, readers and the live definition of the workspace at a path.</summary>
    public static IServiceCollection AddCore(this IServiceCollection services, string workspace)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new WorkspaceFolder(workspace));
        services.AddEach<IModel>(typeof(CoreServices).Assembly);
        services.AddSingleton<DefinitionReader>();
        services.AddSingleton<LiveDefinition>();
        services.AddSingleton<MetricReader>();
        services.AddSingleton<KnownDays>();
        services.AddSingleton<BoardBuilder>();
        services.AddSingleton<MetricSheetBuilder>();
        services.AddSingleton<SourceStatusReader>();
        return services;
    }
}
