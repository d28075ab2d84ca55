using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Storage;

/// <summary>A series store that moves the data version on with every change, whoever makes it.</summary>
internal sealed class NotingSeriesStore(ISeriesStore store, IDataVersion version) : ISeriesStore, IDisposable
{
    public async Task<WriteOutcome> WriteAsync(IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken) =>
        await NotedAsync(await store.WriteAsync(series, stamp, cancellationToken));

    public async Task<WriteOutcome> ReplaceAsync(
        string metric, Grain grain, Period? within, IReadOnlyCollection<SeriesPoints> series, WriteStamp stamp, CancellationToken cancellationToken) =>
        await NotedAsync(await store.ReplaceAsync(metric, grain, within, series, stamp, cancellationToken));

    public async Task<long> DeleteAsync(string metric, Period days, WriteStamp stamp, CancellationToken cancellationToken)
    {
        var removed = await store.DeleteAsync(metric, days, stamp, cancellationToken);
        if (removed > 0)
            await version.AdvanceAsync(CancellationToken.None);
        return removed;
    }

    public Task<IReadOnlyList<StoredSeries>> ReadAsync(SeriesQuery query, CancellationToken cancellationToken) => store.ReadAsync(query, cancellationToken);

    public Task<IReadOnlyList<string>> DimensionValuesAsync(string metric, string dimension, CancellationToken cancellationToken) =>
        store.DimensionValuesAsync(metric, dimension, cancellationToken);

    public Task<StoredPoint?> LastAsync(SeriesKey key, CancellationToken cancellationToken) => store.LastAsync(key, cancellationToken);

    public Task<(DateOnly First, DateOnly Last)?> ExtentAsync(string metric, Grain grain, CancellationToken cancellationToken) =>
        store.ExtentAsync(metric, grain, cancellationToken);

    public Task<IReadOnlyList<Restatement>> RestatementsAsync(SeriesQuery query, CancellationToken cancellationToken) =>
        store.RestatementsAsync(query, cancellationToken);

    public void Dispose() => (store as IDisposable)?.Dispose();

    // What is stored is noted also when the writer is being stopped.
    private async Task<WriteOutcome> NotedAsync(WriteOutcome outcome)
    {
        if (outcome.New + outcome.Changed + outcome.Removed > 0)
            await version.AdvanceAsync(CancellationToken.None);
        return outcome;
    }
}
