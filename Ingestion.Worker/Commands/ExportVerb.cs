using System.CommandLine;
using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Reports;
using Metrics.Core.Series;
using Microsoft.Extensions.DependencyInjection;

namespace Ingestion.Worker.Commands;

/// <summary><c>kpi export</c>: period values as a table, to a file or the standard output.</summary>
internal static class ExportVerb
{
    public static Command Create()
    {
        var metrics = new Option<string[]>("--metric") { Description = "Metric ids, separated by commas.", Required = true, AllowMultipleArgumentsPerToken = true };
        var grain = new Option<string>("--grain") { Description = "day, week, month, quarter or year.", Required = true };
        grain.AcceptOnlyFromAmong([.. Enum.GetValues<Grain>().Select(value => value.Name())]);
        var from = new Option<string?>("--from") { Description = "The first day; its period is the first. Default: the first period with data." };
        var to = new Option<string?>("--to") { Description = "The first day that is not asked for. Default: tomorrow." };
        var by = new Option<string[]>("--by") { Description = "A dimension; may be repeated. Gives the segments only.", AllowMultipleArgumentsPerToken = true };
        var asOf = new Option<string?>("--as-of") { Description = "What was known at this instant." };
        var format = new Option<string>("--format") { Description = "csv or json. Default: csv.", DefaultValueFactory = _ => "csv" };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write. Default: the standard output." };
        var verb = new Command("export", "Writes period values of metrics as a table.") { metrics, grain, from, to, by, asOf, format, output };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await using var services = KpiCommand.Services(parsed);
            var live = services.GetRequiredService<LiveDefinition>();
            var company = live.Current;
            Faults.Print(live.Faults);

            var formats = services.GetServices<IReportFormat>().ToArray();
            var writer = formats.FirstOrDefault(candidate => candidate.Id == parsed.GetValue(format))
                ?? throw new UsageException($"--format takes {string.Join(" or ", formats.Select(known => known.Id))}, not '{parsed.GetValue(format)}'.");
            if (Split(parsed.GetRequiredValue(metrics)).Select(id => (Id: id, Metric: company.Catalog.TryGet(id, out var metric) ? metric : null)).ToArray() is var asked
                && asked.FirstOrDefault(pair => pair.Metric is null) is { Id: { } unknown })
            {
                Console.Error.WriteLine($"There is no metric '{unknown}'. {Nearest(company.Catalog, unknown)}");
                return ExitCode.InputAtFault;
            }

            var query = new PeriodReportQuery
            {
                Metrics = [.. asked.Select(pair => pair.Metric!)],
                Grain = GrainNames.TryParse(parsed.GetRequiredValue(grain))!.Value,
                From = DateOption.Read(parsed, from),
                To = DateOption.Read(parsed, to),
                By = [.. Split(parsed.GetValue(by) ?? []).Distinct()],
                AsOf = DateOption.ReadInstant(parsed, asOf),
            };
            try
            {
                var table = await services.GetRequiredService<PeriodReport>().BuildAsync(company, query, cancellationToken);
                await OutputFile.WriteAsync(parsed.GetValue(output), target => writer.WriteAsync(table, target, cancellationToken));
                return ExitCode.Done;
            }
            catch (MetricQueryException cannot)
            {
                Console.Error.WriteLine(cannot.Message);
                return ExitCode.InputAtFault;
            }
        });
        return verb;
    }

    private static IEnumerable<string> Split(IEnumerable<string> lists) =>
        lists.SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    internal static string Nearest(MetricCatalog catalog, string id) =>
        catalog.Metrics.Where(metric => metric.Id.Contains(id, StringComparison.OrdinalIgnoreCase) || id.Contains(metric.Id, StringComparison.OrdinalIgnoreCase)).Select(metric => metric.Id).OrderBy(near => Math.Abs(near.Length - id.Length)).Take(3).ToArray() is { Length: > 0 } near
            ? $"Did you mean {string.Join(", ", near)}?"
            : $"The metrics are {string.Join(", ", catalog.Metrics.Select(metric => metric.Id))}.";
}
