using System.Globalization;
using System.Text;

namespace Metrics.Core.Workspace;

/// <summary>
/// The folder of YAML and CSV files that says what is measured, where records come from and what was promised.
/// Only reads; paths that leave the folder are allowed for data files (a workspace may point at an export elsewhere).
/// </summary>
public sealed class WorkspaceFolder(string path)
{
    /// <summary>The folder's full path.</summary>
    public string Root { get; } = Path.GetFullPath(path);

    public bool Exists => Directory.Exists(Root);

    /// <summary>The full path of a file given relative to the workspace.</summary>
    public string PathOf(string relativePath) => Path.GetFullPath(Path.Combine(Root, relativePath));

    /// <summary>A file's path relative to the workspace with forward slashes, as faults name it.</summary>
    public string NameOf(string fullPath) => Path.GetRelativePath(Root, fullPath).Replace('\\', '/');

    /// <summary>The text files of one folder with any of the endings, by name, as (relative name, text).</summary>
    public IReadOnlyList<(string Name, string Text)> Read(string folder, params string[] endings)
    {
        var directory = PathOf(folder);
        return !Directory.Exists(directory)
            ? []
            :
            [
                .. Directory.EnumerateFiles(directory)
                    .Where(file => endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                    .Order(StringComparer.Ordinal)
                    .Select(file => (NameOf(file), File.ReadAllText(file, Encoding.UTF8))),
            ];
    }

    /// <summary>The text of one file, or null where it is not there.</summary>
    public string? ReadFile(string relativePath) => File.Exists(PathOf(relativePath)) ? File.ReadAllText(PathOf(relativePath)) : null;

    /// <summary>
    /// The files that match a path whose last part may hold <c>*</c> and <c>?</c>, by name; empty when none does.
    /// </summary>
    public IReadOnlyList<string> Match(string pattern)
    {
        var full = PathOf(pattern);
        var directory = Path.GetDirectoryName(full)!;
        return Directory.Exists(directory)
            ? [.. Directory.EnumerateFiles(directory, Path.GetFileName(full)).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>A text that changes whenever a definition file is added, removed or written.</summary>
    public string Stamp()
    {
        if (!Exists)
            return "";

        var stamp = new StringBuilder();
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 };
        foreach (var file in new DirectoryInfo(Root).EnumerateFiles("*", options).OrderBy(file => file.FullName, StringComparer.Ordinal))
        {
            if (file.Extension is ".yaml" or ".yml" || IsDefinitionCsv(file))
                stamp.Append(CultureInfo.InvariantCulture, $"{file.FullName}|{file.LastWriteTimeUtc.Ticks}|{file.Length}\n");
        }

        return stamp.ToString();
    }

    // Exports that sources read change all the time and are no definitions; targets and holidays are.
    private static bool IsDefinitionCsv(FileInfo file) =>
        file.Extension == ".csv" && (file.Directory?.Name == "targets" || file.Name.Contains("holiday", StringComparison.OrdinalIgnoreCase));
}
