using Ingestion.Worker.Channels.Email;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Channels.Email;

/// <summary>What an administrator types, and what it becomes.</summary>
public sealed class EmailOptionsTests
{
    [TestCase("smtp://mail.example.com", "mail.example.com", 587, null, null, StartTls.Required)]
    [TestCase("smtp://mail.example.com:25?starttls=optional", "mail.example.com", 25, null, null, StartTls.Optional)]
    [TestCase("smtp://127.0.0.1:1025/?starttls=never", "127.0.0.1", 1025, null, null, StartTls.Never)]
    [TestCase("smtp://kpi:pw@mail.example.com?starttls=required", "mail.example.com", 587, "kpi", "pw", StartTls.Required)]
    [TestCase("smtp://kpi%40example.com:p%40%3A%2F%23w%25@mail.example.com:2525", "mail.example.com", 2525, "kpi@example.com", "p@:/#w%",
        StartTls.Required)]
    [TestCase("smtp://kpi:a:b@mail.example.com", "mail.example.com", 587, "kpi", "a:b", StartTls.Required)]
    [TestCase("smtp://[::1]:25", "::1", 25, null, null, StartTls.Optional)]
    public void A_server_is_read_from_its_address(string text, string host, int port, string? user, string? password, StartTls startTls)
    {
        Assert.That(Read(smtp: text).Smtp, Is.EqualTo(new SmtpServer(host, port, user, password, startTls)));
    }

    [TestCase("smtps://kpi:s3cret@mail.example.com:465", "KPI_SMTP: smtps (encrypted from the first byte, mostly port 465) is not spoken.")]
    [TestCase("http://kpi:s3cret@mail.example.com", "KPI_SMTP must be smtp://USER:PASSWORD@HOST:PORT?starttls=required|optional|never")]
    [TestCase("smtp://kpi:s3cret/x@mail.example.com", "KPI_SMTP must be smtp://USER:PASSWORD@HOST:PORT")]
    [TestCase("smtp://kpi:s3cret@mail.example.com/inbox", "KPI_SMTP must be smtp://USER:PASSWORD@HOST:PORT")]
    [TestCase("mail.example.com", "KPI_SMTP must be smtp://USER:PASSWORD@HOST:PORT")]
    [TestCase("smtp://s3cret@mail.example.com", "KPI_SMTP has a user without a password, or the other way round")]
    [TestCase("smtp://kpi:s3cret@mail.example.com?starttls=maybe",
        "KPI_SMTP takes one option behind the question mark: starttls=required (the default), optional or never.")]
    [TestCase("smtp://kpi:s3cret@mail.example.com?tls=never", "KPI_SMTP takes one option behind the question mark")]
    public void A_wrong_setting_is_named_and_its_secret_is_not(string text, string message)
    {
        var fault = Assert.Throws<EmailSettingException>(() => Read(smtp: text));

        Assert.That(fault!.ToString(), Does.Contain(message).And.Not.Contain("s3cret"));
    }

    [TestCase(null, null, "\"KPI Dashboard\" <kpi-dashboard@localhost>")]
    [TestCase("smtp://kpi%40example.com:pw@mail.example.com", null, "\"KPI Dashboard\" <kpi@example.com>")]
    [TestCase("smtp://kpi:pw@mail.example.com", null, "\"KPI Dashboard\" <kpi-dashboard@localhost>")]
    [TestCase("smtp://kpi%40example.com:pw@mail.example.com", "board@example.com", "\"KPI Dashboard\" <board@example.com>")]
    [TestCase(null, "Our Board <board@example.com>", "\"Our Board\" <board@example.com>")]
    public void Mails_come_from_somebody(string? smtp, string? from, string expected)
    {
        Assert.That(Read(smtp, from).From.ToString(), Is.EqualTo(expected));
    }

    [TestCase("nobody", null, "KPI_MAIL_FROM must be a mail address")]
    [TestCase("a@example.com\r\nBcc: b@example.com", null, "KPI_MAIL_FROM must be a mail address")]
    [TestCase(null, "kpi.example.com", "KPI_URL must be the address of the dashboard, such as https://kpi.example.com.")]
    [TestCase(null, "javascript:alert(1)", "KPI_URL must be the address of the dashboard")]
    public void Other_settings_are_checked_too(string? from, string? url, string message)
    {
        Assert.That(() => Read(null, from, url), Throws.InstanceOf<EmailSettingException>().With.Message.StartsWith(message));
    }

    [Test]
    public void A_server_is_shown_without_its_secrets()
    {
        Assert.That(Read("smtp://kpi:s3cret@mail.example.com").Smtp!.ToString(), Is.EqualTo("mail.example.com:587"));
    }

    private static EmailOptions Read(string? smtp = null, string? from = null, string? url = null) =>
        EmailOptions.Read(name => name switch { "KPI_SMTP" => smtp, "KPI_MAIL_FROM" => from, "KPI_URL" => url, _ => null });
}
