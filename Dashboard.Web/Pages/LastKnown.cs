using Metrics.Core.Series;

namespace Dashboard.Web.Pages;

/// <summary>What the store said last, for the parts of a page that are shown also while it cannot be reached.</summary>
internal sealed class LastKnown<T>(T atFirst)
{
    private volatile Said _said = new(atFirst);

    /// <summary>What the store says now; while it cannot be reached, what it said before.</summary>
    public async Task<T> OrBeforeAsync(Func<Task<T>> read)
    {
        try
        {
            return (_said = new Said(await read())).Value;
        }
        catch (StoreUnreachableException)
        {
            return _said.Value;
        }
    }

    private sealed record Said(T Value);
}
