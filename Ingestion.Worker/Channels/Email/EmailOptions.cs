using System.Globalization;
using System.Net.Mail;

namespace Ingestion.Worker.Channels.Email;

/// <summary>A mail setting cannot be right; the message names the setting and never what it holds, which may be a password.</summary>
public sealed class EmailSettingException(string message) : InvalidOperationException(message);

/// <summary>Whether mails are handed over encrypted.</summary>
public enum StartTls
{
    /// <summary>Nothing is sent to a server that does not offer it.</summary>
    Required,

    /// <summary>Used where the server offers it.</summary>
    Optional,
    Never,
}

/// <summary>A mail server and how to sign in to it.</summary>
/// <param name="User">Null where the server asks for none.</param>
public sealed record SmtpServer(string Host, int Port, string? User, string? Password, StartTls StartTls)
{
    /// <summary>The server without its secrets.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}

/// <summary>How mails leave. Each setting is an environment variable, or stands in the configuration; the environment wins.</summary>
public sealed record EmailOptions
{
    public const string SmtpVariable = "KPI_SMTP";
    public const string FromVariable = "KPI_MAIL_FROM";
    public const string UrlVariable = "KPI_URL";

    private const int SubmissionPort = 587;
    private const string Form = "smtp://USER:PASSWORD@HOST:PORT?starttls=required|optional|never";

    /// <summary>The mail server, from <c>KPI_SMTP</c> (<c>Email:Smtp</c>). Without one, notifications wait.</summary>
    public SmtpServer? Smtp { get; init; }

    /// <summary>
    /// Whom mails come from, from <c>KPI_MAIL_FROM</c> (<c>Email:From</c>): an address, with or without a name. The default is the
    /// user of the mail server where that is an address, else <c>kpi-dashboard@localhost</c>.
    /// </summary>
    public MailAddress From { get; init; } = new("kpi-dashboard@localhost", "KPI Dashboard");

    /// <summary>
    /// The address at which recipients reach the dashboard, from <c>KPI_URL</c> (<c>Email:Url</c>). Without it mails have no button.
    /// </summary>
    public Uri? Url { get; init; }

    /// <summary>How long a server may take to accept one mail. The default is 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The options of some settings.</summary>
    /// <param name="setting">The value of an environment variable's name, or null.</param>
    /// <exception cref="EmailSettingException">A setting cannot be right.</exception>
    public static EmailOptions Read(Func<string, string?> setting)
    {
        var smtp = Given(setting, SmtpVariable) is { } server ? ReadServer(server) : null;
        var options = new EmailOptions { Smtp = smtp, Url = Given(setting, UrlVariable) is { } url ? ReadUrl(url) : null };
        if (Given(setting, FromVariable) is { } from)
            return options with { From = ReadFrom(from) };
        return smtp?.User is { } user && MailAddress.TryCreate(user, "KPI Dashboard", out var address) ? options with { From = address }
            : options;
    }

    private static string? Given(Func<string, string?> setting, string name) => setting(name) is { Length: > 0 } value ? value : null;

    private static SmtpServer ReadServer(string text)
    {
        if (text.StartsWith("smtps:", StringComparison.OrdinalIgnoreCase))
            throw new EmailSettingException(
                $"{SmtpVariable}: smtps (encrypted from the first byte, mostly port 465) is not spoken. "
                + $"Use smtp://…?starttls=required, mostly on port {SubmissionPort}.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != "smtp" || uri.Host.Length == 0
            || uri.AbsolutePath is not ("" or "/"))
            throw new EmailSettingException(
                $"{SmtpVariable} must be {Form}; "
                + "signs such as @ / : # in user and password are written as %40 %2F %3A %23.");

        var signIn = uri.UserInfo.Split(':', 2);
        if (uri.UserInfo.Length > 0 && signIn is not [{ Length: > 0 }, { Length: > 0 }])
            throw new EmailSettingException($"{SmtpVariable} has a user without a password, or the other way round; it must be {Form}.");
        return new SmtpServer(
            uri.Host.Trim('[', ']'),
            uri.Port > 0 ? uri.Port : SubmissionPort,
            uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(signIn[0]) : null,
            uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(signIn[1]) : null,
            ReadStartTls(uri.Query, uri.IsLoopback ? StartTls.Optional : StartTls.Required));
    }

    /// <param name="unsaid">What holds where nothing is said: encrypted, except to a relay on this machine, whose wire nobody can listen to.</param>
    private static StartTls ReadStartTls(string query, StartTls unsaid) => query.TrimStart('?') switch
    {
        "" => unsaid,
        "starttls=required" => StartTls.Required,
        "starttls=optional" => StartTls.Optional,
        "starttls=never" => StartTls.Never,
        _ => throw new EmailSettingException(
            $"{SmtpVariable} takes one option behind the question mark: starttls=required (the default), optional or never."),
    };

    private static MailAddress ReadFrom(string text) =>
        text.Any(char.IsControl) || !MailAddress.TryCreate(text, out var from)
            ? throw new EmailSettingException(
                $"{FromVariable} must be a mail address such as kpi@example.com or KPI Dashboard <kpi@example.com>.")
            : from.DisplayName.Length > 0 ? from : new MailAddress(from.Address, "KPI Dashboard");

    private static Uri ReadUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? url
            : throw new EmailSettingException($"{UrlVariable} must be the address of the dashboard, such as https://kpi.example.com.");
}
