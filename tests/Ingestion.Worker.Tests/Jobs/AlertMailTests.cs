using System.Text.Json;
using Ingestion.Worker.Jobs;
using Ingestion.Worker.Tests.Pipeline;
using Metrics.Core.Alerts;
using Metrics.Core.Definitions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NUnit.Framework;
using Tests.Support;
using Tests.Support.Servers;

namespace Ingestion.Worker.Tests.Jobs;

/// <summary>
/// From a rule to a mail, with the worker as a process of its own: one mail a recipient and change, none lost, whatever the server does
/// and whenever the process ends.
/// </summary>
public sealed class AlertMailTests
{
    private const string Rules = """
        alerts:
          - id: sold_much
            metric: sold
            grain: week
            when: { above: 10 }
            severity: critical
            to: [cfo@example.com, owner]
        """;

    private TempFolder _folder = null!;
    private ScriptedSmtpServer _server = null!;

    [SetUp]
    public async Task WriteWorkspaceAsync()
    {
        _folder = new TempFolder();
        _server = new ScriptedSmtpServer();
        _folder.Write("calendar.yaml", "currency: EUR\n");
        _folder.Write("metrics/shop.yaml", "metrics:\n  - { id: sold, name: Sold, unit: currency, missing: zero, owner: Sales }\n");
        _folder.Write("sources/shop.yaml", """
            id: shop
            connector: csv
            streams:
              - name: orders
                file: data/orders.csv
                record: metric_value
                key: [order]
                time: { column: day }
                metrics: { sold: amount }
            """);
        _folder.Write("data/orders.csv", "order,day,amount\n1,2026-02-23,5\n2,2026-03-03,25\n3,2026-03-10,3\n");
        _folder.Write("alerts/sales.yaml", Rules);
        _folder.Write("people.yaml", "people: { sales: sales@example.com }\n");
        var sync = await KpiProcess.RunAsync("sync", "--workspace", _folder.Path);
        Assert.That(sync.ExitCode, Is.Zero, sync.ToString());
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task A_real_server_gets_one_mail_a_recipient_when_it_fires_and_one_that_answers_it_when_it_is_resolved()
    {
        using var server = await MailDev.StartAsync();
        var smtp = $"smtp://127.0.0.1:{server.Port}?starttls=optional";

        var fired = await EvaluateAsync(smtp, "--at", "2026-03-08");
        var again = await EvaluateAsync(smtp, "--at", "2026-03-08");
        var resolved = await EvaluateAsync(smtp, "--at", "2026-03-15");

        Assert.That(fired.Output,
            Is.EqualTo("sold_much: ok → firing, W10: Sold €25 in W10 is above €10\n1 rule, 1 alert looked at\n2 sent, 0 waiting\n"),
            fired.ToString());
        Assert.That(again.Output, Is.EqualTo("no changes\n1 rule, 1 alert looked at\n0 sent, 0 waiting\n"));
        Assert.That(resolved.Output,
            Is.EqualTo("sold_much: firing → ok, W11: Sold €3 in W11 is no longer above €10\n1 rule, 1 alert looked at\n2 sent, 0 waiting\n"));

        var mails = (await server.MailsAsync()).Where(mail => Address(mail) == "sales@example.com").ToArray();
        Assert.That(await server.MailsAsync(), Has.Count.EqualTo(4));
        Assert.That(mails.Select(mail => mail.GetProperty("subject").GetString()), Is.EqualTo((string[])[
            "[FIRING · critical] Sold €25 – above €10 (W10)", "[RESOLVED] Sold €3 – no longer above €10 (W11)"]));
        Assert.That(Header(mails[1], "in-reply-to"), Is.EqualTo(Header(mails[0], "message-id")).And.Not.Empty);
        Assert.That(mails[0].GetProperty("text").GetString(), Does.Contain("You get this because you own Sold.")
            .And.Contain("Open metric: https://kpi.example.com/metrics/sold?grain=week"));
        Assert.That(mails[0].GetProperty("html").GetString(), Does.Contain("Sold €25: above €10")
            .And.Contain("href=\"https://kpi.example.com/metrics/sold?grain=week\""));
    }

    [Test]
    public async Task A_server_that_is_busy_gets_the_mail_the_next_time()
    {
        _server.Next(SmtpAnswer.TryLater);

        var busy = await EvaluateAsync(_server.Address, "--at", "2026-03-08");
        var next = await EvaluateAsync(_server.Address, "--at", "2026-03-08");

        Assert.That((busy.ExitCode, LastLine(busy)), Is.EqualTo((3, "1 sent, 1 waiting")), busy.ToString());
        Assert.That(busy.Errors, Does.Contain("sold_much to cfo@example.com: ").And.Contain("451").And.Contain("greylisted"));
        Assert.That((next.ExitCode, LastLine(next)), Is.EqualTo((0, "1 sent, 0 waiting")), next.ToString());
        AssertOnceEach(2);
    }

    [Test]
    public async Task A_recipient_who_is_refused_is_told_once_and_not_tried_again()
    {
        _server.Next(SmtpAnswer.Refuse);

        var refused = await EvaluateAsync(_server.Address, "--at", "2026-03-08");
        var next = await EvaluateAsync(_server.Address, "--at", "2026-03-08");

        Assert.That((refused.ExitCode, LastLine(refused)), Is.EqualTo((1, "1 sent, 0 waiting, 1 refused")), refused.ToString());
        Assert.That(refused.Errors, Does.Contain("550").And.Contain("no such user"));
        Assert.That((next.ExitCode, LastLine(next)), Is.EqualTo((0, "0 sent, 0 waiting")));
        Assert.That(_server.Received.Select(mail => mail.Recipient), Is.EqualTo((string[])["sales@example.com"]));
        Assert.That(LastLine(await EvaluateAsync(_server.Address, "--at", "2026-03-15")), Is.EqualTo("1 sent, 0 waiting"),
            "who never heard that it fires does not hear that it is resolved");
    }

    [Test]
    public async Task A_cut_after_the_mail_sends_it_again_under_the_same_identity()
    {
        _server.Next(SmtpAnswer.CutAfterData);

        var cut = await EvaluateAsync(_server.Address, "--at", "2026-03-08");
        await EvaluateAsync(_server.Address, "--at", "2026-03-08");

        Assert.That((cut.ExitCode, LastLine(cut)), Is.EqualTo((3, "1 sent, 1 waiting")), cut.ToString());
        Assert.That(_server.Received.Select(mail => mail.MessageId).GroupBy(id => id).Select(mails => mails.Count()),
            Is.EquivalentTo((int[])[1, 2]));
        AssertOnceEach(2);
    }

    [Test]
    public async Task A_process_that_is_killed_while_it_sends_loses_nothing()
    {
        _server.Next(SmtpAnswer.Accept, SmtpAnswer.HoldAfterData);
        using (var killed = StartEvaluate(_server.Address, "--at", "2026-03-08"))
        {
            await Eventually.HoldsAsync(() => _server.Received.Count == 2, "the second mail is at the server, without an answer");
            await killed.KillAsync();
        }

        var next = await EvaluateAsync(_server.Address, "--at", "2026-03-08");
        var last = await EvaluateAsync(_server.Address, "--at", "2026-03-08");

        Assert.That((next.ExitCode, LastLine(next)), Is.EqualTo((0, "1 sent, 0 waiting")), next.ToString());
        Assert.That(LastLine(last), Is.EqualTo("0 sent, 0 waiting"));
        Assert.That(_server.Received, Has.Count.EqualTo(3), "the one that was being sent came twice, the other once");
        AssertOnceEach(2);
    }

    [Test]
    public async Task Two_processes_at_once_send_each_mail_once()
    {
        using var one = StartEvaluate(_server.Address, "--at", "2026-03-08");
        using var other = StartEvaluate(_server.Address, "--at", "2026-03-08");
        var (first, second) = (await one.EndAsync(), await other.EndAsync());

        Assert.That((first.ExitCode, second.ExitCode), Is.EqualTo((0, 0)), $"{first}{second}");
        Assert.That(_server.Received, Has.Count.EqualTo(2));
        AssertOnceEach(2);
    }

    [Test]
    public async Task Without_a_server_and_with_one_that_is_not_there_notifications_wait()
    {
        var none = await EvaluateAsync(null, "--at", "2026-03-08");
        Assert.That((none.ExitCode, LastLine(none)), Is.EqualTo((0, "0 sent, 2 waiting")), none.ToString());
        Assert.That(none.Errors, Does.Contain("No mail server is named: set KPI_SMTP, and what waits is sent."));

        var away = await EvaluateAsync("smtp://kpi:s3cret@127.0.0.1:1?starttls=never", "--at", "2026-03-08");
        Assert.That((away.ExitCode, LastLine(away)), Is.EqualTo((3, "0 sent, 2 waiting")), away.ToString());
        Assert.That(away.ToString(), Does.Not.Contain("s3cret"));

        Assert.That(LastLine(await EvaluateAsync(_server.Address, "--at", "2026-03-08")), Is.EqualTo("2 sent, 0 waiting"));
        AssertOnceEach(2);
    }

    [Test]
    public async Task A_mail_server_that_is_named_late_tells_no_old_news()
    {
        await EvaluateAsync(null, "--at", "2026-03-08");
        var late = await EvaluateAsync(_server.Address, "--at", "2026-03-15");

        Assert.That(LastLine(late), Is.EqualTo("0 sent, 0 waiting"), "it came and went before anybody could be told");
    }

    [Test]
    public async Task A_dry_run_shows_and_keeps_nothing()
    {
        var dry = await EvaluateAsync(_server.Address, "--at", "2026-03-08", "--dry-run");
        Assert.That(dry.Output, Does.StartWith("sold_much: ok → firing, W10: ").And.Not.Contain("sent"));
        Assert.That(_server.Received, Is.Empty);
        Assert.That((await EvaluateAsync(_server.Address, "--at", "2026-03-08")).Output, Does.StartWith("sold_much: ok → firing, W10: "));
    }

    [TestCase("--rule nothing", 1, "There is no alert 'nothing'. The alerts are sold_much.")]
    [TestCase("--at soon", 2, "--at takes an ISO date such as 2026-11-09, not 'soon'.")]
    public async Task A_command_line_at_fault_is_told_what_it_takes(string line, int code, string message)
    {
        var result = await EvaluateAsync(null, line.Split(' '));

        Assert.That((result.ExitCode, result.Errors.Trim(), result.Output), Is.EqualTo((code, message, "")));
    }

    [Test]
    public async Task Faults_of_rules_and_settings_are_told_and_the_other_rules_are_evaluated()
    {
        _folder.Write("alerts/broken.yaml", "alerts:\n  - { id: broken, metric: nothing, when: { above: 1 }, to: owner }\n");
        var faulty = await EvaluateAsync(_server.Address, "--at", "2026-03-08");
        Assert.That(faulty.ExitCode, Is.EqualTo(1));
        Assert.That(faulty.Errors, Does.Contain("alerts/broken.yaml:2: unknown metric 'nothing'."));
        Assert.That(LastLine(faulty), Is.EqualTo("2 sent, 0 waiting"));

        var setting = await EvaluateAsync("smtps://kpi:s3cret@127.0.0.1", "--at", "2026-03-08");
        Assert.That(setting.ExitCode, Is.EqualTo(1), setting.ToString());
        Assert.That(setting.Errors, Does.Contain("KPI_SMTP: smtps").And.Not.Contain("s3cret").And.Not.Contain("   at "));
    }

    [Test]
    public async Task An_owner_without_an_address_is_told_to_whoever_runs_it()
    {
        File.Delete(_folder["people.yaml"]);

        var result = await EvaluateAsync(_server.Address, "--at", "2026-03-08");

        Assert.That((result.ExitCode, LastLine(result)), Is.EqualTo((0, "1 sent, 0 waiting")), result.ToString());
        Assert.That(result.Errors, Does.Contain("no address for owner 'Sales'; add it to people.yaml"));
    }

    [Test]
    public async Task A_wrong_setting_stops_the_worker_at_its_start()
    {
        using var worker = StartWith("smtps://kpi:s3cret@127.0.0.1", "run");
        var end = await worker.EndAsync();

        Assert.That(end.ExitCode, Is.EqualTo(3));
        Assert.That(end.ToString(), Does.Contain("KPI_SMTP: smtps").And.Not.Contain("s3cret").And.Not.Contain("   at "));
    }

    [Test]
    public async Task The_worker_evaluates_and_sends_by_itself()
    {
        _folder.Write("alerts/sales.yaml", Rules.Replace("above: 10", "below: 10", StringComparison.Ordinal));
        using var worker = StartWith(_server.Address, "run");

        await Eventually.HoldsAsync(() => worker.HasExited || _server.Received.Count == 2, "both mails came");

        var end = await worker.KillAsync();
        Assert.That(_server.Received, Has.Count.EqualTo(2), end.ToString());
        AssertOnceEach(2);
    }

    [Test]
    public async Task Wherever_a_process_ends_each_change_is_told_and_at_most_one_mail_twice()
    {
        var (crashed, call) = (true, 0);
        while (crashed)
        {
            var channel = new RememberingChannel();
            crashed = await CrashAsync(++call, channel);
            Assert.That(channel.Sent.Distinct(), Is.EquivalentTo((string[])["firing cfo@example.com", "firing sales@example.com"]),
                $"after the end before call {call}");
            Assert.That(channel.Sent, Has.Count.LessThanOrEqualTo(3), $"after the end before call {call}");
        }

        Assert.That(call, Is.GreaterThan(10), "calls of the store");
    }

    private static async Task<bool> CrashAsync(int before, RememberingChannel channel)
    {
        using var company = new Company();
        company.Folder.Write("alerts/shop.yaml",
            "alerts:\n  - { id: high, metric: revenue, when: { above: 10 }, to: [cfo@example.com, sales@example.com] }\n");
        company.Orders("1,2026-03-01,DE,5", "2,2026-03-10,DE,50");
        await company.SyncAsync();
        var plan = new CrashPlan(before);
        using (var disturbed = company.Again(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<INotificationChannel>(channel));
            plan.Guard<IAlertStore>(services);
        }))
        {
            try
            {
                await RunAsync(disturbed);
            }
            catch (CrashException)
            {
                // As planned.
            }
        }

