using System.Diagnostics.CodeAnalysis;
using Ingestion.Worker.Channels.Email;
using Metrics.Core.Alerts;
using NUnit.Framework;
using Tests.Support.Servers;

namespace Ingestion.Worker.Tests.Channels.Email;

/// <summary>Mails against a server that does what each test says.</summary>
public sealed class EmailChannelTests : NotificationChannelContract
{
    private readonly List<ScriptedSmtpServer> _servers = [];

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        _servers.Clear();
    }

    [Test]
    public async Task A_mail_says_who_made_it_and_what_it_answers()
    {
        var server = Server();
        var first = Some.Notification();
        await Channel(server.Address).SendAsync(first, Some.Delivery("a@example.com"), CancellationToken.None);
        await Channel(server.Address).SendAsync(first with { Id = "resolved", InReplyTo = first.Id, Reason = NotificationReason.Resolved },
            Some.Delivery("a@example.com"), CancellationToken.None);

        var (fired, resolved) = (server.Received[0], server.Received[1]);
        Assert.That(fired.MessageId, Does.Match(@"^<kpi-[0-9a-f]{32}@example\.com>$"));
        Assert.That(fired.Header("Auto-Submitted"), Is.EqualTo("auto-generated"));
        Assert.That(fired.Header("From"), Does.Contain("kpi@example.com"));
        Assert.That(fired.Header("To"), Is.EqualTo("a@example.com"));
        Assert.That(fired.Header("Date"), Is.Not.Empty);
        Assert.That(fired.Header("In-Reply-To"), Is.Empty);
        Assert.That(fired.Header("Content-Type"), Does.StartWith("multipart/alternative"));
        Assert.That((resolved.Header("In-Reply-To"), resolved.Header("References")), Is.EqualTo((fired.MessageId, fired.MessageId)));
        Assert.That(resolved.MessageId, Is.Not.EqualTo(fired.MessageId));
    }

    [Test]
    public async Task Nothing_in_a_name_can_end_a_header()
    {
        var server = Server();
        var hostile = Some.Notification() with
        {
            Subject = "Net new\r\nBcc: thief@example.com\r\n\r\nbody\u2028x",
            Id = "a\r\nBcc: thief@example.com"
        };
        await Channel(server.Address).SendAsync(hostile, Some.Delivery("a@example.com"), CancellationToken.None);

        var mail = server.Received.Single();
        Assert.That(mail.Header("Bcc"), Is.Empty);
        Assert.That(mail.Content, Does.Not.Contain("\nBcc:").And.Not.Contain("\rBcc:"));
        Assert.That(mail.Recipient, Is.EqualTo("a@example.com"));
    }

    [Test]
    public async Task A_recipient_that_is_no_address_is_refused_before_anything_is_sent()
    {
        var server = Server();

        var failure = await Assert.ThrowsAsync<ChannelException>(async () =>
            await Channel(server.Address).SendAsync(Some.Notification(), Some.Delivery("a@example.com>\r\nRCPT TO:<b@example.com"),
                CancellationToken.None));

        Assert.That(failure!.IsPermanent, Is.True);
        Assert.That(server.Received, Is.Empty);
    }

    [Test]
    public async Task A_cut_after_the_mail_and_a_server_that_is_not_there_may_be_tried_again()
    {
        var server = Server();
        server.Next(SmtpAnswer.CutAfterData);
        Assert.That((await FailureOfAsync(Channel(server.Address))).IsPermanent, Is.False);

        var gone = await FailureOfAsync(Channel("smtp://127.0.0.1:1?starttls=never"));
        Assert.That(gone.IsPermanent, Is.False);
        Assert.That(gone.Message, Does.StartWith("127.0.0.1:1 could not be talked to: "));
    }

    [Test]
    public async Task A_server_that_does_not_answer_in_time_is_given_up()
    {
        var server = Server();
        server.Next(SmtpAnswer.HoldAfterData);

        var late = await FailureOfAsync(new EmailChannel(Options(server.Address) with { Timeout = TimeSpan.FromMilliseconds(300) }));

        Assert.That((late.IsPermanent, late.Message), Is.EqualTo((false,
            $"127.0.0.1:{server.Port} did not accept the mail within 0 seconds.")));
    }

    [Test]
    public async Task Encryption_that_is_optional_is_left_out_only_where_the_server_does_not_offer_it()
    {
        var plain = Server();
        await Channel($"smtp://127.0.0.1:{plain.Port}?starttls=optional")
            .SendAsync(Some.Notification(), Some.Delivery("a@example.com"), CancellationToken.None);
        Assert.That(plain.Received, Has.Count.EqualTo(1));
        Assert.That((await FailureOfAsync(Channel($"smtp://127.0.0.1:{plain.Port}?starttls=required"))).IsPermanent, Is.False);
        Assert.That(plain.Received, Has.Count.EqualTo(1));
        await Channel($"smtp://127.0.0.1:{plain.Port}")
            .SendAsync(Some.Notification(), Some.Delivery("a@example.com"), CancellationToken.None);
        Assert.That(plain.Received, Has.Count.EqualTo(2), "optional is the default for a relay on this machine");

        var broken = Server("STARTTLS");
        Assert.That((await FailureOfAsync(Channel($"smtp://127.0.0.1:{broken.Port}?starttls=optional"))).IsPermanent, Is.False);
        Assert.That(broken.Received, Is.Empty, "an offer that fails is no reason to send in the clear");
    }

    [Test]
    public void Without_a_server_it_says_what_to_do()
    {
        Assert.That(new EmailChannel(EmailOptions.Read(_ => null)).Missing,
            Is.EqualTo("No mail server is named: set KPI_SMTP, and what waits is sent."));
        Assert.That(Channel("smtp://127.0.0.1").Missing, Is.Null);
    }

    protected override (INotificationChannel Channel, Func<IReadOnlyList<string>> Identities) Accepting()
    {
        var server = Server();
        return (Channel(server.Address), () => [.. server.Received.Select(mail => mail.MessageId)]);
    }

    protected override INotificationChannel Busy() => Answering(SmtpAnswer.TryLater);

    protected override INotificationChannel Refusing() => Answering(SmtpAnswer.Refuse);

    protected override INotificationChannel SignedInWith(string password) =>
        Channel($"smtp://kpi:{password}@127.0.0.1:{Server("AUTH LOGIN").Port}?starttls=never");

    protected override INotificationChannel Silent() => Answering(SmtpAnswer.HoldAfterData);

    private EmailChannel Answering(SmtpAnswer answer)
    {
        var server = Server();
        server.Next(answer);
        return Channel(server.Address);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "Stopped after the test.")]
    private ScriptedSmtpServer Server(params string[] extensions)
    {
        var server = new ScriptedSmtpServer(extensions);
        _servers.Add(server);
        return server;
    }

    private static EmailChannel Channel(string smtp) => new(Options(smtp));

    private static EmailOptions Options(string smtp) =>
        EmailOptions.Read(name => name switch { "KPI_SMTP" => smtp, "KPI_MAIL_FROM" => "kpi@example.com", _ => null });
}
