using System.Globalization;
using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Series;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Tests.Support;

namespace Dashboard.Web.Tests;

/// <summary>The real app on a free port of this machine, with a small workspace and points written straight into its stores.</summary>
public sealed class RunningDashboard : IAsyncDisposable
{
    private const string Metrics = """
        metrics:
          - { id: visits, name: Visits, description: "Visits of the site.", category: growth, unit: count, over_time: sum, owner: Marketing, dimensions: [region] }
          - { id: late, name: Late one, category: growth, unit: count, over_time: sum, owner: Product }
          - { id: churned, name: Churned, category: retention, unit: count, over_time: sum, direction: down }
          - { id: per_visit, name: Churned per visit, category: retention, unit: ratio, formula: churned / visits }
          - { id: hostile, name: "<script>alert(1)</script>", description: "\"><img src=x onerror=alert(2)>", category: "product", unit: count, owner: "<b onclick=x>" }
        """;

    private const string Board = """
        id: weekly
        name: Weekly board
        sections:
          - name: Growth
            tiles: [{ metric: visits }, { metric: late }, { metric: hostile }]
          - name: Retention
            tiles: [{ metric: churned }]
        """;

    private const string Source = """
        id: site
        connector: csv
        streams:
          - name: visits
            file: data/visits.csv
            record: metric_value
            time: { column: day }
            metrics: { visits: visits }
            dimensions: { region: region }
        """;

    private readonly TempFolder _folder = new();
    private readonly WebApplication _app;

    private RunningDashboard(string? extraFile, string? extraText, bool data, Action<IServiceCollection>? configure)
    {
        _folder.Write("ws/calendar.yaml", "time_zone: Europe/Berlin\ncurrency: EUR\n");
        _folder.Write("ws/metrics/test.yaml", Metrics);
        _folder.Write("ws/boards/weekly.yaml", Board);
        _folder.Write("ws/sources/site.yaml", Source);
        if (extraFile is not null)
            _folder.Write("ws/" + extraFile, extraText!);
        HasData = data;
        _app = DashboardApp.Build(
            new DashboardOptions { Workspace = _folder["ws"], Data = _folder["data"], Port = 0, SyncsOnSchedule = false },
            services =>
            {
                services.AddSingleton<TimeProvider>(Clock);
                services.AddSingleton<ISyncRequests>(Requests);
                services.AddLogging(logging => logging.ClearProviders());
                configure?.Invoke(services);
            });
    }

    public FakeClock Clock { get; } = new("2026-11-16T08:00:00Z");

    public RememberedRequests Requests { get; } = new();

    public IServiceProvider Services => _app.Services;

    public Uri Address { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    private bool HasData { get; }

    public static async Task<RunningDashboard> StartAsync(
        string? extraFile = null, string? extraText = null, bool data = true, Action<IServiceCollection>? configure = null)
    {
        var dashboard = new RunningDashboard(extraFile, extraText, data, configure);
        await dashboard._app.StartAsync();
        dashboard.Address = new Uri(dashboard._app.Urls.Single());
        dashboard.Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = dashboard.Address };
        if (dashboard.HasData)
            await dashboard.FillAsync();
        return dashboard;
    }

    /// <summary>Writes a file of the workspace; the dashboard has looked at it when this returns.</summary>
    public void Write(string relativePath, string text)
    {
        _folder.Write("ws/" + relativePath, text);
        Clock.Now += TimeSpan.FromSeconds(2);
        Assert.That(Services.GetRequiredService<LiveDefinition>().Faults, Is.Empty);
    }

    /// <summary>The page at an address, which must answer with the expected status.</summary>
    public async Task<IHtmlDocument> PageAsync(string address, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await Http.GetAsync(new Uri(address, UriKind.Relative));
        var html = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(expected), address);
        return await new HtmlParser().ParseDocumentAsync(html);
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>W46: 84 visits against 70 the week before and the year before; "late" ends on Friday of W46; churned falls from 14 to 7.</summary>
    private async Task FillAsync()
    {
        await WriteAsync("visits", Segment.Of([("region", "EU")]), "2025-10-06", "2026-11-09", 10);
        await WriteAsync("visits", Segment.Of([("region", "EU")]), "2026-11-09", "2026-11-16", 12);
        await WriteAsync("late", Segment.Total, "2026-10-05", "2026-11-14", 3);
        await WriteAsync("churned", Segment.Total, "2026-10-05", "2026-11-09", 2);
        await WriteAsync("churned", Segment.Total, "2026-11-09", "2026-11-16", 1);
        await Services.GetRequiredService<IWatermarkStore>().AdvanceAsync(
            [Known("visits", "2025-10-06", "2026-11-16"), Known("late", "2026-10-05", "2026-11-14"), Known("churned", "2026-10-05", "2026-11-16")],
            CancellationToken.None);

        var sources = Services.GetRequiredService<ISourceStore>();
        var id = await sources.BeginAsync("site", Clock.Now, CancellationToken.None);
        await Services.GetRequiredService<IRecordStore>().AppendAsync(
            new StreamId("site", "visits"), new ReadMark(1, 1), [], [new Reject("data/visits.csv", 7, "visits", "many", "is no number.")],
            "x", Clock.Now, id, CancellationToken.None);
        await sources.FinishAsync(
            new SyncRun(id, "site", Clock.Now, Clock.Now, SyncOutcome.SucceededWithRejects, null,
                [new StreamRun("visits", 1234, 12, 3, 2, 1, Day("2026-11-16"), null)]),
            CancellationToken.None);
    }

    private Watermark Known(string metric, string from, string through) => new(metric, Day(from), Day(through), Clock.Now);

    private Task WriteAsync(string metric, Segment segment, string from, string to, double perDay)
    {
        var (first, end) = (Day(from), Day(to));
        var points = Enumerable.Range(0, end.DayNumber - first.DayNumber).Select(i => new Point(first.AddDays(i), perDay)).ToArray();
        return Services.GetRequiredService<ISeriesStore>().WriteAsync(
            [new SeriesPoints(new SeriesKey(metric, Grain.Day, segment), points)], new WriteStamp(Clock.Now, "test"), CancellationToken.None);
    }

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>Remembers what was asked for and does nothing.</summary>
public sealed class RememberedRequests : ISyncRequests
{
    public List<string> Asked { get; } = [];

    public void Request(string source) => Asked.Add(source);

    public bool IsRunning(string source) => false;

    public DateTimeOffset? NextRun(string source, DateTimeOffset after) => null;
}
