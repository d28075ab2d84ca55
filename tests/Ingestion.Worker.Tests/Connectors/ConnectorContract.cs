using Metrics.Core.Connectors;
using Metrics.Core.Workspace;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Connectors;

/// <summary>What every connector promises. Derive from it, offer a source of some pages, and the promises are checked.</summary>
public abstract class ConnectorContract
{
    /// <summary>A connector with a source of at least three pages, none of which is read yet.</summary>
    protected abstract (IConnector Connector, WorkspaceFolder Workspace, SourceStream Stream) Open();

    /// <summary>Takes away what the stream reads, and says by which name people know it.</summary>
    protected abstract string RemoveSource();

    [Test]
    public async Task Reading_again_from_the_last_checkpoint_gives_no_page()
    {
        var pages = await ReadAsync(null);

        Assert.That(pages, Has.Count.GreaterThanOrEqualTo(3));
        Assert.That(await ReadAsync(pages[^1].Checkpoint), Is.Empty);
    }

    [Test]
    public async Task From_every_checkpoint_the_rest_of_the_rows_follows_and_no_other()
    {
        var pages = await ReadAsync(null);
        for (var stored = 0; stored < pages.Count; stored++)
        {
            var rest = await ReadAsync(pages[stored].Checkpoint);

            Assert.That(RowsOf(rest), Is.EqualTo(RowsOf(pages.Skip(stored + 1))), $"after page {stored}");
            Assert.That(rest.Any(page => page.BeginsRead), Is.False, $"after page {stored} the same read goes on");
        }
    }

    [Test]
    public async Task Only_the_first_page_begins_a_read_and_only_the_last_one_completes_it()
    {
        var pages = await ReadAsync(null);

        Assert.That(pages.Select(page => page.BeginsRead), Is.EqualTo(pages.Select((_, i) => i == 0)));
        Assert.That(pages.SkipLast(1).Any(page => page.CompletesFullRead), Is.False);
    }

    [Test]
    public async Task A_page_that_completes_a_read_has_no_rows_of_its_own()
    {
        var pages = await ReadAsync(null);

        Assert.That(pages.Where(page => page.CompletesFullRead).Sum(page => page.Rows.Count + page.Rejects.Count), Is.Zero);
    }

    [Test]
    public async Task Parts_are_numbered_in_the_order_of_reading_and_progress_grows()
    {
        var pages = await ReadAsync(null);

        Assert.That(pages.Select(page => page.PartNumber), Is.Ordered);
        Assert.That(pages.Where(page => page.Progress is not null).Select(page => page.Progress!.Value), Is.Ordered.And.All.InRange(0, 1));
    }

    [Test]
    public async Task Reading_stops_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var read = 0;

        await Assert.ThatAsync(async () =>
        {
            var (connector, workspace, stream) = Open();
            await foreach (var page in connector.ReadAsync(workspace, stream, null, cancel.Token))
            {
                read++;
                await cancel.CancelAsync();
            }
        }, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(read, Is.EqualTo(1));
    }

    [Test]
    public async Task A_source_that_is_not_there_is_named()
    {
        Open();
        var name = RemoveSource();

        await Assert.ThatAsync(() => ReadAsync(null), Throws.InstanceOf<ConnectorException>().With.Message.Contains(name));
    }

    private async Task<List<SourcePage>> ReadAsync(string? checkpoint)
    {
        var (connector, workspace, stream) = Open();
        var pages = new List<SourcePage>();
        await foreach (var page in connector.ReadAsync(workspace, stream, checkpoint, CancellationToken.None))
            pages.Add(page);
        return pages;
    }

    private static string[] RowsOf(IEnumerable<SourcePage> pages) =>
        [.. pages.SelectMany(page => page.Rows.Select(row => $"{page.Part}:{row.Line} {string.Join('|', row.Cells)}"))];
}
