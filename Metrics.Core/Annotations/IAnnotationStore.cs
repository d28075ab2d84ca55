namespace Metrics.Core.Annotations;

/// <summary>What somebody did to one annotation on the page or by a program.</summary>
/// <param name="Content">
/// The annotation as it is from then on, without <see cref="Annotation.Origin"/> and <see cref="Annotation.Edit"/>; null where it was
/// deleted.
/// </param>
/// <param name="By">Who.</param>
/// <param name="At">When, to the microsecond.</param>
public sealed record AnnotationChange(string Id, Annotation? Content, AnnotationOrigin Origin, string By, DateTimeOffset At)
{
    /// <summary>The place of the change among all changes, which the store gives; 0 before.</summary>
    public long Version { get; init; }
}

/// <summary>Keeps the annotations that were entered on the page or by programs, with everything that was ever done to them.</summary>
public interface IAnnotationStore
{
    /// <summary>Adds a change. Nothing is ever overwritten or removed: the change that was added last of an annotation counts.</summary>
    /// <param name="after">
    /// The version that must be the one that counts, so that nobody writes over what he has not seen; 0 for an annotation that must not
    /// be there; null for whatever there is.
    /// </param>
    /// <returns>The version of the change; null where another one counts than <paramref name="after"/>, and nothing was added.</returns>
    Task<long?> AppendAsync(AnnotationChange change, long? after, CancellationToken cancellationToken);

    /// <summary>The changes that count, in the order in which they were made; what was deleted is absent.</summary>
    Task<IReadOnlyList<AnnotationChange>> CurrentAsync(CancellationToken cancellationToken);

    /// <summary>Every change of an annotation, newest first.</summary>
    Task<IReadOnlyList<AnnotationChange>> HistoryAsync(string id, CancellationToken cancellationToken);

    /// <summary>The newest changes of all annotations, newest first.</summary>
    Task<IReadOnlyList<AnnotationChange>> NewestAsync(int most, CancellationToken cancellationToken);
}
