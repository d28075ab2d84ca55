using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;

namespace Metrics.Core.Storage.Relational;

/// <summary>
/// How many rows there are, and the sum of their digests: the same for the same rows in whatever order, else practically never.
/// </summary>
internal sealed record RowSum(long Rows, UInt128 Digests)
{
    public static RowSum Nothing { get; } = new(0, 0);

    public static RowSum operator +(RowSum a, RowSum b) => new(a.Rows + b.Rows, unchecked(a.Digests + b.Digests));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rows} rows, checksum {Digests:x32}");
}

/// <summary>A copy that is not what it was copied from, or cannot be.</summary>
internal sealed class CopyException(string message) : Exception(message);

/// <summary>
/// Copies tables from one operational database to another, page by page in the order of their keys, which both engines give in the
/// same order. Every page is read back; one that is there already stays.
/// </summary>
internal sealed class TableCopy(Database source, Database target)
{
    // Enough to spare round trips, few enough that the bodies of a page of records are some hundred kilobytes.
    private const int RowsAtOnce = 2_000;

    /// <summary>The tables of the source by name, without those that <paramref name="isLeftOut"/>.</summary>
    /// <exception cref="CopyException">The target does not have one of them as it is.</exception>
    public async Task<IReadOnlyList<Table>> TablesAsync(Func<string, bool> isLeftOut, CancellationToken cancellationToken)
    {
        await using var from = await source.OpenAsync(cancellationToken);
        await using var to = await target.OpenAsync(cancellationToken);
        Table[] tables = [.. (await source.TablesAsync(from, cancellationToken)).Where(table => !isLeftOut(table.Name))];
        var there = (await target.TablesAsync(to, cancellationToken)).ToDictionary(table => table.Name);
        foreach (var table in tables)
        {
            if (table.Key.Count == 0)
                throw new CopyException($"The table {table.Name} of {source.Name} has no primary key and cannot be copied.");
            if (!there.TryGetValue(table.Name, out var other) || !other.Columns.ToHashSet().SetEquals(table.Columns))
                {
                throw new CopyException(
                    $"{target.Name} has no table {table.Name} with the columns {table.ColumnList}, as {source.Name} has.");
            }
        }

        return tables;
    }

