using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Metrics.Core.Storage.Sqlite;

/// <summary>
/// A prepared statement on SQLite's own handle, for the loops that run a million times: parameters ?1, ?2 … keep their values
/// from run to run until they are bound anew.
/// </summary>
/// <remarks>
/// Stepping and reading go to the engine without the guard that the binding puts around each call (it costs more than the call): the
/// statement lives as long as this object, which is disposed by whoever runs it.
/// </remarks>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly nint _pointer;

    public Statement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
        _pointer = _statement.DangerousGetHandle();
    }

    public Statement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, long? value)
    {
        Check(value is { } number ? raw.sqlite3_bind_int64(_statement, parameter, number) : raw.sqlite3_bind_null(_statement, parameter));
        return this;
    }

    public Statement Bind(int parameter, double? value)
    {
        Check(value is { } number ? raw.sqlite3_bind_double(_statement, parameter, number) : raw.sqlite3_bind_null(_statement, parameter));
        return this;
    }

    public Statement Bind(int parameter, string? value)
    {
        Check(value is null ? raw.sqlite3_bind_null(_statement, parameter) : raw.sqlite3_bind_text(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> utf8)
    {
        Check(raw.sqlite3_bind_text(_statement, parameter, utf8));
        return this;
    }

    /// <summary>Goes to the next row; false when there is none. Call <see cref="Reset"/> before the next run.</summary>
    public bool Step()
    {
        var code = Native.sqlite3_step(_pointer);
        if (code == raw.SQLITE_ROW)
            return true;

        if (code != raw.SQLITE_DONE)
        {
            raw.sqlite3_reset(_statement);
            Check(code);
        }

        return false;
    }

    /// <summary>Runs a statement that gives no rows; says how many rows it changed.</summary>
    public int Run()
    {
        Step();
        raw.sqlite3_reset(_statement);
        return raw.sqlite3_changes(_database);
    }

    public void Reset() => raw.sqlite3_reset(_statement);

    public long Long(int column) => Native.sqlite3_column_int64(_pointer, column);

    public double Double(int column) => Native.sqlite3_column_double(_pointer, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <summary>The column's UTF-8 bytes, valid until the next step.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(_statement, column);

    public bool IsNull(int column) => Native.sqlite3_column_type(_pointer, column) == raw.SQLITE_NULL;

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), code & 0xFF, code);
    }

    /// <summary>The calls of the inner loops. Those that only read a value of the current row are over in nanoseconds and never wait.</summary>
    private static class Native
    {
        private const string Engine = "e_sqlite3";

        [DllImport(Engine)]
        public static extern int sqlite3_step(nint statement);

        [DllImport(Engine)]
        [SuppressGCTransition]
        public static extern long sqlite3_column_int64(nint statement, int column);

        [DllImport(Engine)]
        [SuppressGCTransition]
        public static extern double sqlite3_column_double(nint statement, int column);

        [DllImport(Engine)]
        [SuppressGCTransition]
        public static extern int sqlite3_column_type(nint statement, int column);
    }
}
