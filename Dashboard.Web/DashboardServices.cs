using System.Text.Encodings.Web;
using System.Text.Unicode;
using Dashboard.Web.Access;
using Dashboard.Web.Endpoints;
using Dashboard.Web.Pages;
using Dashboard.Web.Pages.Metrics;
using Dashboard.Web.Pages.Targets;
using Dashboard.Web.Rendering;
using Dashboard.Web.Search;
using Ingestion.Worker;
using Metrics.Core;
using Metrics.Core.Alerts;
using Metrics.Core.Annotations;
using Metrics.Core.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Dashboard.Web;

public static class DashboardServices
{
    private const string WorkerVariable = "KPI_WORKER";

    /// <summary>The pages, what they read, and who may see them.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardOptions options, IConfiguration configuration)
    {
        services.AddSingleton(options);
        var storage = options.Storage ?? StorageOptions.Read(options.Data, configuration) with { Patience = TimeSpan.FromSeconds(3) };
        services.AddStorage(storage);
        services.AddCore(options.Workspace);
        if (options.SyncsOnSchedule)
            services.AddScheduledIngestion(storage, RunsJobs(storage, configuration));
        else
            services.AddIngestion();

        services.AddLocalAccess();
        services.AddOptions<PushOptions>().BindConfiguration(PushOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PushDoor>();
        services.AddSingleton<AnnotationDoor>();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = Protection.TokenCookie;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.HttpOnly = true;
        });
        services.AddProtection(storage);

        // Pages are UTF-8: letters stay letters, and what means something to HTML is still encoded.
        services.AddWebEncoders(encoders => encoders.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddRazorPages(pages =>
        {
            pages.Conventions.ConfigureFilter(new AutoValidateAntiforgeryTokenAttribute());
            pages.Conventions.AuthorizeFolder("/", Policies.View);
            pages.Conventions.AddPageRoute("/Boards/Board", "");
            pages.Conventions.AuthorizePage("/Sources/Sync", Policies.Operate);
            pages.Conventions.AuthorizePage("/Sources/TakeIn", Policies.Operate);
            pages.Conventions.AuthorizePage("/Metrics/SetLimits", Policies.Operate);
            pages.Conventions.AuthorizePage("/Targets/Set", Policies.Operate);
            pages.Conventions.AuthorizePage("/Targets/Withdraw", Policies.Operate);
            pages.Conventions.AuthorizePage("/Annotations/Edit", Policies.Operate);
            pages.Conventions.AuthorizePage("/Annotations/Delete", Policies.Operate);
            pages.Conventions.AuthorizePage("/Boards/Comment", Policies.Operate);
            pages.Conventions.AuthorizePage("/Boards/Decision", Policies.Operate);
            pages.Conventions.AuthorizePage("/Targets/Save", Policies.Operate);
            pages.Conventions.AuthorizePage("/Targets/Import", Policies.Operate);
        });
        services.Configure<RouteOptions>(routes => routes.LowercaseUrls = true);
        services.AddSingleton(new LastKnown<IReadOnlyList<FiringAlert>>([]));
        services.AddSingleton(new LastKnown<AnnotationBook>(AnnotationBook.Empty));
        services.AddScoped<FiringAlerts>();
        services.AddScoped<SearchReader>();
        services.AddScoped<EventsShown>();
        services.AddSingleton<MetricHistory>();
        services.AddScoped<ReviewNotes>();
        services.AddScoped<FindingsShown>();
        services.AddSingleton<GridPages>();
        services.AddHostedService<BoardWarming>();
        services.AddSingleton<SourceFreshness>();
        services.AddSingleton<SourceOutlook>();
        services.AddSingleton<BoardDocument>();
        services.AddHealthChecks().AddCheck<WorkspaceCheck>("workspace", tags: [WorkspaceCheck.Ready]);
        return services;
    }

    /// <summary>Whether this process does the syncs, or leaves them to workers on the same database: <c>KPI_WORKER=off</c> (<c>Worker:InProcess</c>).</summary>
    private static bool RunsJobs(StorageOptions storage, IConfiguration configuration)
    {
        var runs = Environment.GetEnvironmentVariable(WorkerVariable) switch
        {
            null or "" => configuration.GetValue("Worker:InProcess", true),
            "on" => true,
            "off" => false,
            var other => throw new StorageSettingException($"{WorkerVariable} is '{other}'. Use on or off."),
        };
        if (!runs && !storage.IsShared)
            throw new StorageSettingException($"{WorkerVariable}=off leaves syncs to other processes, and those need {StorageOptions.DatabaseVariable} to be the same database.");
        return runs;
    }
}
