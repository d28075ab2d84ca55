using Metrics.Core.Models;

namespace Metrics.Core.Storage;

/// <summary>Memories of models as files of this machine, in <c>memory/</c> of the data folder. Deleting them costs time and nothing else.</summary>
internal sealed class FileModelMemory(StorageOptions options) : IModelMemory
{
    private const int BufferSize = 1 << 20;

    private string Folder => Path.Combine(options.DataFolder, "memory");

    public Stream? Open(string name)
    {
        try
        {
            return new FileStream(FileOf(name), FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Save(string name, Action<Stream> write)
    {
        Directory.CreateDirectory(Folder);
        var draft = FileOf(name) + ".new";
        File.Delete(FileOf(name));
        try
        {
            using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None, BufferSize))
                write(file);
            File.Move(draft, FileOf(name));
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    private string FileOf(string name) => Path.Combine(Folder, name + ".bin");
}
