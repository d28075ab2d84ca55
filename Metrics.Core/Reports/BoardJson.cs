using System.Text.Json;
using Metrics.Core.Boards;
using Metrics.Core.Findings;
using Metrics.Core.Narratives;
using Metrics.Core.Periods;
using Metrics.Core.Signals;
using Metrics.Core.Targets;

namespace Metrics.Core.Reports;

/// <summary>
/// A board's snapshot as JSON: for each tile its periods (<c>weeks</c> on a weekly board), months and the box of nine numbers.
/// </summary>
/// <remarks>
/// Figures are numbers at full precision in the metric's unit, rates and relative changes are fractions (0.0229 is 2.29 %), changes of
/// a percentage the difference of the fractions, undefined is null. A change that is neither (from a base of zero or below) is null.
/// Days are ISO and included on both ends. Periods whose base is not complete, where the board shows them, say <c>"flagged": true</c>.
/// </remarks>
public static class BoardJson
{
    /// <param name="narrative">What is on record of its review.</param>
    public static async Task WriteAsync(
        BoardSnapshot board, BoardFindings findings, Narrative narrative, Stream target, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(target, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("board", board.Board.Id);
        json.WriteString("name", board.Board.Name);
        json.WriteString("grain", board.Board.Grain.Name());
        json.WriteString(board.Board.Grain.Name(), board.Key);
        json.WriteString("label", board.Name);
        WriteDays(json, board.Period);
        json.WriteBoolean("ended", board.Ended);
        json.WriteString("time_zone", board.TimeZone);
        json.WriteString("currency", board.Currency);
        json.WriteString("compared_with", board.Comparison.ToString().ToLowerInvariant());
        json.WriteStartObject("segment");
        foreach (var (dimension, value) in board.Segment.Values)
            json.WriteString(dimension, value);
        json.WriteEndObject();
        json.WriteStartArray("targets");
        foreach (var version in board.Board.Versions)
            json.WriteStringValue(version);
        json.WriteEndArray();
        json.WriteStartArray("sections");
        foreach (var section in board.Sections)
        {
            json.WriteStartObject();
            json.WriteString("name", section.Name);
            json.WriteStartArray("tiles");
            foreach (var tile in section.Tiles)
                WriteTile(json, board, tile);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteFindings(json, findings);
        WriteReview(json, narrative);
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
    }

    /// <summary>
    /// What needs a decision, the strongest first, and what was restated since the board was last looked at; <c>gap</c> is in the metric's
    /// unit. The first seven have their main driver in the sentence.
    /// </summary>
    private static void WriteFindings(Utf8JsonWriter json, BoardFindings findings)
    {
        json.WriteStartArray("findings");
        foreach (var finding in findings.All)
        {
            json.WriteStartObject();
            json.WriteString("key", finding.Key.Text);
            json.WriteString("metric", finding.Tile.Metric.Id);
            json.WriteString("strength", NameOf(finding.Strength));
            json.WriteStartArray("reasons");
            foreach (var reason in finding.Reasons)
                json.WriteStringValue(reason.Name);
            json.WriteEndArray();
            json.WriteString("headline", finding.Headline);
            json.WriteString("sentence", finding.Sentence);
            WriteNumber(json, "gap", finding.Gap);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("restated");
        foreach (var figure in findings.Restated)
        {
            json.WriteStartObject();
            json.WriteString("metric", figure.Tile.Metric.Id);
            json.WriteString("filter", figure.Tile.Filter);
            WriteDays(json, figure.Period);
            WriteNumber(json, "then", figure.Then);
            WriteNumber(json, "now", figure.Now);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Comments on findings, what earlier periods left open, and decisions; <c>age</c> counts periods of the board.</summary>
    private static void WriteReview(Utf8JsonWriter json, Narrative narrative)
    {
        json.WriteStartObject("review");
        json.WriteStartArray("comments");
        foreach (var comment in narrative.Comments.Values.OrderBy(one => one.Finding, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("finding", comment.Finding);
            json.WriteString("stance", comment.Stance.ToString().ToLowerInvariant());
            json.WriteString("text", comment.Text);
            json.WriteString("by", comment.By);
            WriteInstant(json, "at", comment.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("open");
        foreach (var item in narrative.OpenItems.Where(item => item.IsOpen))
        {
            json.WriteStartObject();
            json.WriteString("finding", item.Finding);
            json.WriteString("since", item.Since.Start.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteNumber("age", item.Age);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("decisions");
        foreach (var decision in narrative.Decisions)
        {
            json.WriteStartObject();
            json.WriteString("text", decision.Newest.Text);
            json.WriteString("responsible", decision.Newest.Responsible);
            json.WriteString("due", decision.Newest.Due?.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteBoolean("done", decision.IsDone);
            json.WriteNumber("age", decision.Age);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTile(Utf8JsonWriter json, BoardSnapshot board, TileSnapshot tile)
    {
        json.WriteStartObject();
        json.WriteString("metric", tile.Metric.Id);
        json.WriteString("name", tile.Name);
        json.WriteString("unit", tile.Metric.Unit.ToString().ToLowerInvariant());
        json.WriteString("direction", tile.Metric.Direction.ToString().ToLowerInvariant());
        json.WriteString("owner", tile.Metric.Owner);
        json.WriteStartObject("filter");
        foreach (var (dimension, values) in tile.Tile.Filter)
        {
            json.WriteStartArray(dimension);
            foreach (var value in values)
                json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        if (tile.NotBy.Count > 0)
        {
            json.WriteStartArray("not_by");
            foreach (var dimension in tile.NotBy)
                json.WriteStringValue(dimension);
            json.WriteEndArray();
        }

        json.WriteString("state", NameOf(tile.State));
        json.WriteString("status", NameOf(tile.Status));
        json.WriteString("reason", tile.Reason);
        WriteNumber(json, "value", tile.Value?.Value);
        if (tile.Interval is { } interval)
        {
            json.WriteStartObject("interval");
            WriteNumber(json, "low", interval.Low);
            WriteNumber(json, "high", interval.High);
            json.WriteNumber("n", interval.Answers);
            json.WriteBoolean("too_few", interval.TooFew);
            json.WriteEndObject();
        }

        WriteNumber(json, "target", tile.Target?.Value);
        json.WriteString("target_version", tile.Target?.Target.Version);
        WriteNumber(json, "attainment", tile.Attainment);
        WriteChange(json, "compared", tile.Compared);
        WriteChange(json, "variance", tile.Variance);
        WriteSignal(json, tile.Signal);
        WriteLanding(json, tile);
        WriteInstant(json, "as_of", tile.AsOf);
        json.WriteBoolean("complete", tile.Value is { Complete: true });
        json.WriteBoolean("restated", tile.Value is { Restated: true });
        json.WriteStartArray("left_out");
        foreach (var warning in tile.LeftOut)
        {
            json.WriteStartObject();
            json.WriteString("code", warning.Code);
            json.WriteString("sentence", warning.Sentence);
            json.WriteNumber("rows", warning.Rows);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WritePeriods(json, board.Board.Grain.Name() + "s", tile.Periods);
        if (tile.Months.Count > 0)
            WritePeriods(json, "months", tile.Months);
        WriteBox(json, tile);
        json.WriteEndObject();
    }

    /// <summary>What stands out in the window that ends with the board's period; null where nothing does.</summary>
    private static void WriteSignal(Utf8JsonWriter json, Signal? signal)
    {
        if (signal is null)
        {
            json.WriteNull("signal");
            return;
        }

        json.WriteStartObject("signal");
        json.WriteString("rule", signal.Rule.Key());
        json.WriteString("strength", signal.Strength.ToString().ToLowerInvariant());
        json.WriteString("side", signal.Side.ToString().ToLowerInvariant());
        json.WriteString("sentence", signal.Sentence);
        json.WriteEndObject();
    }

    /// <summary>Where the metric stands in the shortest longer period that has a target of its own.</summary>
    private static void WriteLanding(Utf8JsonWriter json, TileSnapshot tile)
    {
        if (tile.Landing is not { Standing: var standing } landing)
        {
            json.WriteNull("landing");
            return;
        }

        json.WriteStartObject("landing");
        json.WriteString("period", landing.Key);
        WriteDays(json, landing.Period);
        WriteNumber(json, "target", standing.Target);
        json.WriteString("target_version", landing.Target.Version);
        WriteNumber(json, "actual", standing.Actual);
        WriteNumber(json, "expected", standing.Expected);
        WriteNumber(json, "elapsed", standing.ElapsedShare);
        json.WriteString("pace", NameOf(standing.Basis));
        WriteNumber(json, "projection", standing.Projection);
        WriteNumber(json, "low", standing.Landing?.Low);
        WriteNumber(json, "high", standing.Landing?.High);
        WriteNumber(json, "needed_per_week", standing.RequiredPerWeek);
        json.WriteString("status", NameOf(standing.Status));
        json.WriteString("sentence", tile.LandingInWords());
        json.WriteEndObject();
    }

    private static void WritePeriods(Utf8JsonWriter json, string name, IReadOnlyList<TilePeriod> periods)
    {
        json.WriteStartArray(name);
        foreach (var period in periods)
        {
            json.WriteStartObject();
            json.WriteString("key", period.Key);
            json.WriteString("label", period.Label);
            WriteDays(json, period.Period);
            WriteNumber(json, "value", period.Value.Value);
            WriteNumber(json, "previous_year", period.PreviousYear.Value);
            WriteNumber(json, "target", period.Target?.Value);
            WriteChange(json, "change", period.Change);
            WriteChange(json, "yoy", period.YearChange);
            json.WriteBoolean("complete", period.Value.Complete);
            json.WriteBoolean("restated", period.Value.Restated);
            if (period.Change is { OfIncomplete: true } || period.YearChange is { OfIncomplete: true })
                json.WriteBoolean("flagged", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Last period, its two changes, and month, quarter and year to date, each with its change on the year.</summary>
    private static void WriteBox(Utf8JsonWriter json, TileSnapshot tile)
    {
        json.WriteStartArray("box");
        Number(tile.Value?.Value);
        Number(FractionOf(tile.Change));
        Number(FractionOf(tile.YearChange));
        foreach (var toDate in tile.ToDates)
        {
            Number(toDate.Value.Value);
            Number(FractionOf(toDate.YearChange));
        }

        json.WriteEndArray();

        void Number(decimal? value)
        {
            if (value is { } number)
                json.WriteNumberValue(number);
            else
                json.WriteNullValue();
        }
    }

    private static void WriteDays(Utf8JsonWriter json, Period period)
    {
        json.WriteString("start", period.Start.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteString("end", period.LastDay.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    private static void WriteInstant(Utf8JsonWriter json, string name, DateTimeOffset? at)
    {
        if (at is { } moment)
            json.WriteString(name, moment.UtcDateTime);
        else
            json.WriteNull(name);
    }

    private static void WriteChange(Utf8JsonWriter json, string name, Delta? change) => WriteNumber(json, name, FractionOf(change));

    private static decimal? FractionOf(Delta? change) => change is null or { Kind: DeltaKind.Absolute } ? null : change.Amount;

    private static string NameOf(FindingStrength strength) => strength switch
    {
        FindingStrength.GoodNews => "good_news",
        FindingStrength.AtRisk => "at_risk",
        FindingStrength.OffPace => "off_pace",
        FindingStrength.OffTrack => "off_track",
        _ => strength.ToString().ToLowerInvariant(),
    };

    private static string NameOf(TargetStatus status) => status switch
    {
        TargetStatus.OnTrack => "on_track",
        TargetStatus.AtRisk => "at_risk",
        TargetStatus.OffTrack => "off_track",
        TargetStatus.NotCurrent => "not_current",
        _ => "no_target",
    };

    private static string NameOf(PaceBasis basis) => basis switch
    {
        PaceBasis.BusinessDays => "business_days",
        PaceBasis.Weekdays => "weekdays",
        PaceBasis.LastYear => "last_year",
        _ => "linear",
    };

    private static string NameOf(TileState state) => state switch
    {
        TileState.Complete => "complete",
        TileState.Running => "running",
        TileState.NotCurrent => "not_current",
        TileState.Partial => "partial",
        TileState.NoData => "no_data",
        _ => "not_readable",
    };
}