        using var undisturbed = company.Again(services => services.Replace(ServiceDescriptor.Singleton<INotificationChannel>(channel)));
        await RunAsync(undisturbed);
        await RunAsync(undisturbed);
        return plan.Crashed;
    }

    private static async Task RunAsync(Company company)
    {
        var rules = company.Services.GetRequiredService<LiveDefinition>().Current.Alerts;
        await company.Services.GetRequiredService<EvaluateAlerts>()
            .RunAsync(rules, company.Clock.Now, isDryRun: false, CancellationToken.None);
        await company.Services.GetRequiredService<DeliverNotifications>().RunAllAsync(CancellationToken.None);
    }

    private void AssertOnceEach(int mails) =>
        Assert.That(_server.Received.Where(mail => mail.Accepted).Select(mail => mail.MessageId), Is.Unique.And.Exactly(mails).Items);

    private async Task<KpiResult> EvaluateAsync(string? smtp, params string[] arguments)
    {
        using var process = StartEvaluate(smtp, arguments);
        return await process.EndAsync();
    }

    private KpiProcess StartEvaluate(string? smtp, params string[] arguments) => StartWith(smtp, ["evaluate", .. arguments]);

    private KpiProcess StartWith(string? smtp, params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["KPI_URL"] = "https://kpi.example.com/",
            ["KPI_MAIL_FROM"] = "kpi@example.com"
        };
        if (smtp is not null)
            environment["KPI_SMTP"] = smtp;
        return KpiProcess.StartWith(environment, [.. arguments, "--workspace", _folder.Path]);
    }

    private static string LastLine(KpiResult result) => result.Output.TrimEnd().Split('\n')[^1];

    private static string? Address(JsonElement mail) => mail.GetProperty("to")[0].GetProperty("address").GetString();

    private static string? Header(JsonElement mail, string name) =>
        mail.GetProperty("headers").TryGetProperty(name, out var value) ? value.GetString() : "";

    /// <summary>Takes everything, and remembers it.</summary>
    private sealed class RememberingChannel : INotificationChannel
    {
        public List<string> Sent { get; } = [];

        public string? Missing => null;

        public Task SendAsync(Notification notification, Delivery delivery, CancellationToken cancellationToken)
        {
            Sent.Add($"{notification.Id.Split('/')[^1]} {delivery.Recipient}");
            return Task.CompletedTask;
        }
    }
}
