using System.Globalization;
using System.Text;

namespace Dashboard.Web.Search;

/// <summary>
/// Finds entries by what a person types: every word must fit somewhere, and where it fits decides how well. <c>palette.js</c> does the same
/// in the browser, point by point; a test holds the two together.
/// </summary>
public sealed class SearchIndex
{
    /// <summary>More than a screen or two nobody reads.</summary>
    public const int Most = 50;

    // A letter or two are in every sentence.
    private const int ShortestInSentence = 3;
    private const int ShortestScattered = 3;

    private readonly Indexed[] _entries;

    public SearchIndex(IEnumerable<SearchEntry> entries) => _entries = [.. entries.Select(entry => new Indexed(entry))];

    /// <summary>What fits, the best first; without a word nothing.</summary>
    public IReadOnlyList<SearchEntry> Find(string? query)
    {
        var asked = Words(query ?? "");
        if (asked.Length == 0)
            return [];

        var whole = string.Join(' ', asked);
        return
        [
            .. _entries.Select(entry => (entry.Entry, Points: entry.Points(asked, whole))).Where(found => found.Points > 0)
                .OrderByDescending(found => found.Points).ThenBy(found => found.Entry.Kind).ThenBy(found => found.Entry.Title.Length)
                .ThenBy(found => found.Entry.Title, StringComparer.Ordinal).ThenBy(found => found.Entry.Address, StringComparer.Ordinal)
                .Take(Most).Select(found => found.Entry),
        ];
    }

    /// <summary>The words of a text, folded: lower case and without accents.</summary>
    internal static string[] Words(string text)
    {
        var folded = new StringBuilder();
        foreach (var letter in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark)
                continue;
            folded.Append(char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' ');
        }

        return folded.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private sealed class Indexed(SearchEntry entry)
    {
        private readonly string[] _title = Words(entry.Title);
        private readonly string[] _detail = Words(entry.Detail);
        private readonly string[] _names = [.. entry.Names.Select(name => string.Join(' ', Words(name)))];
        private readonly string _joined = string.Join(' ', Words(entry.Title));
        private readonly string _initials = string.Concat(Words(entry.Title).Select(word => word[0]));

        public SearchEntry Entry => entry;

        /// <summary>0 where a word fits nowhere.</summary>
        public int Points(string[] asked, string whole)
        {
            var sum = 0;
            foreach (var word in asked)
            {
                var points = PointsOf(word);
                if (points == 0)
                    return 0;
                sum += points;
            }

            return sum / asked.Length + WholePoints(whole) + entry.Weight;
        }

        private int WholePoints(string whole) =>
            _joined == whole || _names.Contains(whole) ? 100
            : _joined.StartsWith(whole, StringComparison.Ordinal) ? 50
            : _names.Any(name => name.StartsWith(whole, StringComparison.Ordinal)) ? 40 : 0;

        private int PointsOf(string word) =>
            _joined.StartsWith(word, StringComparison.Ordinal) ? 90
            : _title.Any(one => one.StartsWith(word, StringComparison.Ordinal)) ? 80
            : _names.Any(name => (' ' + name).Contains(' ' + word, StringComparison.Ordinal)) ? 75
            : _initials.StartsWith(word, StringComparison.Ordinal) && word.Length > 1 ? 70
            : _joined.Contains(word, StringComparison.Ordinal) ? 50
            : word.Length < ShortestInSentence ? 0
            : _detail.Any(one => one.StartsWith(word, StringComparison.Ordinal)) ? 30
            : word.Length >= ShortestScattered && IsScattered(word, _joined) ? 10 : 0;

        // Letters in their order with others between, the first one at the beginning of a word: "chrt" in "churn rate".
        private static bool IsScattered(string word, string text)
        {
            var at = (' ' + text).IndexOf(" " + word[0], StringComparison.Ordinal);
            foreach (var letter in word)
            {
                if (at < 0 || (at = text.IndexOf(letter, at)) < 0)
                    return false;
                at++;
            }

            return true;
        }
    }
}
