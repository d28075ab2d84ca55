using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Signals;

/// <summary>What a person decided about the limits of a series.</summary>
public enum BaselineKind
{
    /// <summary>The process changed: limits are computed anew from a period on.</summary>
    PhaseStart,

    /// <summary>The limits of the phase are computed from a span of periods and stay.</summary>
    Locked,

    /// <summary>Everything that was decided before counts no more.</summary>
    Default,
}

/// <summary>One decision of a person about the limits of a series.</summary>
/// <param name="From">The first period of the phase or the span, as <see cref="ReportingCalendar.Key"/> spells it; null for the default.</param>
/// <param name="To">The last period of the span; null for the other kinds.</param>
/// <param name="Reason">Why; never empty.</param>
/// <param name="At">When, to the microsecond.</param>
public sealed record BaselineChange(
    string Metric, Grain Grain, Segment Segment, BaselineKind Kind, string? From, string? To, LimitMethod Method, string Reason, string By,
    DateTimeOffset At)
{
    /// <summary>The longest reason in characters.</summary>
    public const int LongestReason = 600;
}

/// <summary>Keeps what people decided about limits. Nothing is ever overwritten or removed.</summary>
public interface IBaselineStore
{
    Task AppendAsync(BaselineChange change, CancellationToken cancellationToken);

    /// <summary>Every change of every series, in the order in which they were made.</summary>
    Task<IReadOnlyList<BaselineChange>> AllAsync(CancellationToken cancellationToken);

    /// <summary>Every change of a metric, newest first.</summary>
    Task<IReadOnlyList<BaselineChange>> HistoryAsync(string metric, CancellationToken cancellationToken);
}

/// <summary>What is decided about the limits of one series.</summary>
/// <param name="Phases">The periods with which a new phase begins, oldest first.</param>
/// <param name="Locks">The spans from which limits are computed, in the order in which they were decided.</param>
public sealed record BaselineChoices(IReadOnlyList<PhaseStart> Phases, IReadOnlyList<LockedBaseline> Locks)
{
    /// <summary>Nobody decided anything.</summary>
    public static BaselineChoices None { get; } = new([], []);

    public bool IsDefault => Phases.Count + Locks.Count == 0;

    /// <summary>The first day that limits need to be computed; null where that is up to the history that is at hand.</summary>
    public DateOnly? Earliest
    {
        get
        {
            var phase = Phases.Count == 0 ? (DateOnly?)null : Phases[^1].From.Start;
            var locked = Locks.Count == 0 ? (DateOnly?)null : Locks.Min(span => span.From.Start);
            return phase is null ? locked : locked is null || phase < locked ? phase : locked;
        }
    }

    /// <summary>What remains of changes of one series, oldest first. A period that the calendar no longer has is left out.</summary>
    public static BaselineChoices Of(ReportingCalendar calendar, IEnumerable<BaselineChange> changes)
    {
        var phases = new SortedDictionary<DateOnly, PhaseStart>();
        var locks = new List<LockedBaseline>();
        foreach (var change in changes)
        {
            if (change.Kind == BaselineKind.Default)
            {
                phases.Clear();
                locks.Clear();
            }
            else if (calendar.TryParse(change.Grain, change.From, out var from))
            {
                if (change.Kind == BaselineKind.PhaseStart)
                    phases[from.Start] = new PhaseStart(from, change);
                else if (calendar.TryParse(change.Grain, change.To, out var to) && to.Start >= from.Start)
                    locks.Add(new LockedBaseline(from, to, change));
            }
        }

        return phases.Count + locks.Count == 0 ? None : new BaselineChoices([.. phases.Values], locks);
    }
}

/// <summary>A phase begins with a period, because somebody said so.</summary>
public sealed record PhaseStart(Period From, BaselineChange Change);

/// <summary>Limits are computed from these periods, both included, because somebody said so.</summary>
public sealed record LockedBaseline(Period From, Period To, BaselineChange Change);

/// <summary>What is decided about the limits of every series, read once.</summary>
public sealed class BaselineBook
{
    private readonly Dictionary<(string Metric, Grain Grain, Segment Segment), BaselineChoices> _choices;

    public BaselineBook(ReportingCalendar calendar, IEnumerable<BaselineChange> changes) =>
        _choices = changes.GroupBy(change => (change.Metric, change.Grain, change.Segment))
            .Select(series => (series.Key, Choices: BaselineChoices.Of(calendar, series)))
            .Where(series => !series.Choices.IsDefault)
            .ToDictionary(series => series.Key, series => series.Choices);

    /// <param name="segment">Null for several segments together, of which nobody decides.</param>
    public BaselineChoices Of(string metric, Grain grain, Segment? segment) =>
        segment is null || _choices.Count == 0 ? BaselineChoices.None
            : _choices.GetValueOrDefault((metric, grain, segment), BaselineChoices.None);
}
