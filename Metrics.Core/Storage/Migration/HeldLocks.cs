using Metrics.Core.Connectors;

namespace Metrics.Core.Storage.Migration;

/// <summary>Several locks held as one.</summary>
internal sealed class HeldLocks : HeldLock
{
    private readonly List<HeldLock> _held = [];
    private CancellationTokenSource? _anyLost;

    public override CancellationToken Lost =>
        (_anyLost ??= CancellationTokenSource.CreateLinkedTokenSource([.. _held.Select(held => held.Lost)])).Token;

    /// <summary>Takes each lock of each keeper, or none.</summary>
    /// <exception cref="InvalidOperationException">Somebody else holds one of them.</exception>
    public static async Task<HeldLocks> TakeAsync(
        IEnumerable<IWorkLock> keepers, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var all = new HeldLocks();
        try
        {
            foreach (var keeper in keepers)
            {
                foreach (var name in names)
                {
                    all._held.Add(await keeper.TryTakeAsync(name, cancellationToken)
                        ?? throw new InvalidOperationException($"{name.TrimStart('_')} is being synced; stop the workers first."));
                }
            }

            return all;
        }
        catch
        {
            await all.DisposeAsync();
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var held in _held)
            await held.DisposeAsync();
        _anyLost?.Dispose();
    }
}
