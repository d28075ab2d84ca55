using System.Globalization;
using Tests.Support;

namespace Ingestion.Worker.Tests.Pipeline;

/// <summary>A workspace with one large generated file of orders; the same rows every time.</summary>
internal sealed class BigExport : IDisposable
{
    private static readonly string[] Countries = ["AT", "CH", "DE", "FR", "IT", "NL"];

    private readonly TempFolder _folder = new();

    /// <param name="comment">How many characters of text stand in each row beside what is read.</param>
    public BigExport(int rows, int comment)
    {
        _folder.Write("metrics/shop.yaml", """
            metrics:
              - { id: revenue, name: Revenue, unit: currency, over_time: sum, over_segments: sum, missing: zero, dimensions: [country] }
            """);
        _folder.Write("sources/shop.yaml", """
            id: shop
            connector: csv
            streams:
              - name: orders
                file: data/orders.csv
                record: metric_value
                key: [order]
                time: { column: day }
                metrics: { revenue: amount }
                dimensions: { country: country }
            """);
        Directory.CreateDirectory(_folder["data"]);
        var text = new string('x', comment);
        using var file = new StreamWriter(this["data/orders.csv"]);
        file.Write("order,day,country,amount,comment\n");
        var first = new DateOnly(2024, 1, 1);
        for (var i = 0; i < rows; i++)
        {
            var day = first.AddDays((int)((long)i * 700 / rows));
            file.Write(string.Create(CultureInfo.InvariantCulture,
                $"{i},{day:yyyy-MM-dd},{Countries[i % 6]},{i % 997}.{i % 90 + 10},{text}\n"));
        }
    }

    public string this[string relativePath] => _folder[relativePath];

    public long Bytes => new FileInfo(this["data/orders.csv"]).Length;

    public string[] Sync(string data) => ["sync", "--workspace", _folder.Path, "--data", data];

    /// <summary>What the figures are, without the moment as of which they are known.</summary>
    public async Task<string[]> ExportAsync(string data)
    {
        var export = await KpiProcess.RunAsync("export", "--workspace", _folder.Path, "--data", data,
            "--metric", "revenue", "--grain", "day", "--by", "country", "--to", "2026-01-01");
        return [.. export.Output.Split('\n').Select(line => line.Split(','))
            .Select(cells => string.Join(',', cells.Where((_, i) => i != 6)))];
    }

    public void Dispose() => _folder.Dispose();
}
