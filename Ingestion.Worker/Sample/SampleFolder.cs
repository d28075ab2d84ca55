using System.Reflection;
using System.Text;

namespace Ingestion.Worker.Sample;

/// <summary>The folder a sample is written to, and the files that are the same in every sample.</summary>
internal sealed class SampleFolder
{
    /// <summary>The first line of the README that every sample has, and by which a sample is known again.</summary>
    private const string Mark = "# Sample company";

    private const string ResourcePrefix = "sample/";

    private readonly string _path;
    private readonly IProgress<string>? _progress;

    private SampleFolder(string path, IProgress<string>? progress) => (_path, _progress) = (path, progress);

    /// <exception cref="InvalidOperationException">The folder holds something other than a sample workspace.</exception>
    public static SampleFolder Open(string path, IProgress<string>? progress)
    {
        path = Path.GetFullPath(path);
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any() && !IsSample(path))
        {
            throw new InvalidOperationException(
                $"{path} is not empty and is not a sample workspace. Name an empty or new folder; nothing was written.");
        }

        return new SampleFolder(path, progress);
    }

    /// <summary>Writes these first: they make the folder a sample, which may be written again after a run that was cut short.</summary>
    public void WriteShippedFiles()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal));
        foreach (var resource in names)
        {
            var target = Path.Combine(_path, resource[ResourcePrefix.Length..].Replace('\\', '/'));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);

            using var content = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            File.WriteAllText(target, content.ReadToEnd().ReplaceLineEndings("\n"));
        }

        // A sample with another end has other years, and the source reads every activity file that is there.
        var data = Directory.CreateDirectory(Path.Combine(_path, "data"));
        foreach (var stale in data.EnumerateFiles("activity-*.csv").ToList())
            stale.Delete();
    }

    public CsvFile Csv(string name, string[] columns, char delimiter = ',')
    {
        var path = Path.Combine(_path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new CsvFile(new StreamWriter(path, append: false, new UTF8Encoding(false)), name, columns, delimiter, _progress);
    }

    /// <summary>Writes a small file that is no table.</summary>
    public void Text(string name, string text)
    {
        var path = Path.Combine(_path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text.ReplaceLineEndings("\n"));
    }

    private static bool IsSample(string path) =>
        File.Exists(Path.Combine(path, "calendar.yaml"))
        && File.Exists(Path.Combine(path, "README.md"))
        && File.ReadLines(Path.Combine(path, "README.md")).FirstOrDefault() == Mark;
}
