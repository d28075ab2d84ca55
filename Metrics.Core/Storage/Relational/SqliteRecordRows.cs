using System.Data.Common;
using Metrics.Core.Records;
using Metrics.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Metrics.Core.Storage.Relational;

/// <summary>The rows of a page in the SQLite file. Statements run on the engine's handle: a file of a million rows binds them four million times.</summary>
internal sealed class SqliteRecordRows : RecordRows
{
    private readonly Statement _claim;
    private readonly Statement _find;
    private readonly Statement _see;
    private readonly Statement _replace;
    private readonly Statement _version;
    private readonly Statement _refuse;

    public SqliteRecordRows(DbTransaction transaction, RecordStamp stamp)
        : base(transaction, stamp)
    {
        var connection = (SqliteConnection)transaction.Connection!;
        _claim = new Statement(connection, "insert into record_head (stream, key, digest, version, seen) values (?1, ?2, ?3, ?4, ?5) on conflict (stream, key) do nothing");
        _find = new Statement(connection, "select digest, seen, version from record_head where stream = ?1 and key = ?2");
        _see = new Statement(connection, "update record_head set seen = ?3 where stream = ?1 and key = ?2");
        _replace = new Statement(connection, "update record_head set digest = ?3, version = ?4, seen = ?5 where stream = ?1 and key = ?2");
        _version = new Statement(connection, "insert into record_version (id, stream, key, learned_at, sync, body, before) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        _refuse = new Statement(connection, "insert into reject (stream, mark, sync, file, line, column_name, value, reason) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        _claim.Bind(1, stamp.Stream).Bind(5, stamp.Part);
        _find.Bind(1, stamp.Stream);
        _see.Bind(1, stamp.Stream).Bind(3, stamp.Part);
        _replace.Bind(1, stamp.Stream).Bind(5, stamp.Part);
        _version.Bind(2, stamp.Stream).Bind(4, stamp.LearnedAt).Bind(5, stamp.Sync);
        _refuse.Bind(1, stamp.Stream).Bind(2, stamp.Part).Bind(3, stamp.Sync);
    }

    public override bool TryClaim(string key, string digest, long version)
    {
        _claim.Bind(2, key).Bind(3, digest).Bind(4, version);
        return _claim.Run() == 1;
    }

    public override (string? Digest, long Seen, long Version) Find(string key)
    {
        _find.Bind(2, key);
        _find.Step();
        var found = (_find.IsNull(0) ? null : _find.Text(0), _find.Long(1), _find.Long(2));
        _find.Reset();
        return found;
    }

    public override void See(string key)
    {
        _see.Bind(2, key);
        _see.Run();
    }

    public override void Replace(string key, string? digest, long version)
    {
        _replace.Bind(2, key).Bind(3, digest).Bind(4, version);
        _replace.Run();
    }

    public override void AddVersion(long version, string key, ReadOnlyMemory<byte> body, long? before)
    {
        _version.Bind(1, version).Bind(3, key).Bind(7, before);
        if (body.IsEmpty)
            _version.Bind(6, (string?)null);
        else
            _version.Bind(6, body.Span);
        _version.Run();
    }

    public override void AddReject(Reject reject)
    {
        _refuse.Bind(4, reject.File).Bind(5, reject.Line).Bind(6, reject.Column).Bind(7, reject.Value).Bind(8, reject.Reason);
        _refuse.Run();
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var statement in (Statement[])[_claim, _find, _see, _replace, _version, _refuse])
            statement.Dispose();
        return base.DisposeAsync();
    }
}
