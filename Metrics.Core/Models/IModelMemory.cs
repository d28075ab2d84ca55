namespace Metrics.Core.Models;

/// <summary>
/// Keeps what a model has worked out, so that its next run needs to look at what changed alone. It may lose everything at any time: then
/// the model computes in full.
/// </summary>
public interface IModelMemory
{
    /// <summary>What was saved last under a name; null where nothing was, or nothing can be read.</summary>
    Stream? Open(string name);

    /// <summary>Saves what <paramref name="write"/> writes, in place of what was saved before; all of it or nothing.</summary>
    /// <exception cref="IOException">It cannot be saved; what was saved before is gone.</exception>
    void Save(string name, Action<Stream> write);
}
