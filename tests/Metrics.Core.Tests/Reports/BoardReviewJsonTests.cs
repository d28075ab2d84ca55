using System.Text.Json;
using Metrics.Core.Boards;
using Metrics.Core.Findings;
using Metrics.Core.Narratives;
using Metrics.Core.Periods;
using Metrics.Core.Reports;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Reports;

public sealed class BoardReviewJsonTests
{
    [Test]
    public async Task A_board_says_what_is_on_record_of_its_review()
    {
        var calendar = Some.Calendar();
        var week = calendar.Containing(Grain.Week, Some.Day("2026-11-09"));
        var at = Some.Instant("2026-11-16T08:00:00Z");
        var narrative = Narrative.At(
            [
                new("weekly", "2026-W44", "nps", Stance.Investigating, "", "Anna", at) { Number = 1 },
                new("weekly", "2026-W46", "mrr", Stance.Explained, "The fair", "Berta", at) { Number = 2 },
            ],
            [new("d", "weekly", "2026-W45", "Call", "Sales", Some.Day("2026-11-20"), false, "Anna", at) { Number = 1 }], calendar, Grain.Week, week);
        var board = new BoardSnapshot
        {
            Board = new Board("weekly", "Weekly", Grain.Week, [], "boards/weekly.yaml", 1), Period = week, Key = "2026-W46", Name = "W46 2026", Title = "Week 46",
            PreviousKey = "2026-W45", PreviousName = "W45", TimeZone = "UTC", Currency = "EUR", TakenAt = at, Ended = true, ElapsedDays = 7, Sections = [],
        };
        using var stream = new MemoryStream();

        await BoardJson.WriteAsync(board, new BoardFindings([], BoardStanding.Of(board), week.Start, []), narrative, stream, CancellationToken.None);

        var review = JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("review");
        Assert.That(JsonSerializer.Serialize(review.GetProperty("comments")), Is.EqualTo(
            """[{"finding":"mrr","stance":"explained","text":"The fair","by":"Berta","at":"2026-11-16T08:00:00Z"}]"""));
        Assert.That(JsonSerializer.Serialize(review.GetProperty("open")), Is.EqualTo("""[{"finding":"nps","since":"2026-10-26","age":2}]"""));
        Assert.That(JsonSerializer.Serialize(review.GetProperty("decisions")), Is.EqualTo(
            """[{"text":"Call","responsible":"Sales","due":"2026-11-20","done":false,"age":1}]"""));
    }
}
