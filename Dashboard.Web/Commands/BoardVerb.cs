using System.CommandLine;
using Dashboard.Web.Rendering;
using Ingestion.Worker.Commands;
using Metrics.Core.Alerts;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Findings;
using Metrics.Core.Narratives;
using Metrics.Core.Periods;
using Metrics.Core.Reports;
using Metrics.Core.Targets;

namespace Dashboard.Web.Commands;

/// <summary><c>kpi board ID</c>: one snapshot of a board as a file.</summary>
internal static class BoardVerb
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "The board's id." };
        var week = new Option<string?>("--week") { Description = "The period, such as 2026-W46, or the date of any day in it. Default: the newest complete one." };
        var format = new Option<string>("--format") { Description = "json or html. Default: json.", DefaultValueFactory = _ => "json" };
        format.AcceptOnlyFromAmong("json", "html");
        var output = new Option<string?>("--output", "-o") { Description = "The file to write. Default: the standard output." };
        var verb = new Command("board", "Writes a board for one period.") { id, week, format, output };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new DashboardOptions
            {
                Workspace = parsed.GetValue(KpiCommand.Workspace)!, Data = KpiCommand.DataFolder(parsed), SyncsOnSchedule = false,
                Arguments = ["--Logging:LogLevel:Default=Warning"],
            };
            await using var app = DashboardApp.Build(options);
            var live = app.Services.GetRequiredService<LiveDefinition>();
            Faults.Print(live.Faults);
            var company = live.Current;
            if (company.FindBoard(parsed.GetRequiredValue(id)) is not { } board)
            {
                Console.Error.WriteLine($"There is no board '{parsed.GetRequiredValue(id)}'. {(company.Boards.Count == 0 ? "The workspace has none." : $"The boards are {string.Join(", ", company.Boards.Select(known => known.Id))}.")}");
                return ExitCode.InputAtFault;
            }

            Period? period = null;
            if (parsed.GetValue(week) is { } asked && !company.Calendar.TryParse(board.Grain, asked, out period))
                throw new UsageException($"'{asked}' is no {board.Grain.Name()} of the calendar; use one such as {company.Calendar.Key(board.Grain, company.Calendar.Containing(board.Grain, new DateOnly(2026, 11, 9)))}, or a date.");

            var targets = await app.Services.GetRequiredService<TargetReader>()
                .ReadAsync(company.Calendar, company.Catalog, company.Targets, cancellationToken);
            var snapshot = await app.Services.GetRequiredService<BoardBuilder>()
                .BuildAsync(board, company.Calendar, company.Catalog, targets, new BoardQuery { Period = period }, cancellationToken);
            var alerts = await app.Services.GetRequiredService<AlertReader>().FiringAsync(company.Alerts, company.Calendar, cancellationToken);
            var findings = await app.Services.GetRequiredService<FindingReader>()
                .ReadAsync(snapshot, company.Calendar, company.Catalog, alerts, cancellationToken);
            var narrative = await app.Services.GetRequiredService<NarrativeReader>().ReadAsync(board, company.Calendar, snapshot.Period, cancellationToken);
            await OutputFile.WriteAsync(parsed.GetValue(output), target => parsed.GetValue(format) == "html"
                ? app.Services.GetRequiredService<BoardDocument>().WriteAsync(snapshot, Site(), target, cancellationToken)
                : BoardJson.WriteAsync(snapshot, findings, narrative, target, cancellationToken));
            return ExitCode.Done;
        });
        return verb;
    }

    private static Uri? Site() => Environment.GetEnvironmentVariable("KPI_URL") is not { Length: > 0 } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var site) && site.Scheme is "http" or "https" ? site
        : throw new UsageException($"KPI_URL is '{text}'; it must be the address of the dashboard, such as https://kpi.example.com.");
}
