using Metrics.Core.Connectors;

namespace Metrics.Core.Storage.Relational;

/// <summary>A file per lock that one process at a time holds open; the system lets go of it when the process ends, however it ends.</summary>
internal sealed class FileWorkLock(StorageOptions options) : IWorkLock
{
    private const int SharingViolation = 32;
    private const int WouldBlock = 11;

    public Task<HeldLock?> TryTakeAsync(string name, CancellationToken cancellationToken) => Task.FromResult<HeldLock?>(TryTake(name));

    // To ask the file is to take it for a moment, from a sync that may want it just then.
    public Task<bool> IsHeldAsync(string name, CancellationToken cancellationToken) => Task.FromResult(false);

    private FileHeld? TryTake(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(options.DataFolder, "locks")).FullName;
        try
        {
            return new FileHeld(new FileStream(Path.Combine(folder, name + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        // Other faults, such as a full disk, are no sign of another process and must not be waited for.
        catch (IOException held) when ((held.HResult & 0xFFFF) is SharingViolation or WouldBlock)
        {
            return null;
        }
    }

    private sealed class FileHeld(FileStream file) : HeldLock
    {
        public override ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
