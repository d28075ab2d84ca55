using Metrics.Core.Catalog;
using Metrics.Core.Models;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Series;

namespace Metrics.Core.Definitions;

/// <summary>A metric in a formula, with its value in the formula's segment and in the period in which the formula reads it.</summary>
/// <param name="Text">The metric with what the formula does to its period: <c>mrr</c>, <c>previous(mrr)</c>, <c>rolling(visits, 4w)</c>.</param>
/// <param name="Days">The days that were read.</param>
/// <param name="IsRun">Whether these are a run of its own length, and not a period of the grain.</param>
public sealed record Operand(Metric Metric, PeriodValue Value, string Text, Period Days, bool IsRun);

/// <summary>One value of a metric taken apart: the records or the operands that make it.</summary>
public sealed record Working
{
    public required Metric Metric { get; init; }

    public required Grain Grain { get; init; }

    /// <summary>One value for each of some dimensions; empty for the total.</summary>
    public required IReadOnlyDictionary<string, string> Filter { get; init; }

    /// <summary>The value as boards show it, from the stored points.</summary>
    public required PeriodValue Stored { get; init; }

    /// <summary>The lines, from the records as they are now; null for a formula, and where there are none to give.</summary>
    public ModelWorking? Lines { get; init; }

    /// <summary>The metrics of a formula, in its order; empty for a metric with points of its own.</summary>
    public IReadOnlyList<Operand> Operands { get; init; } = [];

    /// <summary>Why there are no lines; null where there are.</summary>
    public string? Reason { get; init; }

    /// <summary>What the lines or operands come to.</summary>
    public decimal? Total { get; init; }

    /// <summary>
    /// Whether that is the stored value. A stored point keeps fifteen digits, so of longer numbers the last ones may differ.
    /// </summary>
    public bool Agrees => (Stored.Value, Total) switch
    {
        (null, _) => Total is null || Lines?.Count == 0,
        (_, null) => false,
        var (stored, total) => Math.Abs(stored.Value - total.Value) <= Math.Abs(stored.Value) * 1e-13m,
    };
}

/// <summary>Shows what a value is made of: a model's from the records of its streams, a formula's from its operands.</summary>
/// <remarks>
/// Reads every record of the metric's streams once, one after the other, and keeps none but the largest lines. Revenue keeps the
/// subscriptions of the segment, and active users one entry for each user of the period.
/// </remarks>
public sealed class WorkingReader(
    MetricReader reader, IWatermarkStore watermarks, IRecordStore records, DefinitionVersions definitions, IEnumerable<IModel> models)
{
    private readonly Dictionary<string, IModel> _models = models.ToDictionary(model => model.Name);

    /// <param name="period">A whole period of <paramref name="grain"/>.</param>
    /// <param name="filter">One value for each of some dimensions; empty for the total.</param>
    /// <param name="most">How many lines to give, the largest ones.</param>
    /// <exception cref="MetricQueryException">The metric is not stored by that grain or dimension.</exception>
    public async Task<Working> ReadAsync(
        CompanyDefinition company, Metric metric, Grain grain, Period period, IReadOnlyDictionary<string, string> filter, int most,
        CancellationToken cancellationToken)
    {
        var working = new Working
        {
            Metric = metric,
            Grain = grain,
            Filter = filter,
            Stored = await ValueAsync(company, metric, grain, period, filter, cancellationToken),
        };
        if (metric.Formula is { } formula)
        {
            var at = new FormulaPeriod(grain, period);
            var places = formula.Operands(company.Calendar, at);
            var operands = new List<Operand>();
            foreach (var place in places)
            {
                var operand = company.Catalog[place.Metric];

                // A metric in another period is what its own text, as a formula, is in this one.
                var read = place.At == at ? operand : operand with { Model = null, Formula = Formula.Parse(place.Text) };
                var value = await ValueAsync(company, read, grain, period, filter, cancellationToken);
                operands.Add(new Operand(operand, value, place.Text, place.At.Days(company.Calendar), place.At.IsRun));
            }

            var values = places.Zip(operands).ToDictionary(pair => (pair.First.Metric, pair.First.At), pair => pair.Second.Value.Value);
            return working with { Operands = operands, Total = formula.Evaluate(company.Calendar, at, (id, place) => values[(id, place!)]) };
        }

        var model = _models[Lineage.ModelOf(metric)];
        if (model is not IModelWorking explaining)
            return working with { Reason = $"The model {model.Name} does not show its working." };

        var streams = company.StreamsOf(metric, model);
        var progress = await watermarks.ReadAsync([metric.Id], null, cancellationToken);
        if (streams.Count == 0 || !progress.TryGetValue(metric.Id, out var known) || known.Newest.DataFrom >= known.Newest.CompleteThrough)
            return working with { Reason = "No records are behind it: its values were delivered as they are." };

        var days = new Period(known.Newest.DataFrom, known.Newest.CompleteThrough);
        var versions = await definitions.ReadAsync(company, model, cancellationToken);
        var question = new WorkingQuestion(metric, company.Calendar, grain, period, filter, days, most) { Accounts = company.Accounts };
        var run = VersionedWorking.Start(explaining, question, versions);
        await foreach (var record in records.ReadAsync([.. streams.Select(stream => stream.Id)], cancellationToken))
            run.Add(record);

        try
        {
            var lines = run.Finish();
            return working with { Lines = lines, Total = lines.Total };
        }
        catch (ModelException refused)
        {
            return working with { Reason = $"The model {model.Name} cannot compute the records as they are: {refused.Message}" };
        }
    }

    private async Task<PeriodValue> ValueAsync(
        CompanyDefinition company, Metric metric, Grain grain, Period period, IReadOnlyDictionary<string, string> filter,
        CancellationToken cancellationToken)
    {
        var query = new MetricQuery
        {
            Metric = metric,
            Grain = grain,
            Periods = [period],
            Filter = filter.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)[pair.Value]),
        };
        return (await reader.ReadAsync(company.Calendar, company.Catalog, query, cancellationToken))[0].Values[0];
    }
}
