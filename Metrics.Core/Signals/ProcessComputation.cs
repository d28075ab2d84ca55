using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Signals;

/// <summary>The figures that a process is made of.</summary>
internal sealed record ProcessFigures(Period[] Periods, decimal?[] Values, decimal[]? Answers);

/// <summary>Finds the phases of a process, their limits, and what stands out in them.</summary>
internal sealed class ProcessComputation(ProcessSubject subject, ProcessFigures figures, BaselineChoices choices)
{
    /// <summary>Two independent standard errors: a series of noise follows itself that much in one of forty cases.</summary>
    private const double FollowsFrom = 2;

    private readonly int _count = figures.Values.Length;
    private readonly bool _ofChanges = subject.Accrual == Accrual.Stock;
    private readonly bool _isNeverNegative = subject.Metric.Unit is Unit.Count or Unit.Currency or Unit.Percent or Unit.Duration
        && figures.Values.All(value => value is not < 0);

    public Process Compute()
    {
        var season = _ofChanges || figures.Answers is not null || _count < 2
            ? null
            : Seasonality.Find(figures.Values[..^1], Seasonality.LengthOf(subject.Grain));
        var (judged, scales) = Basis(season);
        var points = new List<ProcessPoint>(_count);
        var phases = new List<ProcessPhase>();
        Drift? drift = null;
        var starts = Starts(judged);
        for (var i = 0; i < starts.Count; i++)
        {
            var end = i + 1 < starts.Count ? starts[i + 1].Place : _count;
            drift = Phase(starts[i], end, judged, scales, season, phases, points);
        }

        return new Process { Subject = subject, Points = points, Phases = phases, Drift = drift };
    }

    /// <summary>What is judged before anything is known of phases: values, changes of a stock, or values without their season.</summary>
    private (decimal?[] Judged, Scale[] Scales) Basis(Seasonality? season)
    {
        var judged = new decimal?[_count];
        var scales = new Scale[_count];
        for (var i = 0; i < _count; i++)
        {
            var before = i == 0 ? null : figures.Values[i - 1];
            scales[i] = _ofChanges ? new Scale(before ?? 0, 1) : new Scale(0, season?.At(i) ?? 1);
            judged[i] = _ofChanges ? figures.Values[i] - before : season is null ? figures.Values[i] : Rounded(figures.Values[i] / scales[i].Factor);
        }

        return (judged, scales);
    }

    /// <summary>
    /// Where phases begin. What people decided counts; else a year has limits of its own once it has as many periods as a baseline
    /// and one to judge, a month for days.
    /// </summary>
    private List<(int Place, PhaseStart? Choice)> Starts(decimal?[] judged)
    {
        List<(int Place, PhaseStart? Choice)> starts = [(0, null)];
        foreach (var phase in choices.Phases)
        {
            var place = Array.FindIndex(figures.Periods, period => period.Start >= phase.From.Start);
            if (place < 0)
                continue;
            if (place == starts[^1].Place)
                starts[^1] = (place, phase);
            else
                starts.Add((place, phase));
        }

        if (!choices.IsDefault || subject.Grain == Grain.Year)
            return starts;

        var longer = subject.Grain == Grain.Day ? Grain.Month : Grain.Year;
        var known = new int[_count + 1];
        for (var i = 0; i < _count; i++)
            known[i + 1] = known[i] + (judged[i] is null ? 0 : 1);
        for (var i = 1; i < _count; i++)
        {
            var begins = subject.Calendar.NumberOf(longer, figures.Periods[i].LastDay)
                != subject.Calendar.NumberOf(longer, figures.Periods[i - 1].LastDay);
            if (begins && known[_count] - known[i] > Process.BaselinePoints)
                starts.Add((i, null));
        }

        return starts;
    }

