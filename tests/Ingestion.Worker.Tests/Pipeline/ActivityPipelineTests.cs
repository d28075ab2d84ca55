using System.Collections.Concurrent;
using System.Globalization;
using Ingestion.Worker.Tests.Connectors;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Pipeline;

/// <summary>What users did is computed from what changed, and comes to the same as if it were computed in full.</summary>
public sealed class ActivityPipelineTests
{
    private static readonly string[] Months = ["2026-01", "2026-02"];

    private Heard _heard = null!;
    private Company _first = null!;
    private Company _company = null!;

    [SetUp]
    public void Found()
    {
        (_heard, _first) = (new Heard(), new Company());
        _company = _first.Again(services => services.AddSingleton<ILoggerProvider>(_heard));
        _company.Folder.Write("sources/app.yaml", """
            id: app
            connector: csv
            streams:
              - name: usage
                file: data/usage*.csv
                record: activity
                key: [id]
                time: { column: at }
                fields: { user: who, event: what, amount: amount }
                dimensions: [region]
            """);
        Usage("data/usage-1.csv", Enumerable.Range(0, 200).Select(Row));
    }

    [TearDown]
    public void Close()
    {
        _company.Dispose();
        _first.Dispose();
        _heard.Dispose();
    }

    [Test]
    public async Task A_late_day_changes_what_it_touches_and_no_more()
    {
        await _company.SyncAsync("app");
        var monday = _company.Clock.Now;
        var january = await _company.FiguresAsync("active_users", Grain.Month, "2026-01-01", "2026-03-01");
        _company.Clock.Now += TimeSpan.FromDays(1);
        Usage("data/usage-2.csv", ["x1,zoe,2026-02-17T10:00:00Z,login,1,EU", "x2,u3,2026-02-17T10:00:00Z,login,1,EU"]);

        var sync = await _company.SyncAsync("app");

        Assert.That(_heard.Lines, Has.Some.Contains("what changed"));
        Assert.That(_heard.Lines.Count(line => line.Contains("in full", StringComparison.Ordinal)), Is.EqualTo(1), "the first time");
        Assert.That(sync.Models.Single().Outcome!.Changed, Is.GreaterThan(0));
        var changed = await _company.FiguresAsync("active_users", Grain.Month, "2026-01-01", "2026-03-01");
        Assert.That(changed[0], Is.EqualTo(january[0]));
        Assert.That(changed[1], Is.EqualTo(int.Parse(january[1], CultureInfo.InvariantCulture) + 1 + " restated"));
        Assert.That(await _company.FigureAsync("active_users", Grain.Month, "2026-02-01", monday), Is.EqualTo(january[1]), "what was said before is known");
        await AssertAsInFullAsync();
    }

    [Test]
    public async Task Changed_and_vanished_rows_come_to_the_same_as_in_full()
    {
        await _company.SyncAsync("app");
        _company.Clock.Now += TimeSpan.FromDays(2);
        Usage("data/usage-1.csv", Enumerable.Range(5, 190).Select(i => i % 7 == 0 ? Row(i).Replace("u", "v", StringComparison.Ordinal) : Row(i)));

        await _company.SyncAsync("app", full: true);

        Assert.That(_heard.Lines, Has.Some.Contains("what changed"));
        await AssertAsInFullAsync();
    }

