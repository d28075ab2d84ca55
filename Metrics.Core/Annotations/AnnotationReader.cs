namespace Metrics.Core.Annotations;

/// <summary>Gives the annotations in force: those of the files, and those that were entered on the page or by programs.</summary>
public sealed class AnnotationReader(IAnnotationStore store)
{
    /// <summary>
    /// The annotations in force now. One that is about metrics or boards that the workspace no longer has concerns nothing; it does again
    /// when the workspace has them again. Where a file has the id of one that was entered, the file counts.
    /// </summary>
    /// <param name="files">What the files say.</param>
    public async Task<AnnotationBook> ReadAsync(AnnotationBook files, CancellationToken cancellationToken) =>
        files.With([.. (await store.CurrentAsync(cancellationToken)).Select(InForce)]);

    /// <summary>The annotation that a change leaves behind, with who made it.</summary>
    private static Annotation InForce(AnnotationChange change) =>
        change.Content! with { Origin = change.Origin, Edit = new AnnotationEdit(change.By, change.At, change.Version) };
}
