using System.Globalization;
using Metrics.Core.Records;

namespace Metrics.Core.Storage.Relational;

/// <summary>Decides for each record of a page whether it is new, changed, known or in conflict with another one.</summary>
internal sealed class RecordPage(RecordRows rows, ReadMark mark, long nextVersion)
{
    private const int MostRemembered = 50_000;

    private readonly Dictionary<string, int> _occurrences = new(StringComparer.Ordinal);
    private readonly List<Record> _conflicts = [];
    private readonly long _first = nextVersion;
    private long _nextVersion = nextVersion;

    public RecordRows Rows => rows;

    public long New { get; private set; }

    public long Changed { get; private set; }

    public long Unchanged { get; private set; }

    public long LiveChange { get; private set; }

    /// <summary>The newest version that the page appended; null where it appended none.</summary>
    public long? Newest => _nextVersion > _first ? _nextVersion - 1 : null;

    public IReadOnlyList<Record> Conflicts => _conflicts;

    /// <summary>The key of a record that declares none: its content and the number of its occurrence.</summary>
    public static string KeyOf(string digest, int occurrence) => string.Create(CultureInfo.InvariantCulture, $"{digest}#{occurrence}");

    public void Append(Record record)
    {
        if (record.Key is { } key)
        {
            if (!TryPlace(key, record, isContent: false))
                Conflict(key, record);
            return;
        }

        // The same line again in one part is another record.
        var occurrence = _occurrences.GetValueOrDefault(record.Digest) + 1;
        while (!TryPlace(KeyOf(record.Digest, occurrence), record, isContent: true))
            occurrence++;
        if (_occurrences.Count < MostRemembered || _occurrences.ContainsKey(record.Digest))
            _occurrences[record.Digest] = occurrence;
    }

    public void Refuse(Reject reject)
    {
        rows.AddReject(reject);
        foreach (var key in reject.Keys)
            rows.See(key);
    }

    /// <summary>Notes that some records vanished; says how many.</summary>
    public long Bury(IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
        {
            var before = rows.Find(key).Version;
            rows.Replace(key, null, _nextVersion);
            rows.AddVersion(_nextVersion++, key, default, before);
        }

        LiveChange -= keys.Count;
        return keys.Count;
    }

    private void Conflict(string key, Record record)
    {
        _conflicts.Add(record);
        if (record.Origin is { } origin)
        {
            var shown = key.Replace('\u001F', ' ');
            Refuse(new Reject(
                origin.File, record.Line, origin.KeyColumns, shown.Length > Reject.LongestValue ? shown[..Reject.LongestValue] : shown,
                $"the key '{shown}' stands in this file before, with other values; only the first row was taken."));
        }
    }

    /// <summary>False where the key is taken in this part: by another row (content keys), or by one with other content (declared keys).</summary>
    private bool TryPlace(string key, Record record, bool isContent)
    {
        if (rows.TryClaim(key, record.Digest, _nextVersion))
        {
            rows.AddVersion(_nextVersion++, key, record.Body, before: null);
            New++;
            LiveChange++;
            return true;
        }

        var (digest, seen, version) = rows.Find(key);
        var same = digest == record.Digest;
        if (seen >= mark.Part)
        {
            Unchanged += same && !isContent ? 1 : 0;
            return same && !isContent;
        }

        // An earlier part of this read, a newer file, has spoken for this key already.
        if (seen >= mark.Begin)
        {
            Unchanged++;
            if (isContent)
                rows.See(key);
            return true;
        }

        if (same)
        {
            rows.See(key);
            Unchanged++;
            return true;
        }

        rows.Replace(key, record.Digest, _nextVersion);
        rows.AddVersion(_nextVersion++, key, record.Body, version);
        if (digest is null)
        {
            New++;
            LiveChange++;
        }
        else
        {
            Changed++;
        }

        return true;
    }
}
