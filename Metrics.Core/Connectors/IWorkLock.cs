namespace Metrics.Core.Connectors;

/// <summary>Keeps a piece of work, such as the sync of one source, from being done twice at the same time, also by two processes.</summary>
public interface IWorkLock
{
    /// <summary>The lock of that name until it is disposed or the process ends, however it ends; null while somebody else holds it.</summary>
    Task<HeldLock?> TryTakeAsync(string name, CancellationToken cancellationToken);

    /// <summary>Whether another process may hold the lock of that name now; false where only this machine's processes could, and nobody can say.</summary>
    Task<bool> IsHeldAsync(string name, CancellationToken cancellationToken);

    /// <summary>The lock of that name, as soon as nobody else holds it.</summary>
    async Task<HeldLock> TakeAsync(string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryTakeAsync(name, cancellationToken) is { } taken)
                return taken;
            await Task.Delay(HeldLock.LookAgainAfter, cancellationToken);
        }
    }
}

/// <summary>A lock that this process holds.</summary>
public abstract class HeldLock : IAsyncDisposable
{
    internal static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Cancelled when the lock is lost while it is held, because the server that keeps it went away: somebody else may take it now.</summary>
    public virtual CancellationToken Lost => CancellationToken.None;

    /// <summary>Does the work that the lock is for, and stops it when the lock is lost.</summary>
    /// <exception cref="LockLostException">The lock was lost before the work was done.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Lost);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException) when (Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new LockLostException();
        }
    }

    public abstract ValueTask DisposeAsync();
}

/// <summary>Somebody else may be doing the same work now; what was stored by then is kept.</summary>
public sealed class LockLostException()
    : IOException("The server that keeps the locks went away in the middle. What was stored by then is kept; trying again goes on from there.");
