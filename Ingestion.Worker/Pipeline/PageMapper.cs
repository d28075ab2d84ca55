using Metrics.Core.Connectors;
using Metrics.Core.Periods;
using Metrics.Core.Records;

namespace Ingestion.Worker.Pipeline;

/// <summary>The records and rejects of one page.</summary>
/// <param name="Read">How many rows it was made from.</param>
/// <param name="NewestDay">The newest local day in it that is not in the future.</param>
public sealed record MappedPage(int Read, IReadOnlyList<Record> Records, IReadOnlyList<Reject> Rejects, DateOnly? NewestDay);

/// <summary>Maps the pages of one stream, part after part.</summary>
public sealed class PageMapper(SourceStream stream, ReportingCalendar calendar, DateOnly today) : IDisposable
{
    private RowMapper? _mapper;
    private string? _part;

    /// <exception cref="MappingException">A part lacks a column that the mapping names.</exception>
    public MappedPage Map(SourcePage page)
    {
        if (page.CompletesFullRead)
            return new MappedPage(0, [], [], null);

        // A file that was replaced may have other columns under the same name.
        if (page.BeginsRead || _part != page.Part)
        {
            _mapper?.Dispose();
            _mapper = new RowMapper(stream.Mapping, page.Part, page.Columns, page.Format, calendar, today);
            _part = page.Part;
        }

        var records = new List<Record>(page.Rows.Count);
        var rejects = new List<Reject>(page.Rejects);
        DateOnly? newest = null;
        foreach (var row in page.Rows)
        {
            if (_mapper!.Map(row, records, rejects) is { } day && (newest is null || day > newest))
                newest = day;
        }

        return new MappedPage(page.Rows.Count + page.Rejects.Count, records, rejects, newest);
    }

    public void Dispose() => _mapper?.Dispose();
}
