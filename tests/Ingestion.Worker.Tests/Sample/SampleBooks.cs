using System.Globalization;
using Ingestion.Worker.Sample;
using Tests.Support;

namespace Ingestion.Worker.Tests.Sample;

/// <summary>A sample company, written and read back, with the figures that its tests are about, computed from the files alone.</summary>
internal sealed class SampleBooks : IDisposable
{
    private static readonly NumberFormatInfo German = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };

    private readonly TempFolder _folder = new();
    private readonly Lazy<List<(string User, DateTimeOffset At, string Event)>> _activity;

    public SampleBooks(DateOnly end)
    {
        SampleCompany.Write(_folder.Path, end);
        Subscriptions = [.. Csv.Read(this["data/subscriptions.csv"]).Select(row => new Line(
            row["subscription_id"], row["customer_id"], row["plan"], row["region"], Csv.Day(row["start_date"]),
            row["end_date"] is "" ? DateOnly.MaxValue : Csv.Day(row["end_date"]),
            Csv.Number(row["amount"]) / (row["billing_interval"] is "year" ? 12 : 1)))];
        Last = Subscriptions.Max(line => line.Start);
        _activity = new(() => [.. ReadActivity()]);
    }

    public List<Line> Subscriptions { get; }

    /// <summary>The Sunday on which the sample ends.</summary>
    public DateOnly Last { get; }

    public string this[string file] => _folder[file];

    public decimal Mrr(DateOnly day) => Subscriptions.Where(line => line.RunsOn(day)).Sum(line => line.Monthly);

    public Dictionary<string, decimal> MrrByCustomer(DateOnly day) => Subscriptions.Where(line => line.RunsOn(day))
        .GroupBy(line => line.Customer).ToDictionary(customer => customer.Key, customer => customer.Sum(line => line.Monthly));

    /// <summary>
    /// What those customers paid on the evening before <paramref name="from"/> who pay nothing on the evening of <paramref name="to"/>.
    /// </summary>
    public decimal ChurnedMrr(DateOnly from, DateOnly to)
    {
        var after = MrrByCustomer(to);
        return MrrByCustomer(from.AddDays(-1)).Where(customer => !after.ContainsKey(customer.Key)).Sum(customer => customer.Value);
    }

    public IReadOnlyList<(string User, DateTimeOffset At, string Event)> Activity() => _activity.Value;

    /// <summary>The books: amount by account, month and scenario.</summary>
    public Dictionary<(string Account, string Month, string Scenario), decimal> Ledger() =>
        Csv.Read(this["data/ledger.csv"], ';').ToDictionary(
            row => (row["account"], row["period"], row["scenario"]),
            row => decimal.Parse(row["amount"], NumberStyles.Number, German));

    public void Dispose() => _folder.Dispose();

    private IEnumerable<(string User, DateTimeOffset At, string Event)> ReadActivity() =>
        Directory.EnumerateFiles(this["data"], "activity-*.csv").Order(StringComparer.Ordinal)
            .SelectMany(file => File.ReadLines(file).Skip(1))
            .Select(line => line.Split(','))
            .Select(values => (values[0], Csv.Instant(values[1]), values[2]));

    internal sealed record Line(
        string Id, string Customer, string Plan, string Region, DateOnly Start, DateOnly End, decimal Monthly)
    {
        public bool RunsOn(DateOnly day) => Start <= day && day < End;
    }
}
