using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Metrics.Core.Alerts;

namespace Ingestion.Worker.Channels.Email;

/// <summary>Sends notifications as mails, one a recipient.</summary>
internal sealed class EmailChannel(EmailOptions options) : INotificationChannel
{
    public string? Missing => options.Smtp is null
        ? $"No mail server is named: set {EmailOptions.SmtpVariable}, and what waits is sent."
        : null;

    public async Task SendAsync(Notification notification, Delivery delivery, CancellationToken cancellationToken)
    {
        if (options.Smtp is not { } server)
            throw new ChannelException(Missing!, isPermanent: false);

        if (!People.IsAddress(delivery.Recipient))
            throw new ChannelException($"'{MailBody.OneLine(delivery.Recipient)}' is no mail address.", isPermanent: true);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        using var message = Compose(notification, delivery);
        try
        {
            using var client = new SmtpClient(server.Host, server.Port)
            {
                EnableSsl = server.StartTls == StartTls.Required
                    || (server.StartTls == StartTls.Optional && await StartTlsOffer.ExistsAsync(server, limit.Token)),
                Credentials = server.User is null ? null : new NetworkCredential(server.User, server.Password),
            };
            await client.SendMailAsync(message, limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChannelException(
                string.Create(CultureInfo.InvariantCulture,
                    $"{server} did not accept the mail within {options.Timeout.TotalSeconds:0} seconds."), isPermanent: false, late);
        }
        catch (SmtpException no)
        {
            throw Told(server, no);
        }
        catch (Exception broken) when (broken is IOException or SocketException or AuthenticationException or InvalidOperationException)
        {
            throw new ChannelException($"{server} could not be talked to: {broken.Message}", isPermanent: false, broken);
        }
    }

    /// <summary>The identity of a mail: the same whenever the same is told to the same recipient again.</summary>
    internal string MessageId(string notification, string recipient)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{notification}\n{recipient.ToUpperInvariant()}"));
        return $"<kpi-{Convert.ToHexStringLower(digest)[..32]}@{options.From.Host}>";
    }

    private MailMessage Compose(Notification notification, Delivery delivery)
    {
        var body = new MailBody(notification, delivery.Why, options.Url);
        var message = new MailMessage(options.From, new MailAddress(delivery.Recipient))
        {
            Subject = MailBody.OneLine(notification.Subject),
            SubjectEncoding = Encoding.UTF8,
            Body = body.Text(),
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
        };
        var html = AlternateView.CreateAlternateViewFromString(body.Html(), Encoding.UTF8, MediaTypeNames.Text.Html);
        html.TransferEncoding = TransferEncoding.QuotedPrintable;
        message.AlternateViews.Add(html);

        message.Headers.Add("Message-ID", MessageId(notification.Id, delivery.Recipient));
        message.Headers.Add("Auto-Submitted", "auto-generated");
        if (notification.InReplyTo is { } first)
        {
            message.Headers.Add("In-Reply-To", MessageId(first, delivery.Recipient));
            message.Headers.Add("References", MessageId(first, delivery.Recipient));
        }

        return message;
    }

    private static ChannelException Told(SmtpServer server, SmtpException no)
    {
        var code = (int)no.StatusCode;
        var answer = no.InnerException is { } inner && code < 0 ? $"{no.Message} {inner.Message}" : no.Message;

        // A rejected sign-in is about the setting and not about this mail, which is kept until somebody mends it.
        var isPermanent = code is >= 500 and < 600 and not (530 or 534 or 535 or 538);
        return new ChannelException(
            code > 0 ? string.Create(CultureInfo.InvariantCulture, $"{server} answered {code}: {answer}")
                : $"{server} could not be talked to: {answer}", isPermanent, no);
    }
}
