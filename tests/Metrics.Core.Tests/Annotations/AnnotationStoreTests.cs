using Metrics.Core.Annotations;
using Metrics.Core.Series;
using Metrics.Core.Storage;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Metrics.Core.Tests.Annotations;

/// <summary>What every store of annotations promises, on every engine.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
public sealed class AnnotationStoreTests(Engine engine)
{
    private static readonly DateTimeOffset Monday = Some.Instant("2026-11-16T08:00:00.123456Z");

    private ScratchDatabase _database = null!;
    private ServiceProvider _services = null!;

    private static CancellationToken None => CancellationToken.None;

    private IAnnotationStore Store => _services.GetRequiredService<IAnnotationStore>();

    [SetUp]
    public void Open()
    {
        _database = new ScratchDatabase(engine);
        _services = new ServiceCollection()
            .AddLogging()
            .AddStorage(new StorageOptions { DataFolder = _database.Folder, Database = _database.Address })
            .AddSingleton<AnnotationReader>()
            .BuildServiceProvider();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _services.DisposeAsync();
        _database.Dispose();
    }

    [Test]
    public async Task An_annotation_comes_back_with_everything_that_was_said()
    {
        var said = Change("fair", "Zoë's \"fair\"; 100 %") with { By = "Berta", Origin = AnnotationOrigin.Api };
        said = said with
        {
            Content = said.Content! with
            {
                Days = Some.Days("2026-09-21..2026-10-02"), Kind = AnnotationKind.Campaign, Text = "Two\nlines", Link = new Uri("https://example.com/a%20b?c=d#e"),
                Metrics = ["mrr", "signups"], Boards = ["weekly"], Segment = Segment.Of([("region", "Côte d'Ivoire"), ("plan", "Pro")]),
            },
        };

        var version = await Store.AppendAsync(said, null, None);

        var read = (await Store.CurrentAsync(None)).Single();
        Assert.That(read with { Content = null }, Is.EqualTo(said with { Content = null, Version = version!.Value }));
        Assert.That(Text(read.Content!), Is.EqualTo(Text(said.Content!)));
    }

    [Test]
    public async Task The_newest_change_counts_a_deleted_one_is_absent_and_all_are_kept()
    {
        foreach (var change in (AnnotationChange[])[Change("a", "One"), Change("b", "Two"), Change("a", "Three") with { By = "Berta" }, Change("b", null)])
            await Store.AppendAsync(change, null, None);

        Assert.That((await Store.CurrentAsync(None)).Select(change => change.Content!.Title), Is.EqualTo(new[] { "Three" }));
        Assert.That((await Store.HistoryAsync("a", None)).Select(change => (change.Content!.Title, change.By)), Is.EqualTo(new[] { ("Three", "Berta"), ("One", "Anna") }));
        Assert.That((await Store.NewestAsync(3, None)).Select(change => (change.Id, change.Content?.Title)),
            Is.EqualTo(new (string, string?)[] { ("b", null), ("a", "Three"), ("b", "Two") }));
    }

    [Test]
    public async Task Nobody_writes_over_what_he_has_not_seen()
    {
        var first = await Store.AppendAsync(Change("a", "One"), 0, None);
        Assert.That(first, Is.Not.Null);
        Assert.That(await Store.AppendAsync(Change("a", "Again"), 0, None), Is.Null, "it is there already");
        var second = await Store.AppendAsync(Change("a", "Two"), first, None);
        Assert.That(second, Is.GreaterThan(first));
        Assert.That(await Store.AppendAsync(Change("a", "Late"), first, None), Is.Null);
        Assert.That(await Store.AppendAsync(Change("a", null), second, None), Is.Not.Null);
        Assert.That(await Store.AppendAsync(Change("a", "New"), 0, None), Is.Not.Null, "what was deleted may be there again");
        Assert.That((await Store.HistoryAsync("a", None)).Select(change => change.Content?.Title), Is.EqualTo(new[] { "New", null, "Two", "One" }));
    }

    [Test]
    public async Task A_change_moves_the_data_version_and_a_refused_one_does_not()
    {
        var versions = _services.GetRequiredService<IDataVersion>();
        var before = await versions.ReadAsync(None);
        await Store.AppendAsync(Change("a", "One"), 0, None);
        var after = await versions.ReadAsync(None);
        await Store.AppendAsync(Change("a", "One"), 0, None);

        Assert.That(after, Is.GreaterThan(before));
        Assert.That(await versions.ReadAsync(None), Is.EqualTo(after));
    }

    [Test]
    public async Task What_was_entered_stands_beside_the_files_and_a_file_with_the_same_id_counts()
    {
        var files = new AnnotationBook([new Annotation("a", Some.Days("2026-11-01..2026-11-01"), "From a file", AnnotationKind.Other)]);
        await Store.AppendAsync(Change("a", "Entered"), null, None);
        await Store.AppendAsync(Change("b", "Entered too"), null, None);

        var book = await _services.GetRequiredService<AnnotationReader>().ReadAsync(files, None);

        Assert.That(book.Annotations.Select(one => (one.Title, one.Edit?.By)), Is.EqualTo(new (string, string?)[] { ("From a file", null), ("Entered too", "Anna") }));
    }

    private static AnnotationChange Change(string id, string? title) => new(
        id, title is null ? null : new Annotation(id, Some.Days("2026-11-09..2026-11-09"), title, AnnotationKind.Release), AnnotationOrigin.Page, "Anna", Monday);

    private static string Text(Annotation one) =>
        $"{one.Id}|{one.Days}|{one.Title}|{one.Kind}|{one.Text}|{one.Link?.AbsoluteUri}|{string.Join(',', one.Metrics)}|{string.Join(',', one.Boards)}|{one.Segment.Text}";
}
