using Dashboard.Web.Access;
using Dashboard.Web.Endpoints;
using Dashboard.Web.Rendering;
using Metrics.Core.Alerts;
using Metrics.Core.Storage;
using Microsoft.AspNetCore.HostFiltering;

namespace Dashboard.Web;

/// <summary>The web app, ready to run.</summary>
public static partial class DashboardApp
{
    private const int DefaultPort = 8080;

    /// <summary>Builds the app; it listens when it is started.</summary>
    /// <param name="configure">More services, which win over the app's own.</param>
    /// <exception cref="ExposedAddressException">The configuration asks for an address that other machines can reach.</exception>
    public static WebApplication Build(DashboardOptions options, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = options.Arguments,
            ApplicationName = typeof(DashboardApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        if (options.Port is { } port)
            builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        else if (!LoopbackOnly.NamesAddresses(builder.Configuration))
            builder.WebHost.UseUrls($"http://127.0.0.1:{DefaultPort}");
        LoopbackOnly.Check(builder.Configuration);

        // One line per unit of work of ours; of the parts below us only what an administrator can act on.
        foreach (var noisy in (string[])["Quartz", "Microsoft.AspNetCore"])
            builder.Logging.AddFilter(noisy, LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddDashboard(options, builder.Configuration);
        builder.Services.PostConfigure<HostFilteringOptions>(filter =>
        {
            filter.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"];
            filter.AllowEmptyHosts = false;
        });
        configure?.Invoke(builder.Services);

        var app = builder.Build();

        if (app.Services.GetRequiredService<StorageOptions>().Caution is { } caution)
            LogCaution(app.Logger, caution);

        // A wrong mail setting stops the start, and not the first mail.
        _ = app.Services.GetRequiredService<INotificationChannel>();

        app.UseMiddleware<SecurityHeaders>();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error/500",
            StatusCodeSelector = fault => StorageFault.IsAway(fault) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePagesWithReExecute("/error/{0}");
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<KeptPages>();
        app.MapAssets();
        app.MapRazorPages();
        app.MapExports();
        app.MapBoardFiles();
        app.MapTargetFile();
        app.MapSearch();
        app.MapStatementFile();
        app.MapCohortFile();
        app.MapPush();
        app.MapAnnotations();
        app.MapInfluxCompanions();
        app.MapHealth();
        app.MapFallback("{**path}", () => Results.NotFound()).RequireAuthorization(Policies.View);
        return app;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Caution}")]
    private static partial void LogCaution(ILogger logger, string caution);
}
