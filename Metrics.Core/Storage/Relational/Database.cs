using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Metrics.Core.Records;

namespace Metrics.Core.Storage.Relational;

/// <summary>
/// The operational database: opens connections, and brings the tables up to date before the first one. SQL is written once, in what
/// SQLite and PostgreSQL have in common; the few words in which they differ stand here.
/// </summary>
/// <remarks>
/// Both engines have one writer at a time, so the order of the numbers that rows get is the order in which they became visible.
/// </remarks>
internal abstract class Database : IDisposable
{
    private const string Folder = "Metrics.Core.Storage.Relational.Migrations.";

    /// <summary>What messages call it: a file, or a server with its database. Never with a secret.</summary>
    public abstract string Name { get; }

    /// <summary>An open connection to up-to-date tables.</summary>
    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Runs some statements as one transaction, while nobody else writes: all of them or none.</summary>
    public abstract Task<T> WriteAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>The condition that a column has one of the values of a list parameter.</summary>
    public abstract string In(string column, string parameter);

    /// <summary>The rows of one page of records, for its transaction.</summary>
    public abstract RecordRows RecordRows(DbTransaction transaction, RecordStamp stamp);

    /// <summary>The current records of a stream in the order of their versions, each body as UTF-8.</summary>
    public abstract IAsyncEnumerable<(string Key, long Version, byte[] Body)> RecordsAsync(
        DbConnection connection, StreamId stream, CancellationToken cancellationToken);

    /// <summary>The tables as they are now, by name.</summary>
    public abstract Task<IReadOnlyList<Table>> TablesAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Adds rows, values in the order of the table's columns.</summary>
    public abstract Task InsertAsync(DbTransaction transaction, Table table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken);

    /// <summary>Lets the numbers that a table gives to its rows go on after those that it holds.</summary>
    public abstract Task ContinueNumbersAsync(DbTransaction transaction, Table table, CancellationToken cancellationToken);

    public Task WriteAsync(Func<DbTransaction, Task> work, CancellationToken cancellationToken) => WriteAsync(async transaction =>
    {
        await work(transaction);
        return true;
    }, cancellationToken);

    public abstract void Dispose();

    /// <summary>The numbered files from <paramref name="after"/> on, each with its number.</summary>
    /// <exception cref="InvalidOperationException">The tables are newer than this program.</exception>
    protected IEnumerable<(int Number, string Sql)> MigrationsAfter(int after)
    {
        var assembly = Assembly.GetExecutingAssembly();
        string[] files = [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        var newest = NumberOf(files[^1]);
        if (after > newest)
            throw new InvalidOperationException($"{Name} was written by a newer version (migration {after}, this one knows {newest}). Use that version, or another place for the data.");

        return files.Where(name => NumberOf(name) > after).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return (NumberOf(name), reader.ReadToEnd());
        });

        static int NumberOf(string name) => int.Parse(name.AsSpan(Folder.Length, 4), CultureInfo.InvariantCulture);
    }
}