    [TestCase("lost")]
    [TestCase("spoilt")]
    [TestCase("another definition")]
    [TestCase("an empty store")]
    public async Task What_is_not_remembered_is_computed_again(string why)
    {
        await _company.SyncAsync("app");
        var memory = _company.Folder["data-store/memory/activity.bin"];
        if (why == "lost")
            File.Delete(memory);
        else if (why == "an empty store")
            await EmptyAsync();
        else if (why == "spoilt")
            await File.WriteAllBytesAsync(memory, (await File.ReadAllBytesAsync(memory))[..^9]);
        else
            _company.Folder.Write("metrics/shop.yaml", """
                metrics:
                  - { id: revenue, name: Revenue, unit: currency, over_time: sum, over_segments: sum, missing: zero, dimensions: [country] }
                  - { id: logins, name: Logins, unit: count, over_time: sum, missing: zero, model: engagement.events, with: { event: login } }
                """);
        _company.Clock.Now += TimeSpan.FromHours(1);
        Usage("data/usage-2.csv", ["x1,zoe,2026-02-17T10:00:00Z,login,1,EU"]);

        await _company.SyncAsync("app");

        Assert.That(_heard.Lines.Count(line => line.Contains("in full", StringComparison.Ordinal)), Is.EqualTo(2));
        await AssertAsInFullAsync();
    }

    [Test]
    public async Task The_same_file_again_changes_nothing_and_two_lines_that_are_the_same_both_count()
    {
        _company.Folder.Write("sources/app.yaml", """
            id: app
            connector: csv
            streams:
              - name: usage
                file: data/usage*.csv
                record: activity
                time: { column: at }
                fields: { user: who, event: what }
            """);
        Usage("data/usage-1.csv", ["1,anna,2026-02-17,login,1,EU", "1,anna,2026-02-17,login,1,EU"]);
        await _company.SyncAsync("app");
        var before = _company.Stored();

        await _company.SyncAsync("app", full: true);

        Assert.That(_company.Stored(), Is.EqualTo(before));
        Assert.That(await _company.FigureAsync("events", Grain.Day, "2026-02-17"), Is.EqualTo("2"));
    }

    [Test]
    public async Task Events_of_the_future_are_warned_of_and_left_out_until_their_day_has_come()
    {
        Usage("data/usage-1.csv", ["1,anna,2026-03-10,login,1,EU", "2,bert,2026-03-22,login,1,EU"]);
        await _company.SyncAsync("app");
        var state = _company.Services.GetRequiredService<Metrics.Core.Models.IModelStateStore>();
        var warning = (await state.WarningsAsync(CancellationToken.None)).Single();
        Assert.That((warning.Code, warning.Rows, warning.LeftOut, warning.Examples.Single().Record), Is.EqualTo(("future", 1L, true, "bert")));

        _company.Clock.Now += TimeSpan.FromDays(5);
        await _company.SyncAsync("app", full: true);

        Assert.That(await state.WarningsAsync(CancellationToken.None), Is.Empty);
        Assert.That(await _company.FigureAsync("active_users", Grain.Day, "2026-03-22"), Is.EqualTo("1"));
        await AssertAsInFullAsync();
    }

    private async Task EmptyAsync()
    {
        var store = _company.Services.GetRequiredService<ISeriesStore>();
        foreach (var metric in Definitions.Of(_company.Folder.Path).Catalog.Metrics)
            await store.DeleteAsync(metric.Id, new Period(new DateOnly(2000, 1, 1), new DateOnly(2100, 1, 1)), new WriteStamp(_company.Clock.Now, "test"), CancellationToken.None);
    }

    /// <summary>A process with an empty data folder computes the same points from the same files.</summary>
    private async Task AssertAsInFullAsync()
    {
        using var fresh = _company.Again(data: "fresh");
        await fresh.SyncAsync("app");
        Assert.That(_company.Stored().Points.Order(), Is.EqualTo(fresh.Stored().Points.Order()));
    }

    private static string Row(int i) => string.Create(CultureInfo.InvariantCulture,
        $"{i},u{i * 7 % 23},{Months[i % 2]}-{1 + i % 28:00}T{i % 24:00}:30:00Z,{(i % 3 == 0 ? "order" : "login")},{i % 5},{(i % 4 == 0 ? "EU" : "US")}");

    private void Usage(string file, IEnumerable<string> rows) =>
        _company.Folder.Write(file, "id,who,at,what,amount,region\n" + string.Concat(rows.Select(row => row + "\n")));

    /// <summary>Everything that is logged, as text.</summary>
    private sealed class Heard : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