    private Drift? Phase(
        (int Place, PhaseStart? Choice) start, int end, decimal?[] judged, Scale[] scales, Seasonality? season, List<ProcessPhase> phases,
        List<ProcessPoint> points)
    {
        var (from, length) = (start.Place, end - start.Place);
        var locked = choices.Locks.LastOrDefault(one => PhaseOf(one) == start.Choice);
        var method = locked?.Change.Method ?? start.Choice?.Change.Method ?? LimitMethod.Mean;
        var places = BaselineOf(judged, from, end, locked);
        var values = judged[from..end];
        var own = scales[from..end];
        var blur = (decimal[]?)null;
        var phase = new ProcessPhase
        {
            Subject = subject, From = figures.Periods[from], To = figures.Periods[end - 1], OfChanges = _ofChanges, Season = season,
            Began = start.Choice?.Change, Locked = locked?.Change,
        };
        if (places.Count >= ProcessLimits.FewestPoints)
        {
            // The baseline may lie before the phase only where somebody locked it there; then it is judged by the same rules.
            var baseline = places.Where(place => judged[place] is not null).Select(place => (place, (double)judged[place]!.Value)).ToArray();
            var all = (decimal?[])judged.Clone();
            var allScales = (Scale[])scales.Clone();
            if (figures.Answers is not null)
            {
                phase = phase with { ByAnswers = true };
                ByAnswers(baseline, all, allScales);
            }
            else if (Line.Through(baseline) is { } line)
            {
                if (line.IsTrend)
                {
                    phase = phase with { Trends = true };
                    blur = AroundTrend(line, all, allScales)[from..end];
                }
                else if (Autocorrelation.Of([.. baseline.Select(point => point.Item2)], 1) is var follows
                    && follows > FollowsFrom / Math.Sqrt(baseline.Length))
                {
                    phase = phase with { Follows = true };
                    AfterTheOneBefore((decimal)follows, baseline, judged, all, allScales);
                }
            }

            var limits = ProcessLimits.Of([.. Enumerable.Range(places[0], places[^1] - places[0] + 1).Select(i => all[i])], method);
            if (limits is not null && limits.Points >= ProcessLimits.FewestPoints)
            {
                phase = phase with
                {
                    Limits = limits with { Widening = season?.Widening ?? 1 },
                    BaselineFrom = figures.Periods[places[0]],
                    BaselineTo = figures.Periods[places[^1]],
                };
                (values, own) = (all[from..end], allScales[from..end]);
            }
        }

        phases.Add(phase);
        return Judge(phase, from, length, values, own, blur, isCurrent: end == _count, points);
    }

    private Drift? Judge(
        ProcessPhase phase, int from, int length, decimal?[] values, Scale[] own, decimal[]? blur, bool isCurrent, List<ProcessPoint> points)
    {
        if (phase.Limits is not { } limits)
        {
            for (var i = 0; i < length; i++)
                points.Add(new ProcessPoint(figures.Periods[from + i], figures.Values[from + i], null, phase, []));
            return null;
        }

        var sigma = limits.Sigma;
        var (center, lower, upper) = (limits.Center, limits.Lower, limits.Upper);
        var flags = SignalDetector.All(values, limits, blur is null ? null : [.. blur.Select(share => share * sigma)]);
        var next = 0;
        var drift = isCurrent ? Drift.Of(values, center, sigma) : null;
        for (var i = 0; i < length; i++)
        {
            List<Signal>? signals = null;
            for (; next < flags.Count && flags[next].At == i; next++)
                (signals ??= []).Add(SignalOf(phase, limits, flags[next], from, values, own));
            if (drift is { Side: { } side, Since: { } since } && i == length - 1)
                (signals ??= []).Add(DriftOf(phase, drift, side, from, since, i, own));
            var line = values[i] is null && phase.OfChanges
                ? null
                : new ProcessLine(own[i].Of(center), Floored(own[i].Of(lower)), own[i].Of(upper));
            var (period, value) = (figures.Periods[from + i], figures.Values[from + i]);
            points.Add(new ProcessPoint(period, value, line, phase, (IReadOnlyList<Signal>?)signals ?? []));
        }

        return drift;
    }

    private Signal SignalOf(ProcessPhase phase, ProcessLimits limits, SignalFlag flag, int from, decimal?[] values, Scale[] own)
    {
        var isAbove = flag.Side == Side.Above;
        var passed = flag.Rule switch
        {
            SignalRule.OutsideLimits => isAbove ? limits.Upper : limits.Lower,
            SignalRule.ThreeOfFour => isAbove ? limits.UpperQuartile : limits.LowerQuartile,
            _ => limits.Center,
        };
        var (value, scale) = (figures.Values[from + flag.At]!.Value, own[flag.At]);
        var stood = _ofChanges ? figures.Values[from + flag.At - 1]!.Value : 0;
        var move = flag.Rule == SignalRule.WideMove;
        return new Signal
        {
            Phase = phase, Rule = flag.Rule, Side = flag.Side, Period = figures.Periods[from + flag.At], Value = value,
            Figure = move ? scale.Factor * Math.Abs(values[flag.At]!.Value - values[flag.At - 1]!.Value) : value - stood,
            Limit = move ? scale.Factor * limits.UpperRange : scale.Of(passed) - stood,
            Length = flag.Length, Since = figures.Periods[from + flag.Since],
        };
    }

