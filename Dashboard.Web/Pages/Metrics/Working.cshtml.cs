using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Models;
using Metrics.Core.Series;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>One value of a metric taken apart.</summary>
public sealed class WorkingModel(LiveDefinition live, WorkingReader workings) : PageModel
{
    /// <summary>How many lines a page shows; the file has all.</summary>
    public const int MostLines = 200;

    public Working Working { get; private set; } = null!;

    public WorkingAddress Address { get; private set; } = null!;

    /// <summary>The period's name.</summary>
    public string Label { get; private set; } = "";

    /// <summary>How amounts of the metric are written: in full, so that they can be added up.</summary>
    public ValueFormat Format { get; private set; } = null!;

    public ValueFormat Money { get; private set; } = null!;

    /// <summary>How the values of an operand are written.</summary>
    public ValueFormat FormatOf(Metric metric) => new(metric.Unit, Money.Currency);

    /// <summary>The working of an operand's value; null of a run of days, which is no period and has none.</summary>
    public string? WorkingOf(Operand operand) => operand.IsRun
        ? null
        : WorkingAddress.For(operand.Metric.Id, Address.Grain, live.Current.Calendar.Key(Address.Grain, operand.Days), Address.Filter);

    /// <summary>The period in which an operand was read: its name, or its first and last day.</summary>
    public string PeriodOf(Operand operand) => operand.IsRun
        ? string.Create(CultureInfo.InvariantCulture, $"{operand.Days.Start:d MMM yyyy} – {operand.Days.LastDay:d MMM yyyy}")
        : live.Current.Calendar.Label(Address.Grain, operand.Days);

    /// <summary>A cell as people read it; money and counts in full.</summary>
    public string Text(WorkingColumn column, object? cell) => cell switch
    {
        null => "",
        DateOnly day => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture),
        decimal number => column.Kind == WorkingKind.Money ? Money.Exact(number) : new ValueFormat(Unit.Count, "").Exact(number),
        _ => (string)cell,
    };

    /// <summary>The word between the lines and their total.</summary>
    public string TotalInWords => Working.Lines?.AddsUp switch
    {
        AddsUp.Count => "Number of lines",
        AddsUp.Mean => "Mean of the lines",
        AddsUp.Lowest => "Lowest of the lines",
        AddsUp.Highest => "Highest of the lines",
        AddsUp.Sum => "Sum of the lines",
        AddsUp.Quantile => "Median or percentile of the lines",
        _ => "The formula gives",
    };

    public async Task<IActionResult> OnGetAsync(string id, string? grain, string? period, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (!company.Catalog.TryGet(id, out var metric))
            return this.NotFoundBecause($"There is no metric '{id}'.");
        if (!WorkingAddress.TryRead(company, metric, grain, period, Request.Query, out var address, out var fault))
            return this.NotFoundBecause(fault);

        Address = address;
        (Format, Money) = (new ValueFormat(metric.Unit, company.Calendar.Settings.Currency), new ValueFormat(Unit.Currency, company.Calendar.Settings.Currency));
        Label = company.Calendar.Label(address.Grain, address.Period);
        try
        {
            Working = await workings.ReadAsync(company, metric, address.Grain, address.Period, address.Filter, MostLines, cancellationToken);
            return Page();
        }
        catch (MetricQueryException cannot)
        {
            return this.NotFoundBecause(cannot.Message);
        }
    }
}
