using System.Text.Json;
using System.Text.Json.Serialization;
using Metrics.Core.Annotations;
using Metrics.Core.Boards;
using Metrics.Core.Charts;
using Metrics.Core.Models;
using Metrics.Core.Periods;
using Metrics.Core.Signals;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>The large chart of a metric: its layers, as a picture, and as data for a script that lets people move in it.</summary>
public sealed class MetricChart
{
    private static readonly JsonSerializerOptions Compact = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly MetricSheet _sheet;
    private readonly MetricAddress _address;
    private readonly IReadOnlyList<SheetRow> _rows;
    private readonly IReadOnlyList<ProcessPoint?> _process;
    private readonly IReadOnlyList<DefinitionVersion> _seams;
    private readonly TrendLayers _all;

    /// <param name="sheet">With at least one row.</param>
    /// <param name="events">Numbered, with their places among the rows from the oldest on.</param>
    /// <param name="seams">The versions of definitions that took over from another.</param>
    public MetricChart(MetricSheet sheet, MetricAddress address, IReadOnlyList<PlacedAnnotation> events, IReadOnlyList<DefinitionVersion> seams)
    {
        (_sheet, _address, _seams) = (sheet, address, seams);
        _rows = [.. sheet.Rows.Reverse()];
        _process = [.. _rows.Select(row => sheet.Process?.At(row.Value.Period))];
        var from = sheet.Forecast is { Points: [var first, ..] } ? _rows.TakeWhile(row => row.Value.Period.Start < first.Period.Start).Count() : _rows.Count;
        _all = new TrendLayers
        {
            Limits = Limits(),
            Signals =
            [
                .. _process.Select((point, i) => point?.Signal is { } signal
                    ? new TrendSignal(i, ShapeOf(signal.Rule), signal.Side == Side.Above, signal.Short, LookOf(signal)) : null).OfType<TrendSignal>(),
            ],
            Forecast =
            [
                .. (sheet.Forecast?.Points ?? []).Select(one =>
                    new TrendForecast(one.ShortLabel, one.Label, one.Value, one.Low80, one.High80, one.Low95, one.High95)),
            ],
            ForecastFrom = from,
            Notes = [.. events.Select(placed => new TrendNote(placed.First, placed.Number, placed.Annotation.Title))],
        };
    }

    public bool HasLimits => _all.Limits.Count > 0;

    public bool HasSignals => _all.Signals.Count > 0;

    public bool HasForecast => _all.Forecast.Count > 0;

    public bool HasYear => _rows.Any(row => row.YearAgo is { Complete: true, Value: not null });

    public bool HasTargets => _rows.Any(row => row.Target is not null);

    public bool HasEvents => _all.Notes.Count > 0;

    /// <summary>The layers that there are, each with what it is called and the class of its key.</summary>
    public IReadOnlyList<(ChartLayers Layer, string Name, string Look)> Layers =>
    [
        .. new (bool Has, ChartLayers Layer, string Name, string Look)[]
        {
            (HasYear, ChartLayers.Year, "A year before", "before"), (HasTargets, ChartLayers.Target, "Target", "target-key"),
            (HasLimits, ChartLayers.Limits, "Natural limits", "band-key"), (HasForecast, ChartLayers.Forecast, "Forecast, 80 and 95\u00A0%", "forecast-key"),
            (HasEvents, ChartLayers.Events, "Events", "events-key"),
        }.Where(one => one.Has).Select(one => (one.Layer, one.Name, one.Look)),
    ];

    /// <summary>What says so where somebody reads and does not see: "Definition v2 from 1 Jul 2026."; empty where nothing changed.</summary>
    public string SeamsInWords => string.Concat(_seams.Select(seam => $" {ModelDefinition.NameOf(seam)} from {seam.Since:d MMM yyyy}."));

    /// <summary>What the picture says beside the headline: the newest signal, the limits and the forecast that it shows.</summary>
    public string LayersInWords
    {
        get
        {
            var sentences = new List<string>();
            if (_sheet.Process?.Signal is { } signal)
                sentences.Add(signal.Sentence);
            if (_address.Shows(ChartLayers.Limits) && HasLimits && _sheet.Process?.Newest is { Line: { } line })
                sentences.Add($"Natural limits {_sheet.Format.Compact(line.Lower)} to {_sheet.Format.Compact(line.Upper)}.");
            if (_address.Shows(ChartLayers.Forecast) && _sheet.Forecast is { } forecast)
                sentences.Add("Forecast: " + forecast.InWords);
            return string.Concat(sentences.Select(sentence => " " + sentence));
        }
    }

