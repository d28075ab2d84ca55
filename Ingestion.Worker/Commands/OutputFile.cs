namespace Ingestion.Worker.Commands;

/// <summary>Where a verb writes what it was asked for.</summary>
public static class OutputFile
{
    /// <summary>Writes to a file, which appears under its name only when it is whole, or to the standard output.</summary>
    /// <param name="path">null for the standard output.</param>
    public static async Task WriteAsync(string? path, Func<Stream, Task> write)
    {
        if (path is null)
        {
            await using var output = Console.OpenStandardOutput();
            await write(output);
            return;
        }

        var part = path + ".part";
        await using (var file = File.Create(part))
            await write(file);
        File.Move(part, path, overwrite: true);
    }
}
