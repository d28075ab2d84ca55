using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using static System.FormattableString;

namespace Metrics.Core.Signals;

/// <summary>Whose figures a process is made of, and how they are written.</summary>
/// <param name="Name">What the series is called in sentences.</param>
public sealed record ProcessSubject(
    string Name, Metric Metric, Accrual Accrual, Grain Grain, ReportingCalendar Calendar, ValueFormat Format)
{
    /// <summary>A period's short name, with its year where that is another one than that of <paramref name="beside"/>.</summary>
    internal string NameOf(Period period, Period beside) => Grain is Grain.Day or Grain.Week
        && Calendar.NumberOf(Grain.Year, period.LastDay) != Calendar.NumberOf(Grain.Year, beside.LastDay)
            ? Calendar.Name(Grain, period)
            : Calendar.ShortLabel(Grain, period);
}

/// <summary>Where the center and the limits lie in one period, in the metric's unit, for drawing.</summary>
/// <param name="Lower">Floored at 0 for figures that cannot be negative.</param>
public sealed record ProcessLine(decimal Center, decimal Lower, decimal Upper);

/// <summary>One period of a process.</summary>
/// <param name="Value">The metric's value; null where the period is not complete, has none or is made of too few answers.</param>
/// <param name="Line">Its limits; null where there are none.</param>
/// <param name="Signals">The rules that hold of it, the strongest first; mostly empty.</param>
public sealed record ProcessPoint(Period Period, decimal? Value, ProcessLine? Line, ProcessPhase Phase, IReadOnlyList<Signal> Signals)
{
    /// <summary>The strongest rule that holds; null where none does.</summary>
    public Signal? Signal => Signals.Count == 0 ? null : Signals[0];
}

/// <summary>Consecutive periods that share their limits.</summary>
public sealed record ProcessPhase
{
    public required ProcessSubject Subject { get; init; }

    /// <summary>The first of its periods.</summary>
    public required Period From { get; init; }

    /// <summary>The last of its periods so far.</summary>
    public required Period To { get; init; }

    /// <summary>The limits of what is judged, which is not always the metric's value; null with fewer than 12 points.</summary>
    public ProcessLimits? Limits { get; init; }

    /// <summary>The first and the last period that the limits are computed from; null where there are none.</summary>
    public Period? BaselineFrom { get; init; }

    public Period? BaselineTo { get; init; }

    /// <summary>Whether the change over a period is judged, because the metric is a stock.</summary>
    public bool OfChanges { get; init; }

    /// <summary>Whether limits are wider where fewer people answered.</summary>
    public bool ByAnswers { get; init; }

    /// <summary>Whether distances from a straight line through the baseline are judged.</summary>
    public bool Trends { get; init; }

    /// <summary>Whether distances from what the period before lets expect are judged.</summary>
    public bool Follows { get; init; }

    /// <summary>The seasonal relatives that values are divided by; null for a series without a season.</summary>
    public Seasonality? Season { get; init; }

    /// <summary>Who began the phase, and why; null where it began by itself.</summary>
    public BaselineChange? Began { get; init; }

    /// <summary>Who chose its baseline, and why; null for the first periods of the phase.</summary>
    public BaselineChange? Locked { get; init; }

    /// <summary>From what the limits are computed: "24 weeks to W24", "14 weeks to W45, provisional".</summary>
    public string BaselineText => Limits is not { } limits || BaselineTo is not { } last ? "no limits yet"
        : Invariant($"{limits.Points} {(OfChanges ? "changes" : Subject.Grain.Name() + "s")} to {Subject.NameOf(last, To)}")
            + (limits.Provisional ? ", provisional" : "");

    /// <summary>What is judged, as sentences; empty where it is the values as they are.</summary>
    public IReadOnlyList<string> BasisInWords =>
    [
        .. OfChanges ? ["It is a stock, so its change over each period is judged."] : (string[])[],
        .. ByAnswers ? ["Limits are wider where fewer people answered."] : (string[])[],
        .. Season is { } season
            ? [Invariant($"It has a season, so each value is divided by what its {Subject.Grain.Name()} usually is of the average ({season.Seasons} seasons).")]
            : (string[])[],
        .. Trends ? ["It has a trend, so the distance from a straight line through the baseline is judged."] : (string[])[],
        .. Follows ? [$"Each {Subject.Grain.Name()} follows the one before, so the distance from what that lets expect is judged."] : (string[])[],
    ];

