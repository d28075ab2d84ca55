using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Metrics.Core.Alerts;

namespace Ingestion.Worker.Channels.Email;

/// <summary>A notification as HTML and as plain text, with the same numbers.</summary>
/// <remarks>
/// Mail programs know neither style sheets nor scripts for certain, and many show no images: one column of tables with inline styles,
/// repeated as attributes for those that know no styles.
/// </remarks>
/// <param name="why">Why the recipient gets it, as a sentence.</param>
/// <param name="dashboard">Where recipients reach the dashboard; null leaves the button out.</param>
internal sealed class MailBody(Notification notification, string why, Uri? dashboard)
{
    private const string Font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
    private const string Ink = "#1b1d1f";
    private const string Muted = "#5f6469";

    // Mails are UTF-8: letters stay letters, and what means something to HTML is still encoded.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private string Edge => notification switch
    {
        { Reason: NotificationReason.Resolved } => "#127a45",
        { Severity: Severity.Critical } => "#b3261e",
        { Severity: Severity.Warning } => "#d08a1e",
        _ => "#2f5bd8",
    };

    private string? Link => dashboard is null ? null : dashboard.AbsoluteUri.TrimEnd('/') + notification.Path;

    /// <summary>A text without line breaks and other control characters, as headers need it.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var sign in text)
            line.Append(char.IsControl(sign) || sign is '\u2028' or '\u2029' ? ' ' : sign);
        return line.ToString().Trim();
    }

    public static string Encode(string text) => Encoder.Encode(text);

    public string Html()
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light">
            <title>{Encode(notification.Subject)}</title>
            </head>
            <body bgcolor="#f0f0ee" style="margin:0;padding:0;background:#f0f0ee">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f0f0ee" style="background:#f0f0ee">
            <tr><td align="center" style="padding:24px 8px">
            <table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff"
             style="width:100%;max-width:600px;background:#ffffff;border:1px solid #e4e4e0;{Font};color:{Ink}">
            <tr><td height="5" bgcolor="{Edge}" style="height:5px;line-height:5px;font-size:0;background:{Edge}">&nbsp;</td></tr>
            <tr><td style="padding:20px 28px 8px 28px">
            <p style="margin:0;font-size:13px;line-height:20px;color:{Muted}">{Encode(notification.Kicker)}</p>
            <h1 style="margin:4px 0 8px 0;font-size:22px;line-height:28px;font-weight:700">{Encode(notification.Headline)}</h1>

            """);
        foreach (var sentence in notification.Sentences)
            html.Append(CultureInfo.InvariantCulture,
                $"<p style=\"margin:0 0 6px 0;font-size:15px;line-height:22px\">{Encode(sentence)}</p>\n");
        html.Append("</td></tr>\n");

        if (MailChart.Html(notification) is { } chart)
            html.Append(CultureInfo.InvariantCulture, $"<tr><td style=\"padding:8px 28px\">\n{chart}</td></tr>\n");

        html.Append("<tr><td style=\"padding:8px 28px\">\n");
        html.Append("<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:collapse\">\n");
        foreach (var fact in notification.Facts)
        {
            const string cell = "padding:7px 0;border-bottom:1px solid #efefec;font-size:15px;line-height:20px";
            html.Append(CultureInfo.InvariantCulture, $"""
                <tr><th scope="row" align="left" style="{cell};font-weight:400">{Encode(fact.Name)}</th>
                <td align="right" style="{cell};font-weight:600">{Encode(fact.Value)}</td></tr>

                """);
        }

        html.Append("</table>\n</td></tr>\n");
        if (Link is { } link)
            html.Append(CultureInfo.InvariantCulture, $"""
                <tr><td style="padding:12px 28px 16px 28px">
                <table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>
                <td bgcolor="{Ink}" style="background:{Ink};border-radius:7px"><a
                 href="{Encode(link)}"
                 style="display:inline-block;padding:10px 16px;font-size:14px;line-height:20px;color:#ffffff;text-decoration:none">Open metric</a></td></tr></table>
                </td></tr>

                """);
        html.Append(CultureInfo.InvariantCulture, $"""
            <tr><td style="padding:16px 28px 20px 28px;border-top:1px solid #efefec;font-size:13px;line-height:20px;color:{Muted}">
            {Encode(notification.AsOf)}. {Encode(why)}</td></tr>
            </table>
            </td></tr>
            </table>
            </body>
            </html>

            """);
        return html.ToString();
    }

    public string Text()
    {
        var text = new StringBuilder();
        Line(notification.Kicker);
        Line(notification.Headline);
        Line();
        foreach (var sentence in notification.Sentences)
            Line(sentence);
        Line();
        foreach (var fact in notification.Facts)
            Line($"{fact.Name}: {fact.Value}");
        if (notification.Bars.Count > 0)
        {
            Line();
            var width = notification.Bars.Max(bar => bar.Label.Length);
            foreach (var bar in notification.Bars)
                Line($"{bar.Label.PadRight(width)}  {bar.Text}{(bar.Offends ? "  <" : "")}");
        }

        if (Link is { } link)
        {
            Line();
            Line($"Open metric: {link}");
        }

        Line();
        Line($"{notification.AsOf}. {why}");
        return text.ToString();

        void Line(string content = "") => text.Append(OneLine(content)).Append("\r\n");
    }
}
