using Metrics.Core.Periods;

namespace Metrics.Core.Annotations;

/// <summary>An annotation on a chart.</summary>
/// <param name="Number">What it is called in the picture and in the list under it, counted from 1.</param>
/// <param name="First">The place of the first period in which it happened, among those of the chart.</param>
/// <param name="Last">The place of the last one.</param>
public sealed record PlacedAnnotation(int Number, int First, int Last, Annotation Annotation);

/// <summary>Annotations in the order of their days. Of two with the same id the first one counts.</summary>
public sealed class AnnotationBook
{
    public AnnotationBook(IEnumerable<Annotation> annotations) => Annotations =
    [
        .. annotations.DistinctBy(one => one.Id).OrderBy(one => one.Days.Start).ThenBy(one => one.Days.End).ThenBy(one => one.Id, StringComparer.Ordinal),
    ];

    /// <summary>A book without annotations.</summary>
    public static AnnotationBook Empty { get; } = new([]);

    public IReadOnlyList<Annotation> Annotations { get; }

    public Annotation? Find(string id) => Annotations.FirstOrDefault(one => one.Id == id);

    /// <summary>What happened within some days.</summary>
    public IReadOnlyList<Annotation> Within(Period days) => [.. Annotations.Where(one => one.IsWithin(days))];

    /// <summary>What may have moved a figure within some days.</summary>
    public IReadOnlyList<Annotation> Of(AnnotationSubject subject, Period days) =>
        [.. Annotations.Where(one => one.IsWithin(days) && one.Concerns(subject))];

    /// <summary>What may have moved some figures of a board within some days: each once.</summary>
    public IReadOnlyList<Annotation> OnBoard(string board, IReadOnlyCollection<AnnotationSubject> subjects, Period days) =>
        [.. Annotations.Where(one => one.IsWithin(days) && (one.Boards.Contains(board) || subjects.Any(one.Concerns) || IsOfAll(one)))];

    /// <summary>What may have moved a figure, with the periods of a chart in which each happened.</summary>
    /// <param name="periods">Oldest first; what happened in none of them is left out.</param>
    public IReadOnlyList<PlacedAnnotation> On(AnnotationSubject subject, IReadOnlyList<Period> periods)
    {
        var placed = new List<PlacedAnnotation>();
        foreach (var annotation in Annotations.Where(one => one.Concerns(subject)))
        {
            int[] places = [.. Enumerable.Range(0, periods.Count).Where(i => annotation.IsWithin(periods[i]))];
            if (places.Length > 0)
                placed.Add(new PlacedAnnotation(placed.Count + 1, places[0], places[^1], annotation));
        }

        return placed;
    }

    /// <summary>This book with others added; where both have an id, this one's counts.</summary>
    public AnnotationBook With(IReadOnlyCollection<Annotation> others) => others.Count == 0 ? this : new AnnotationBook([.. Annotations, .. others]);

    // What concerns everybody belongs on a board even if none of its metrics can be cut.
    private static bool IsOfAll(Annotation one) => one is { IsOfWholeCompany: true, Segment.IsTotal: true };
}