    public static async Task<long> CountAsync(Database database, Table table, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"select count(*) from {table.Quoted}", cancellationToken: cancellationToken));
    }

    /// <summary>Makes the rows of a table in the target what they are in the source.</summary>
    /// <param name="resume">Whether some of them may be there already.</param>
    /// <param name="progress">Told the number of rows after every page.</param>
    /// <exception cref="CopyException">What the target gives back is something else than what it was given.</exception>
    public async Task<RowSum> CopyAsync(Table table, bool resume, Action<long> progress, CancellationToken cancellationToken)
    {
        await using var from = await source.OpenAsync(cancellationToken);
        await using var to = await target.OpenAsync(cancellationToken);
        var (copied, there) = (RowSum.Nothing, RowSum.Nothing);
        object?[]? after = null;
        while (true)
        {
            var page = await ReadAsync(from, table, after, cancellationToken);
            object?[]? last = page.Count < RowsAtOnce ? null : KeyOf(table, page[^1]);
            var expected = SumOf(page);
            if (!resume || await SumAsync(to, table, after, last, cancellationToken) != expected)
            {
                await target.WriteAsync(async transaction =>
                {
                    await DeleteAsync(transaction, table, after, last, cancellationToken);
                    await target.InsertAsync(transaction, table, page, cancellationToken);
                }, cancellationToken);
            }

            (copied, there) = (copied + expected, there + await SumAsync(to, table, after, last, cancellationToken));
            if (there != copied)
                {
                throw new CopyException(
                    $"The table {table.Name} differs after copying: {source.Name} has {copied}, {target.Name} has {there}.");
            }

            progress(copied.Rows);
            if (last is null)
                break;
            after = last;
        }

        await target.WriteAsync(transaction => target.ContinueNumbersAsync(transaction, table, cancellationToken), cancellationToken);
        return copied;
    }

    private static object?[] KeyOf(Table table, object?[] row) => [.. table.Key.Select(place => row[place])];

    private static RowSum SumOf(IEnumerable<object?[]> rows)
    {
        var (count, sum) = (0L, UInt128.Zero);
        foreach (var row in rows)
        {
            count++;
            sum = unchecked(sum + DigestOf(row));
        }

        return new RowSum(count, sum);
    }

    private static UInt128 DigestOf(object?[] row)
    {
        using var text = new MemoryStream();
        using var writer = new BinaryWriter(text, Encoding.UTF8);
        foreach (var value in row)
        {
            switch (value)
            {
                case null:
                    writer.Write((byte)0);
                    break;
                case string some:
                    writer.Write((byte)1);
                    writer.Write(some);
                    break;
                case long number:
                    writer.Write((byte)2);
                    writer.Write(number);
                    break;
                case double number:
                    writer.Write((byte)3);
                    writer.Write(BitConverter.DoubleToInt64Bits(number));
                    break;
                default:
                    writer.Write((byte)4);
                    writer.Write(((byte[])value).Length);
                    writer.Write((byte[])value);
                    break;
            }
        }

        writer.Flush();
        return BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(text.GetBuffer().AsSpan(0, (int)text.Length)));
    }

    private static async Task<RowSum> SumAsync(
        DbConnection connection, Table table, object?[]? after, object?[]? last, CancellationToken cancellationToken)
    {
        await using var select = Select(connection, table, after, last, limit: null);
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        var sum = RowSum.Nothing;
        while (await rows.ReadAsync(cancellationToken))
            sum += new RowSum(1, DigestOf(Read(table, rows)));
        return sum;
    }

    /// <summary>One page after a key.</summary>
    private static async Task<List<object?[]>> ReadAsync(
        DbConnection connection, Table table, object?[]? after, CancellationToken cancellationToken)
    {
        await using var select = Select(connection, table, after, null, RowsAtOnce);
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        var page = new List<object?[]>(RowsAtOnce);
        while (await rows.ReadAsync(cancellationToken))
            page.Add(Read(table, rows));
        return page;
    }

    private static object?[] Read(Table table, DbDataReader rows)
    {
        var row = new object?[table.Columns.Count];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = rows.IsDBNull(i) ? null : table.Columns[i].Kind switch
            {
                ColumnKind.Text => Storable(rows.GetString(i)),
                ColumnKind.Whole => rows.GetInt64(i),
                ColumnKind.Real => rows.GetDouble(i),
                _ => rows.GetFieldValue<byte[]>(i),
            };
        }

        return row;
    }

    /// <summary>As the server keeps every text: it knows no NUL.</summary>
    private static string Storable(string text) => text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\uFFFD') : text;

    private static DbCommand Select(DbConnection connection, Table table, object?[]? after, object?[]? last, int? limit)
    {
        var select = connection.CreateCommand();
        var first = limit is null ? "" : string.Create(CultureInfo.InvariantCulture, $" limit {limit}");
        select.CommandText =
            $"select {table.ColumnList} from {table.Quoted}{Where(table, after, last)} order by {table.KeyList}{first}";
        Bind(select, after, last);
        return select;
    }

    private static async Task DeleteAsync(
        DbTransaction transaction, Table table, object?[]? after, object?[]? last, CancellationToken cancellationToken)
    {
        await using var delete = transaction.Connection!.CreateCommand();
        delete.Transaction = transaction;
        delete.CommandText = $"delete from {table.Quoted}{Where(table, after, last)}";
        Bind(delete, after, last);
        await delete.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Where(Table table, object?[]? after, object?[]? last)
    {
        string[] ends =
        [
            .. after is null ? [] : (string[])[$"({table.KeyList}) > ({Names("a", after)})"],
            .. last is null ? [] : (string[])[$"({table.KeyList}) <= ({Names("l", last)})"],
        ];
        return ends.Length == 0 ? "" : $" where {string.Join(" and ", ends)}";
    }

    private static string Names(string prefix, object?[] values) =>
        string.Join(", ", values.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"@{prefix}{i}")));

    private static void Bind(DbCommand command, object?[]? after, object?[]? last)
    {
        foreach (var (prefix, values) in ((string, object?[]?)[])[("a", after), ("l", last)])
        {
            for (var i = 0; i < (values?.Length ?? 0); i++)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (string.Create(CultureInfo.InvariantCulture, $"{prefix}{i}"), values![i]);
                command.Parameters.Add(parameter);
            }
        }
    }
}
