using System.Globalization;
using Metrics.Core.Push;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Storage;
using NUnit.Framework;

namespace Metrics.Core.Tests.Push;

/// <summary>What every inbox promises. Derive from it, open one, and the promises are checked.</summary>
public abstract class PushInboxContract
{
    private static readonly DateTimeOffset Now = Some.Instant("2026-11-16T06:00:00.123456Z");

    private protected IPushInbox Inbox { get; set; } = null!;

    [Test]
    public async Task What_was_kept_is_read_as_it_was()
    {
        var line = Line("web", "hits") with { Value = 0.1 + 0.2, Key = new InboxKey("web", "hits", """{"ort":"Köln"}""") };
        await Inbox.KeepAsync([line], default);

        Assert.That(await Inbox.LinesAsync("web", "hits", default), Is.EqualTo(new[] { line }));
        Assert.That((await Inbox.GroupsAsync(default)).Single(), Is.EqualTo(new InboxGroup("web", "hits", 1, Now, Now, line)));
        Assert.That((await Inbox.CountAsync(default), await Inbox.LossAsync(default)), Is.EqualTo((1L, (InboxLoss?)null)));
    }

    [Test]
    public async Task An_empty_inbox_is_empty()
    {
        Assert.That(await Inbox.GroupsAsync(default), Is.Empty);
        Assert.That(await Inbox.LinesAsync("web", "hits", default), Is.Empty);
        Assert.That((await Inbox.CountAsync(default), await Inbox.LossAsync(default)), Is.EqualTo((0L, (InboxLoss?)null)));
    }

    [Test]
    public async Task A_line_takes_the_place_of_the_one_of_its_day_and_remembers_since_when_there_is_one()
    {
        await Inbox.KeepAsync([Line("web", "hits")], default);
        var later = Line("web", "hits") with { Value = 2, Seen = Now.AddHours(1), Token = "other", At = Now.AddMinutes(50) };
        await Inbox.KeepAsync([later, later with { Day = later.Day.AddDays(1) }], default);

        var group = (await Inbox.GroupsAsync(default)).Single();
        Assert.That((group.Lines, group.FirstSeen, group.LastSeen), Is.EqualTo((2L, Now, Now.AddHours(1))));
        Assert.That((await Inbox.LinesAsync("web", "hits", default))[0], Is.EqualTo(later));
    }

    [Test]
    public async Task A_line_that_came_again_is_not_removed()
    {
        var first = Line("web", "hits");
        await Inbox.KeepAsync([first, Line("web", "other")], default);
        await Inbox.KeepAsync([first with { Seen = Now.AddSeconds(1) }], default);
        await Inbox.RemoveAsync([first, Line("web", "other")], default);

        Assert.That((await Inbox.GroupsAsync(default)).Select(group => group.Field), Is.EqualTo(new[] { "hits" }));
    }

    [Test]
    public async Task Beyond_the_limit_those_go_that_were_seen_longest_ago_and_it_is_said()
    {
        InboxLine[] many = [.. Enumerable.Range(0, IPushInbox.MostLines).Select(i => Line("many", "f") with
        {
            Key = new InboxKey("many", "f", $$"""{"n":"{{i.ToString(CultureInfo.InvariantCulture)}}"}"""),
        })];
        await Inbox.KeepAsync([Line("old", "f") with { Seen = Now.AddDays(-1) }], default);
        await Inbox.KeepAsync(many, default);
        await Inbox.KeepAsync([Line("new", "f") with { Seen = Now.AddDays(1) }], default);

        Assert.That((await Inbox.GroupsAsync(default)).Select(group => (group.Measurement, group.Lines)),
            Is.EqualTo(new[] { ("many", IPushInbox.MostLines - 1L), ("new", 1L) }));
        Assert.That(await Inbox.LossAsync(default), Is.EqualTo(new InboxLoss(2, Now.AddDays(1))));
    }

    private static InboxLine Line(string measurement, string field) =>
        new(new InboxKey(measurement, field, "{}"), Some.Day("2026-11-16"), Now.AddMinutes(-5), 1, Now, "t");
}

[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.Postgres)]
public sealed class SqlPushInboxTests(Engine engine) : PushInboxContract
{
    private ScratchDatabase _database = null!;

    [SetUp]
    public void Open()
    {
        _database = new ScratchDatabase(engine);
        Inbox = new SqlPushInbox(_database.Database);
    }

    [TearDown]
    public void Close() => _database.Dispose();
}
