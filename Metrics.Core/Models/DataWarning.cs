using Metrics.Core.Records;

namespace Metrics.Core.Models;

/// <summary>Rows that a model did not take, or took by a rule that people should know of. Nothing about them is silent.</summary>
/// <param name="Code">What is the matter, one word for each kind: <c>before_signup</c>.</param>
/// <param name="Sentence">What was found and what was made of it, for people.</param>
/// <param name="Rows">How many there are.</param>
/// <param name="LeftOut">Whether they are missing from the figures, which are incomplete then.</param>
/// <param name="Examples">The first of them.</param>
public sealed record DataWarning(string Code, string Sentence, long Rows, bool LeftOut, IReadOnlyList<WarnedRow> Examples)
{
    /// <summary>The metrics whose figures are concerned; empty for all of the model.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];
}

/// <summary>One row of a warning.</summary>
/// <param name="Stream">The stream that it came by.</param>
/// <param name="Record">By what it is found there: its key, or who and when.</param>
/// <param name="What">What it says that is the matter.</param>
public sealed record WarnedRow(string Stream, string Record, string What);

/// <summary>Collects the warnings of one run of a model.</summary>
public sealed class WarningLog
{
    /// <summary>How many rows of a kind are kept as examples; all are counted.</summary>
    public const int MostExamples = 100;

    private readonly SortedDictionary<string, Kind> _kinds = new(StringComparer.Ordinal);

    /// <param name="sentence">What is the matter with rows of this kind, with <c>{0}</c> for how many: "{0} scores are off their scale and left out."</param>
    /// <param name="leftOut">Whether such rows are missing from the figures.</param>
    public void Note(string code, string sentence, bool leftOut, StoredRecord record, string what) =>
        Note(code, sentence, leftOut, record.Stream.ToString(), RecordLines.KeyOf(record), what);

    public void Note(string code, string sentence, bool leftOut, string stream, string record, string what)
    {
        if (!_kinds.TryGetValue(code, out var kind))
            _kinds[code] = kind = new Kind(sentence, leftOut);
        kind.Rows++;
        if (kind.Examples.Count < MostExamples)
            kind.Examples.Add(new WarnedRow(stream, record, what));
    }

    /// <summary>The warnings, by code.</summary>
    public IReadOnlyList<DataWarning> Warnings =>
    [
        .. _kinds.Select(pair => new DataWarning(
            pair.Key, string.Format(System.Globalization.CultureInfo.InvariantCulture, pair.Value.Sentence, pair.Value.Rows), pair.Value.Rows, pair.Value.LeftOut,
            [.. pair.Value.Examples])),
    ];

    private sealed record Kind(string Sentence, bool LeftOut)
    {
        public long Rows { get; set; }

        public List<WarnedRow> Examples { get; } = [];
    }
}
