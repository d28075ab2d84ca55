namespace Metrics.Core.Alerts;

/// <summary>The other side took a notification not, or nobody knows whether it did.</summary>
/// <param name="isPermanent">Whether trying again cannot help: this message to this recipient was refused.</param>
public sealed class ChannelException(string message, bool isPermanent, Exception? inner = null) : Exception(message, inner)
{
    public bool IsPermanent { get; } = isPermanent;
}

/// <summary>A way on which notifications leave.</summary>
public interface INotificationChannel
{
    /// <summary>What is missing before anything can be sent, as a sentence that says what to do; null where nothing is.</summary>
    string? Missing { get; }

    /// <summary>
    /// Sends a notification to one recipient. Sent twice it carries the same identity, so that the receiving side can know it again.
    /// </summary>
    /// <exception cref="ChannelException">It was not accepted, or it is not known whether it was.</exception>
    Task SendAsync(Notification notification, Delivery delivery, CancellationToken cancellationToken);
}