    /// <summary>The picture for some room, with the layers that are not hidden; empty where there is nothing to draw.</summary>
    public string Draw(TrendSize size) => TrendChart.Draw(
        [
            .. _rows.Select(row => new TrendPoint(
                row.ShortLabel, row.Label, row.Value, _address.Shows(ChartLayers.Year) ? YearOf(row) : null,
                _address.Shows(ChartLayers.Target) ? row.Target?.Value : null)
            {
                Seam = SeamIn(row.Value.Period),
            }),
        ],
        _sheet.Format, $"{_sheet.Message}{SeamsInWords}{LayersInWords} The table below has the values.", size,
        _all with
        {
            Limits = _address.Shows(ChartLayers.Limits) ? _all.Limits : [],
            Forecast = _address.Shows(ChartLayers.Forecast) ? _all.Forecast : [],
            Notes = _address.Shows(ChartLayers.Events) ? _all.Notes : [],
        });

    /// <summary>Everything that the picture can show, and what is hidden of it, as JSON for <c>explore.js</c>.</summary>
    public string Data() => JsonSerializer.Serialize(
        new
        {
            Metric = _sheet.Metric.Name,
            Grain = _sheet.Grain.Name(),
            Unit = _sheet.Metric.Unit.ToString(),
            _sheet.Format.Currency,
            Points = _rows.Select((row, i) => new
            {
                Label = row.ShortLabel,
                Name = row.Label,
                Value = row.Value.Value,
                Text = Text(row.Value.Value),
                Open = row.Value is { Complete: false, Value: not null } ? true : (bool?)null,
                Restated = row.Value.Restated ? true : (bool?)null,
                Year = YearOf(row),
                YearText = Text(YearOf(row)),
                Target = row.Target?.Value,
                TargetText = Text(row.Target?.Value),
                Center = _process[i]?.Line?.Center,
                Lower = _process[i]?.Line?.Lower,
                Upper = _process[i]?.Line?.Upper,
                LimitsText = _process[i]?.Line is { } line ? $"{Text(line.Lower)} to {Text(line.Upper)}" : null,
                Seam = SeamIn(row.Value.Period),
            }),
            Signals = _all.Signals.Select(signal => new { At = signal.Index, Shape = signal.Shape.ToString().ToLowerInvariant(), signal.Up, signal.Text, signal.Look }),
            From = _all.ForecastFrom,
            Forecast = _all.Forecast.Select(one => new
            {
                one.Label, one.Name, one.Value, one.Low80, one.High80, one.Low95, one.High95,
                Text = $"{Text(one.Value)} expected, {Text(one.Low80)} to {Text(one.High80)} in four of five cases",
            }),
            Notes = _all.Notes.Select(note => new { At = note.Index, note.Number, note.Name }),
            Hidden = _address.HiddenText?.Split(',') ?? [],
        },
        Compact);

    private static decimal? YearOf(SheetRow row) => row.YearAgo.Complete ? row.YearAgo.Value : null;

    private string? Text(decimal? value) => value is null ? null : _sheet.Format.Compact(value);

    /// <summary>The definition that begins in a period; null where none does, and at the first day of all.</summary>
    private string? SeamIn(Period period) => _seams.LastOrDefault(seam => period.Contains(seam.Since!.Value))?.Label;

    /// <summary>A run of periods with limits of the same phase each.</summary>
    private List<TrendLimits> Limits()
    {
        var found = new List<TrendLimits>();
        for (var i = 0; i < _process.Count; i++)
        {
            if (_process[i] is not { Line: not null, Phase: var phase })
                continue;

            var (first, lines) = (i, new List<TrendLimit>());
            while (i < _process.Count && _process[i] is { Line: { } line } point && ReferenceEquals(point.Phase, phase))
            {
                lines.Add(new TrendLimit(line.Center, line.Lower, line.Upper));
                i++;
            }

            i--;
            found.Add(new TrendLimits(first, lines, "natural limits, " + phase.BaselineText));
        }

        return found;
    }

    private static SignalShape ShapeOf(SignalRule rule) => rule switch
    {
        SignalRule.ThreeOfFour => SignalShape.Moderate,
        SignalRule.RunOfEight => SignalShape.Weak,
        SignalRule.Drift => SignalShape.Drift,
        _ => SignalShape.Strong,
    };

    private static string LookOf(Signal signal) => signal.IsFavorable switch
    {
        true => "good",
        false => "bad",
        _ => "neutral",
    };
}