    /// <summary>What the center is called.</summary>
    internal string CenterInWords => Trends ? "the trend" : Follows ? "what was expected" : OfChanges ? "the mean change" : "the mean";

    /// <summary>What is said behind a limit that is another one in every period.</summary>
    internal string Qualifier => (Season, Trends, Follows) switch
    {
        (not null, _, _) => " for the season",
        (_, true, _) => " of its trend",
        (_, _, true) => $" after the {Subject.Grain.Name()} before",
        _ => "",
    };

    internal string MoveInWords => OfChanges ? "its change moved" : "it moved";
}

/// <summary>
/// The periods of a series with their limits and what stands out. Only complete periods are judged; periods before the first and after
/// the newest complete one are not part of it.
/// </summary>
public sealed record Process
{
    /// <summary>Two independent standard errors: a series of noise follows itself that much in one of forty cases.</summary>
    private const double FollowsFrom = 2;

    /// <summary>How many of its first points make the limits of a phase: after twenty they hardly move any more.</summary>
    public const int BaselinePoints = 24;

    public required ProcessSubject Subject { get; init; }

    /// <summary>Oldest first; empty where nothing is complete.</summary>
    public IReadOnlyList<ProcessPoint> Points { get; init; } = [];

    public IReadOnlyList<ProcessPhase> Phases { get; init; } = [];

    /// <summary>The weighted mean of what is judged in the current phase; null where that has no limits.</summary>
    public Drift? Drift { get; init; }

    /// <summary>The newest complete period; null where there is none.</summary>
    public ProcessPoint? Newest => Points.Count == 0 ? null : Points[^1];

    /// <summary>The phase that the newest complete period belongs to.</summary>
    public ProcessPhase? Current => Phases.Count == 0 ? null : Phases[^1];

    /// <summary>The limits of the current phase; null with fewer than 12 points.</summary>
    public ProcessLimits? Limits => Current?.Limits;

    /// <summary>What stands out in the newest window, the strongest rule alone; null where that is normal variation, or unknown.</summary>
    public Signal? Signal => Newest?.Signal;

    /// <summary>The point of a period; null where it is not part of the process.</summary>
    public ProcessPoint? At(Period period)
    {
        var (low, high) = (0, Points.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Points[middle].Period.Start.CompareTo(period.Start);
            if (order == 0)
                return Points[middle];
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    /// <param name="values">Consecutive periods, oldest first, as they are known.</param>
    /// <param name="intervals">The interval of each; empty for a metric without.</param>
    public static Process Of(
        ProcessSubject subject, IReadOnlyList<PeriodValue> values, IReadOnlyList<ConfidenceInterval?> intervals, BaselineChoices choices)
    {
        var (first, last) = (0, values.Count - 1);
        while (first <= last && !IsKnown(first))
            first++;
        while (last >= first && !IsKnown(last))
            last--;
        if (first > last)
            return new Process { Subject = subject };

        var figures = new Figures(
            [.. Enumerable.Range(first, last - first + 1).Select(i => values[i].Period)],
            [.. Enumerable.Range(first, last - first + 1).Select(i => IsKnown(i) ? values[i].Value : null)],
            subject.Metric.Interval is null || intervals.Count == 0
                ? null
                : [.. Enumerable.Range(first, last - first + 1).Select(i => intervals[i]?.Answers ?? 0)]);
        return new ProcessComputation(subject, figures, choices).Compute();

        bool IsKnown(int i) => values[i] is { Complete: true, Value: not null } && (intervals.Count == 0 || intervals[i] is not { TooFew: true });
    }

    /// <summary>The figures that a process is made of.</summary>
    private sealed record Figures(Period[] Periods, decimal?[] Values, decimal[]? Answers);

    /// <summary>How a judged figure becomes one in the metric's unit: <c>Offset + Factor × judged</c>.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    private readonly record struct Scale(decimal Offset, decimal Factor)
    {
        public decimal Of(decimal judged) => Offset + Factor * judged;

        public Scale After(decimal offset, decimal factor) => new(Offset + Factor * offset, Factor * factor);
    }

    private sealed class ProcessComputation(ProcessSubject subject, Figures figures, BaselineChoices choices)
    {
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
                if (begins && known[_count] - known[i] > BaselinePoints)
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
                points.Add(new ProcessPoint(figures.Periods[from + i], figures.Values[from + i], line, phase, (IReadOnlyList<Signal>?)signals ?? []));
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
            return known.Count > BaselinePoints ? known[..BaselinePoints] : isRunning && known.Count > 0 ? known[..^1] : known;
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
    }
}
