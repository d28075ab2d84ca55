using NUnit.Framework;

namespace Tests.Support;

/// <summary>
/// Published data with expected results, kept outside the project at <c>../shared/reference</c>.
/// A test that asks for a file which is not there is ignored with the reason.
/// </summary>
public static class Reference
{
    /// <summary>The full path of one reference file, such as <c>calendar/iso_weeks.expected.csv</c>.</summary>
    public static string File(string relativePath)
    {
        var path = Path.Combine(Repository.Root, "..", "shared", "reference", relativePath);
        if (!System.IO.File.Exists(path))
            Assert.Ignore($"The reference file {relativePath} is not beside this checkout (../shared/reference).");
        return Path.GetFullPath(path);
    }

    /// <summary>The rows of a reference CSV as column → text. The files hold no quoted cells.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Rows(string relativePath)
    {
        var lines = System.IO.File.ReadAllLines(File(relativePath));
        var header = lines[0].Split(',');
        return
        [
            .. lines.Skip(1).Where(line => line.Length > 0).Select(line => line.Split(','))
                .Select(cells => header.Select((name, i) => (name, Cell: i < cells.Length ? cells[i] : "")).ToDictionary(c => c.name, c => c.Cell)),
        ];
    }
}
