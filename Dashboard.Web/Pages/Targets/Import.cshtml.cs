using System.Security.Cryptography;
using System.Text;
using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Targets;
using Metrics.Core.Workspace;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Targets;

/// <summary>What a row of an uploaded file does to the target in force.</summary>
public enum ImportedState
{
    New,
    Changed,
    Same,
}

/// <summary>One row of an uploaded file beside what counts now.</summary>
/// <param name="Before">The target in force; null for none.</param>
public sealed record ImportedRow(Target Target, Target? Before, Metric Metric, string What, ValueFormat Format)
{
    public ImportedState State => Before is null ? ImportedState.New : Before.Value == Target.Value ? ImportedState.Same : ImportedState.Changed;
}

/// <summary>Takes targets from a file in the form of the workspace's own: first shows what changes, then saves it.</summary>
[RequestFormLimits(ValueLengthLimit = LargestFile, MultipartBodyLengthLimit = 2 * LargestFile)]
public sealed class ImportModel(LiveDefinition live, TargetReader targets, ITargetStore store, TimeProvider clock) : PageModel
{
    // Ten thousand rows; a plan has hundreds.
    private const int LargestFile = 1 << 20;

    public string? Message { get; private set; }

    /// <summary>The file; null where none was uploaded.</summary>
    public string? Text { get; private set; }

    /// <summary>What counted in the rows when they were shown, as a fingerprint.</summary>
    public string Seen { get; private set; } = "";

    public IReadOnlyList<ImportedRow> Rows { get; private set; } = [];

    public IReadOnlyList<Fault> Faults { get; private set; } = [];

    public int Count(ImportedState state) => Rows.Count(row => row.State == state);

    public async Task<IActionResult> OnPostAsync(IFormFile? file, CancellationToken cancellationToken)
    {
        if (file is null or { Length: 0 } or { Length: > LargestFile })
        {
            Message = file is null or { Length: 0 } ? "Choose a file that has something in it." : "The file is larger than a megabyte; split it.";
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }

        using var reader = new StreamReader(file.OpenReadStream(), Encoding.UTF8);
        await LookAsync(await reader.ReadToEndAsync(cancellationToken), cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostConfirmAsync(string? text, string? seen, string? note, CancellationToken cancellationToken)
    {
        await LookAsync(text ?? "", cancellationToken);
        var why = note?.Trim() is { Length: > 0 } given ? given[..Math.Min(given.Length, TargetEntry.LongestNote)] : null;
        var calendar = live.Current.Calendar;
        ImportedRow[] asked = [.. Rows.Where(row => row.State != ImportedState.Same)];
        if (asked.Length == 0 || seen != Seen)
            return Again(asked.Length == 0 ? "Nothing would change." : "Nothing saved: somebody has changed a target of the file in between. Look at it again.");

        var at = clock.GetUtcNow();
        var refused = await store.AppendAsync(
            [
                .. asked.Select(row => new CheckedChange(
                    new TargetChange(
                        row.Target.Metric, row.Target.Version, row.Target.Grain, calendar.Key(row.Target.Grain, row.Target.Period), row.Target.Segment,
                        row.Target.Value, row.Target.Note ?? why, User.Identity!.Name!, at),
                    row.Before?.Edit?.At)),
            ],
            cancellationToken);
        if (refused.Count == 0)
            return Redirect($"/targets?version={asked[0].Target.Version}&year={calendar.FiscalYear(asked[0].Target.Period.LastDay)}&saved={asked.Length}");

        await LookAsync(text ?? "", cancellationToken);
        return Again($"{asked.Length - refused.Count} saved; somebody has changed the others in between. Look at them again.");

        PageResult Again(string message)
        {
            Message = message;
            Response.StatusCode = StatusCodes.Status409Conflict;
            return Page();
        }
    }

    private async Task LookAsync(string text, CancellationToken cancellationToken)
    {
        var company = live.Current;
        var (calendar, catalog) = (company.Calendar, company.Catalog);
        var faults = new List<Fault>();
        var read = TargetFiles.Read([("upload.csv", text)], calendar, catalog, faults).Targets;
        var inForce = (await targets.ReadAsync(calendar, catalog, company.Targets, cancellationToken)).Targets
            .ToDictionary(target => (target.Metric, target.Version, target.Segment, target.Period));
        (Text, Faults) = (text, faults);
        Rows =
        [
            .. read.Select(target =>
            {
                var metric = catalog[target.Metric];
                return new ImportedRow(
                    target, inForce.GetValueOrDefault((target.Metric, target.Version, target.Segment, target.Period)), metric,
                    $"{calendar.Name(target.Grain, target.Period)} · {target.Version}{(target.Segment.IsTotal ? "" : $" · {target.Segment}")}",
                    new ValueFormat(metric.Unit, calendar.Settings.Currency));
            }),
        ];
        Seen = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', Rows.Select(row => GridForm.StampOf(row.Before))))));
    }
}
