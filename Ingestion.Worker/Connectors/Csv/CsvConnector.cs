using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Metrics.Core.Connectors;
using Metrics.Core.Records;
using Metrics.Core.Workspace;

namespace Ingestion.Worker.Connectors.Csv;

/// <summary>Reads delimited text files: one file, or all that match a pattern as one table.</summary>
/// <remarks>
/// Always a full read, newest file (by name) first, because the rows of a later export overrule those of an earlier one. Files that
/// have not changed since the last complete read are not read again. A read that was cut short goes on after its last stored row.
/// </remarks>
public sealed class CsvConnector : IConnector
{
    // Rows may be long; a page of them has to fit into memory several times over.
    private const int CharactersPerPage = 8 << 20;

    // A file that is replaced again and again while we read is not finished; the next sync will find it so.
    private const int MostAttempts = 3;

    public string Id => "csv";

    public string Name => "CSV files";

    /// <summary>Each page is a transaction. Larger ones write each page of the store's index less often; this many rows are some megabytes.</summary>
    internal int RowsPerPage { get; init; } = 20_000;

    public IReadOnlyList<Key> StreamKeys { get; } =
    [
        new Key("file", KeyKind.Text, "The file, relative to the workspace; its name may hold * and ?.") { Required = true },
        CsvDialect.Key,
    ];

    public async IAsyncEnumerable<SourcePage> ReadAsync(
        WorkspaceFolder workspace, SourceStream stream, string? checkpoint, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pattern = stream.Settings.Text("file")!;
        var position = checkpoint is null ? Position.Start : JsonSerializer.Deserialize<Position>(checkpoint)!;
        for (var attempt = 1; ; attempt++)
        {
            var files = FilesOf(workspace, pattern);
            if (position.Complete && position.Files.SequenceEqual(files))
                yield break;

            // What was read of other files than these, or of an earlier state of them, does not say where to go on.
            if (position.Complete || !position.Files.SequenceEqual(files))
                position = Position.Start with { Files = files };

            var totalBytes = Math.Max(1, files.Sum(file => file.Length));
            await foreach (var page in ReadFilesAsync(workspace, stream, position, totalBytes, cancellationToken))
                yield return page;

            if (files.SequenceEqual(FilesOf(workspace, pattern)))
            {
                yield return LastPage(files);
                yield break;
            }

            if (attempt == MostAttempts)
                throw new ConnectorException($"{pattern} was being written while it was read, {MostAttempts} times in a row. Rows read so far are kept; sync again when the export has finished, or let it write to another name and rename.", isPermanent: false);
            position = Position.Start;
        }
    }

    private static SourcePage LastPage(IReadOnlyList<FileState> files) => new()
    {
        Part = files[0].Name,
        PartNumber = files.Count - 1,
        Columns = [],
        Rows = [],
        Checkpoint = JsonSerializer.Serialize(new Position(files, files.Count, 0, Complete: true)),
        CompletesFullRead = true,
        Progress = 1,
    };

    private static FileState[] FilesOf(WorkspaceFolder workspace, string pattern)
    {
        var files = workspace.Match(pattern);
        return files.Count > 0
            ? [.. files.Reverse().Select(path => new FileInfo(path)).Select(file => new FileState(workspace.NameOf(file.FullName), file.Length, file.LastWriteTimeUtc.Ticks))]
            : throw new ConnectorException($"there is no file '{pattern}' in {workspace.Root}. What was read before is kept.", isPermanent: true);
    }

    private async IAsyncEnumerable<SourcePage> ReadFilesAsync(
        WorkspaceFolder workspace, SourceStream stream, Position from, long totalBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var bytesBefore = from.Files.Take(from.File).Sum(file => file.Length);
        var first = from is { File: 0, Rows: 0 };
        for (var number = from.File; number < from.Files.Count; number++)
        {
            var state = from.Files[number];
            var skip = number == from.File ? from.Rows : 0;
            using var file = Open(workspace.PathOf(state.Name), state.Name);
            var dialect = CsvDialect.Of(stream.Settings.Object("csv"), file, state.Name);
            using var table = CsvTable.Open(file, state.Name, dialect);

            long rows = 0;
            var characters = 0;
            var page = new List<SourceRow>(RowsPerPage);
            var rejects = new List<Reject>();
            while (table.Read(rejects) is { } row)
            {
                if (++rows <= skip)
                {
                    rejects.Clear();
                    continue;
                }

                page.Add(row);
                characters += row.Cells.Sum(cell => cell.Length);
                if (page.Count < RowsPerPage && characters < CharactersPerPage)
                    continue;

                yield return PageOf(new Position(from.Files, number, rows, Complete: false));
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                first = false;
                (page, rejects, characters) = (new List<SourceRow>(RowsPerPage), [], 0);
            }

            // The file is done, with the rejects after its last row: a read that goes on must not find those again.
            yield return PageOf(new Position(from.Files, number + 1, 0, Complete: false));
            cancellationToken.ThrowIfCancellationRequested();
            first = false;
            bytesBefore += state.Length;

            SourcePage PageOf(Position next) => new()
            {
                Part = state.Name,
                PartNumber = number,
                Columns = table.Columns,
                Format = dialect.Format,
                Rows = page,
                Rejects = rejects,
                BeginsRead = first,
                Checkpoint = JsonSerializer.Serialize(next),
                Progress = Math.Min(0.999, (double)(bytesBefore + Math.Min(file.Position, state.Length)) / totalBytes),
            };
        }
    }

    private static FileStream Open(string path, string name)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 1 << 16 });
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ConnectorException($"{name} cannot be opened: {refused.Message}", isPermanent: refused is UnauthorizedAccessException, refused);
        }
    }

    /// <summary>One file as it was when a read began.</summary>
    private sealed record FileState(string Name, long Length, long Modified);

    /// <summary>How far a read has come: <see cref="Rows"/> rows of file number <see cref="File"/> are stored.</summary>
    private sealed record Position(IReadOnlyList<FileState> Files, int File, long Rows, bool Complete)
    {
        public static Position Start { get; } = new([], 0, 0, Complete: false);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Rows}");
    }
}
