using System.CommandLine;
using System.Globalization;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Reports;
using Metrics.Core.Series;
using Microsoft.Extensions.DependencyInjection;

namespace Ingestion.Worker.Commands;

/// <summary>
/// <c>kpi records</c>: the records behind one value, with what they come to and what is stored. Exit code 1 where the two do not agree.
/// </summary>
internal static class RecordsVerb
{
    private const string Json = "json";

    public static Command Create()
    {
        var id = new Option<string>("--metric") { Description = "The metric's id.", Required = true };
        var period = new Option<string>("--period") { Description = "2026-W46, 2026-10, 2026-Q3, 2026 or a date.", Required = true };
        var grain = new Option<string?>("--grain") { Description = "day, week, month, quarter or year. Default: that of the period." };
        grain.AcceptOnlyFromAmong([.. Enum.GetValues<Grain>().Select(value => value.Name())]);
        var dims = new Option<string[]>("--dim") { Description = "NAME=VALUE, a dimension; may be repeated. Default: the total." };
        var format = new Option<string>("--format") { Description = "csv or json. Default: csv.", DefaultValueFactory = _ => "csv" };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write. Default: the standard output." };
        var most = new Option<int?>("--most") { Description = "At most this many lines, the largest. All are counted and added up. Default: all." };
        var verb = new Command("records", "Writes the records behind a value; exits 1 when they do not come to it.")
        {
            id, period, grain, dims, format, output, most,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var dimensions = (parsed.GetValue(dims) ?? []).Select(PairOf).ToArray();
            var lines = parsed.GetValue(most) ?? int.MaxValue;
            if (lines < 1)
                throw new UsageException($"--most takes a number of lines from 1, not '{lines}'.");
            await using var services = KpiCommand.Services(parsed);
            var live = services.GetRequiredService<LiveDefinition>();
            var company = live.Current;
            Faults.Print(live.Faults);

            var formats = services.GetServices<IReportFormat>().ToArray();
            var writer = formats.FirstOrDefault(candidate => candidate.Id == parsed.GetValue(format))
                ?? throw new UsageException($"--format takes {string.Join(" or ", formats.Select(known => known.Id))}, not '{parsed.GetValue(format)}'.");
            if (!company.Catalog.TryGet(parsed.GetRequiredValue(id), out var metric))
            {
                Console.Error.WriteLine($"There is no metric '{parsed.GetValue(id)}'. {ExportVerb.Nearest(company.Catalog, parsed.GetRequiredValue(id))}");
                return ExitCode.InputAtFault;
            }

            if (!AskedValue.TryRead(company, metric, parsed.GetValue(grain), parsed.GetRequiredValue(period), dimensions, out var asked, out var fault))
                throw new UsageException(fault);

            try
            {
                var working = await services.GetRequiredService<WorkingReader>()
                    .ReadAsync(company, metric, asked.Grain, asked.Period, asked.Filter, lines, cancellationToken);
                await OutputFile.WriteAsync(parsed.GetValue(output), target => writer.Id == Json
                    ? WorkingJson.WriteAsync(asked, working, target, cancellationToken)
                    : writer.WriteAsync(WorkingReport.Of(working), target, cancellationToken));
                await Console.Error.WriteLineAsync(InWords(company, asked, working));
                return working.Agrees ? ExitCode.Done : ExitCode.InputAtFault;
            }
            catch (MetricQueryException cannot)
            {
                await Console.Error.WriteLineAsync(cannot.Message);
                return ExitCode.InputAtFault;
            }
        });
        return verb;
    }

    /// <summary>What the lines come to and whether that is the value, for whoever reads them as a table.</summary>
    private static string InWords(CompanyDefinition company, AskedValue asked, Working working)
    {
        var (what, count) = working.Lines is { } lines ? ("line", lines.Count) : ("operand", working.Operands.Count);
        var listed = working.Lines is { } some && some.Lines.Count < some.Count
            ? string.Create(CultureInfo.InvariantCulture, $" ({some.Lines.Count} written)")
            : "";
        var verdict = working.Reason ?? (working.Agrees ? "It adds up." : "It does not add up: the records have changed since the value was computed last.");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{asked.Metric.Id}, {company.Calendar.Name(asked.Grain, asked.Period)}: {count} {what}{(count == 1 ? "" : "s")}{listed}, total {Text(working.Total)}, "
            + $"stored {Text(working.Stored.Value)}. {verdict}");
    }

    private static string Text(decimal? value) => value?.ToString("0.############################", CultureInfo.InvariantCulture) ?? "none";

    private static KeyValuePair<string, string> PairOf(string text) => text.IndexOf('=', StringComparison.Ordinal) is var at and > 0
        ? KeyValuePair.Create(text[..at], text[(at + 1)..])
        : throw new UsageException($"--dim takes NAME=VALUE such as plan=Pro, not '{text}'.");
}
