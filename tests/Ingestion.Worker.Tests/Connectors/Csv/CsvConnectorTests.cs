using System.Globalization;
using System.Text;
using Ingestion.Worker.Connectors.Csv;
using Metrics.Core.Connectors;
using Metrics.Core.Workspace;
using NUnit.Framework;
using Tests.Support;

namespace Ingestion.Worker.Tests.Connectors.Csv;

public sealed class CsvConnectorTests : ConnectorContract
{
    private TempFolder _folder = null!;

    [SetUp]
    public void WriteFiles()
    {
        _folder = new TempFolder();
        _folder.Write("sources/shop.yaml", """
            id: shop
            connector: csv
            streams:
              - name: sales
                file: data/sales*.csv
                record: signup
                fields: { user: user }
                time: { column: day }
            """);
        foreach (var month in (int[])[1, 2])
        {
            var rows = Enumerable.Range(1, 7)
                .Select(day => string.Create(CultureInfo.InvariantCulture, $"u{month}{day},2026-{month:00}-{day:00}"));
            _folder.Write($"data/sales-{month}.csv", "user,day\n" + string.Join('\n', rows) + "\n");
        }
    }

    [TearDown]
    public void RemoveFiles() => _folder.Dispose();

    [Test]
    public async Task The_newest_file_by_name_is_read_first()
    {
        var pages = await ReadAsync();

        Assert.That(pages.Select(page => page.Part).Distinct(), Is.EqualTo((string[])["data/sales-2.csv", "data/sales-1.csv"]));
    }

    [Test]
    public async Task A_file_that_changed_after_a_checkpoint_is_read_from_its_first_row()
    {
        var pages = await ReadAsync();
        _folder.Write("data/sales-2.csv", "user,day\nu9,2026-02-09\n");

        var again = await ReadAsync(pages[1].Checkpoint);

        Assert.That(again[0].BeginsRead, Is.True);
        Assert.That(again.SelectMany(page => page.Rows).Select(row => row.Cells[0]), Is.EqualTo((string[])["u9", .. Users(1)]));
    }

    [Test]
    public async Task A_file_that_changes_while_it_is_read_is_read_again()
    {
        var rows = new List<string>();
        var changed = false;
        var (connector, workspace, stream) = Open();
        await foreach (var page in connector.ReadAsync(workspace, stream, null, CancellationToken.None))
        {
            if (page.BeginsRead)
                rows.Clear();
            rows.AddRange(page.Rows.Select(row => row.Cells[0]));
            if (!changed)
                _folder.Write("data/sales-1.csv", "user,day\nlate,2026-01-31\n");
            changed = true;
        }

        Assert.That(rows, Is.EqualTo((string[])[.. Users(2), "late"]));
    }

    [Test]
    public async Task A_file_that_changes_all_the_time_is_given_up_as_unfinished()
    {
        var (connector, workspace, stream) = Open();
        var writes = 0;

        var refused = await Assert.ThrowsAsync<ConnectorException>(async () =>
        {
            await foreach (var page in connector.ReadAsync(workspace, stream, null, CancellationToken.None))
                _folder.Write("data/sales-1.csv", $"user,day\n{new string('x', ++writes)},2026-01-01\n");
        });

        Assert.That(refused!.IsPermanent, Is.False);
        Assert.That(refused.Message, Does.Contain("data/sales*.csv was being written while it was read"));
    }

    [Test]
    public async Task An_empty_file_is_refused_by_its_name()
    {
        File.Delete(_folder["data/sales-1.csv"]);
        _folder.Write("data/sales-2.csv", "");

        await Assert.ThatAsync(() => ReadAsync(),
            Throws.InstanceOf<ConnectorException>().With.Message.StartsWith("data/sales-2.csv is empty"));
    }

    [Test]
    public async Task A_file_with_nothing_but_a_header_is_a_complete_read_without_rows()
    {
        File.Delete(_folder["data/sales-1.csv"]);
        _folder.Write("data/sales-2.csv", "user,day\n");

        var pages = await ReadAsync();

        Assert.That(pages.Sum(page => page.Rows.Count), Is.Zero);
        Assert.That(pages[^1].CompletesFullRead, Is.True);
    }

    [Test]
    public async Task Rejects_stand_on_the_page_of_the_rows_around_them()
    {
        File.Delete(_folder["data/sales-1.csv"]);
        _folder.Write("data/sales-2.csv", "user,day\na,2026-01-01\nb\nc,2026-01-03\nd,2026-01-04\ne,2026-01-05\nf\n");

        var pages = await ReadAsync();

        Assert.That(pages.Select(page => string.Join(' ', page.Rejects.Select(reject => reject.Line))),
            Is.EqualTo((string[])["3", "7", ""]));
        for (var stored = 0; stored < pages.Count; stored++)
        {
            var rest = await ReadAsync(pages[stored].Checkpoint);
            Assert.That(rest.SelectMany(page => page.Rejects), Is.EqualTo(pages.Skip(stored + 1).SelectMany(page => page.Rejects)),
                $"after page {stored}");
        }
    }

    [Test]
    public async Task A_file_in_Latin_1_is_read_where_it_is_declared()
    {
        File.Delete(_folder["data/sales-1.csv"]);
        await File.WriteAllBytesAsync(_folder["data/sales-2.csv"], Encoding.Latin1.GetBytes("user,day\nMüller,2026-01-01\n"));
        var yaml = await File.ReadAllTextAsync(_folder["sources/shop.yaml"]);
        _folder.Write("sources/shop.yaml", yaml + "\n    csv: { encoding: iso-8859-1 }\n");

        var pages = await ReadAsync();

        Assert.That(pages[0].Rows[0].Cells[0], Is.EqualTo("Müller"));
    }

    protected override (IConnector Connector, WorkspaceFolder Workspace, SourceStream Stream) Open()
    {
        var company = Definitions.Of(_folder.Path);
        return (new CsvConnector { RowsPerPage = 3 }, company.Folder, company.OnlyStream());
    }

    protected override string RemoveSource()
    {
        Directory.Delete(_folder["data"], recursive: true);
        return "data/sales*.csv";
    }

    private static IEnumerable<string> Users(int month) => Enumerable.Range(1, 7).Select(day => $"u{month}{day}");

    private async Task<List<SourcePage>> ReadAsync(string? checkpoint = null)
    {
        var (connector, workspace, stream) = Open();
        var pages = new List<SourcePage>();
        await foreach (var page in connector.ReadAsync(workspace, stream, checkpoint, CancellationToken.None))
            pages.Add(page);
        return pages;
    }
}