    private Signal DriftOf(ProcessPhase phase, Drift drift, Side side, int from, int since, int at, Scale[] own)
    {
        var stood = _ofChanges ? figures.Values[from + at - 1]!.Value : 0;
        return new Signal
        {
            Phase = phase, Rule = SignalRule.Drift, Side = side, Period = figures.Periods[from + at],
            Value = figures.Values[from + at]!.Value,
            Figure = own[at].Of(drift.Means[at]) - stood,
            Limit = own[at].Of(side == Side.Above ? drift.Upper : drift.Lower) - stood,
            Length = at - since + 1, Since = figures.Periods[from + since],
        };
    }

    /// <summary>The places that limits are computed from, oldest first.</summary>
    private List<int> BaselineOf(decimal?[] judged, int from, int end, LockedBaseline? locked)
    {
        if (locked is not null)
        {
            return
            [
                .. Enumerable.Range(0, _count).Where(i =>
                    judged[i] is not null && figures.Periods[i].Start >= locked.From.Start && figures.Periods[i].Start <= locked.To.Start),
            ];
        }

        List<int> known = [.. Enumerable.Range(from, end - from).Where(i => judged[i] is not null)];
        var isRunning = end == _count;
        return known.Count > Process.BaselinePoints ? known[..Process.BaselinePoints] : isRunning && known.Count > 0 ? known[..^1] : known;
    }

    /// <summary>The phase that a locked baseline belongs to: the newest that begins with it or before; null for the first.</summary>
    private PhaseStart? PhaseOf(LockedBaseline locked) => choices.Phases.LastOrDefault(phase => phase.From.Start <= locked.From.Start);

    /// <summary>
    /// A figure of n answers scatters with 1 / √n, so what is judged is its distance from the pooled mean times √n (Laney's p′ chart:
    /// with the same n everywhere it is the plain one).
    /// </summary>
    private void ByAnswers((int Place, double Value)[] baseline, decimal?[] judged, Scale[] scales)
    {
        var answers = figures.Answers!;
        var all = baseline.Sum(point => answers[point.Place]);
        if (all == 0)
            return;
        var mean = baseline.Sum(point => answers[point.Place] / all * judged[point.Place]!.Value);
        for (var i = 0; i < _count; i++)
        {
            if (answers[i] <= 0)
            {
                judged[i] = null;
                continue;
            }

            var root = (decimal)Math.Sqrt((double)answers[i]);
            judged[i] = Rounded((judged[i] - mean) * root);
            scales[i] = scales[i].After(mean, 1 / root);
        }
    }

    /// <summary>
    /// Distances from the line, in units that grow with the distance from the baseline, where the line is less sure. A point is on a
    /// side of it only beyond two standard errors of the line; what that is in standard deviations is given back.
    /// </summary>
    private decimal[] AroundTrend(Line line, decimal?[] judged, Scale[] scales)
    {
        var blur = new decimal[_count];
        for (var i = 0; i < _count; i++)
        {
            var leverage = line.Leverage(i);
            var unit = Math.Sqrt(1 + leverage * leverage);
            var expected = (decimal)line.At(i);
            judged[i] = Distance(judged[i], expected) / (decimal)unit;
            scales[i] = scales[i].After(expected, (decimal)unit);
            blur[i] = (decimal)(2 * leverage / unit);
        }

        return blur;
    }

    /// <summary>Distances from what the value before lets expect, mean + r (before − mean). The first value has none before.</summary>
    private void AfterTheOneBefore(
        decimal follows, (int Place, double Value)[] baseline, decimal?[] before, decimal?[] judged, Scale[] scales)
    {
        var mean = baseline.Sum(point => before[point.Place]!.Value) / baseline.Length;
        for (var i = _count - 1; i >= 0; i--)
        {
            var expected = i > 0 && before[i - 1] is { } last ? mean + follows * (last - mean) : mean;
            judged[i] = i > 0 && before[i - 1] is not null ? Distance(before[i], expected) : null;
            scales[i] = scales[i].After(expected, 1);
        }
    }

    // Where figures repeat exactly, what divisions and square roots leave in the last digits must not become the usual variation.
    private static decimal? Rounded(decimal? judged) => judged is { } value ? decimal.Round(value, 15) : null;

    private static decimal? Distance(decimal? value, decimal expected) => value is not { } known ? null
        : Math.Abs(known - expected) <= 1e-9m * Math.Abs(known) ? 0 : known - expected;

    private decimal Floored(decimal limit) => _isNeverNegative ? Math.Max(0, limit) : limit;

    /// <summary>How a judged figure becomes one in the metric's unit: <c>Offset + Factor × judged</c>.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    private readonly record struct Scale(decimal Offset, decimal Factor)
    {
        public decimal Of(decimal judged) => Offset + Factor * judged;

        public Scale After(decimal offset, decimal factor) => new(Offset + Factor * offset, Factor * factor);
    }
}
