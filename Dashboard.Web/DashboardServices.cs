using System.Text.Encodings.Web;
using System.Text.Unicode;
using Dashboard.Web.Access;
using Dashboard.Web.Endpoints;
using Dashboard.Web.Pages;
using Dashboard.Web.Rendering;
using Ingestion.Worker;
using Metrics.Core;
using Metrics.Core.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;

namespace Dashboard.Web;

public static class DashboardServices
{
    /// <summary>The pages, what they read, and who may see them.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardOptions options)
    {
        services.AddSingleton(options);
        services.AddStorage(new StorageOptions { DataFolder = options.Data });
        services.AddCore(options.Workspace);
        if (options.SyncsOnSchedule)
            services.AddScheduledIngestion();
        else
            services.AddIngestion();

        services.AddLocalAccess();
        services.AddOptions<PushOptions>().BindConfiguration(PushOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PushDoor>();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "kpi-antiforgery";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.HttpOnly = true;
        });
        services.AddDataProtection()
            .SetApplicationName("KPI Dashboard")
            .PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(options.Data, "keys")));

        // Pages are UTF-8: letters stay letters, and what means something to HTML is still encoded.
        services.AddWebEncoders(encoders => encoders.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddRazorPages(pages =>
        {
            pages.Conventions.ConfigureFilter(new AutoValidateAntiforgeryTokenAttribute());
            pages.Conventions.AuthorizeFolder("/", Policies.View);
            pages.Conventions.AddPageRoute("/Boards/Board", "");
            pages.Conventions.AuthorizePage("/Sources/Sync", Policies.Operate);
            pages.Conventions.AuthorizePage("/Sources/TakeIn", Policies.Operate);
            pages.Conventions.AuthorizePage("/Targets/Set", Policies.Operate);
            pages.Conventions.AuthorizePage("/Targets/Withdraw", Policies.Operate);
        });
        services.Configure<RouteOptions>(routes => routes.LowercaseUrls = true);
        services.AddScoped<FiringAlerts>();
        services.AddSingleton<SourceFreshness>();
        services.AddSingleton<BoardDocument>();
        services.AddHealthChecks().AddCheck<WorkspaceCheck>("workspace", tags: [WorkspaceCheck.Ready]);
        return services;
    }
}
