using Metrics.Core.Alerts;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Channels;

/// <summary>What every channel promises. Derive from it, say how the other side answers, and the promises are checked.</summary>
public abstract class NotificationChannelContract
{
    /// <summary>A channel to a receiver that takes everything, and the identities of what it took.</summary>
    protected abstract (INotificationChannel Channel, Func<IReadOnlyList<string>> Identities) Accepting();

    /// <summary>A channel to a receiver that says "not now" once.</summary>
    protected abstract INotificationChannel Busy();

    /// <summary>A channel to a receiver that refuses this recipient.</summary>
    protected abstract INotificationChannel Refusing();

    /// <summary>A channel to a receiver that rejects the sign-in with this password.</summary>
    protected abstract INotificationChannel SignedInWith(string password);

    /// <summary>A channel to a receiver that takes a notification and never answers.</summary>
    protected abstract INotificationChannel Silent();

    [Test]
    public async Task The_same_notification_has_the_same_identity_and_another_recipient_another()
    {
        var (channel, identities) = Accepting();

        await channel.SendAsync(Some.Notification(), Some.Delivery("a@example.com"), CancellationToken.None);
        await channel.SendAsync(Some.Notification(), Some.Delivery("a@example.com"), CancellationToken.None);
        await channel.SendAsync(Some.Notification(), Some.Delivery("b@example.com"), CancellationToken.None);
        await channel.SendAsync(Some.Notification() with { Id = "another" }, Some.Delivery("a@example.com"), CancellationToken.None);

        Assert.That(identities(), Has.Count.EqualTo(4));
        Assert.That(identities()[0], Is.EqualTo(identities()[1]).And.Not.Empty);
        Assert.That(identities().Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task What_may_help_to_try_again_is_told_from_what_cannot()
    {
        Assert.That((await FailureOfAsync(Busy())).IsPermanent, Is.False);
        Assert.That((await FailureOfAsync(Refusing())).IsPermanent, Is.True);
    }

    [Test]
    public async Task A_rejected_sign_in_keeps_what_waits_and_tells_no_secret()
    {
        var failure = await FailureOfAsync(SignedInWith("s3cret-word"));

        Assert.That(failure.IsPermanent, Is.False, "somebody mends the setting, and then it goes out");
        Assert.That(failure.ToString(), Does.Not.Contain("s3cret-word").And.Not.Contain("czNjcmV0LXdvcmQ"));
    }

    [Test]
    public void Sending_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        var sending = Silent().SendAsync(Some.Notification(), Some.Delivery("a@example.com"), stop.Token);
        stop.Cancel();

        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
    }

    protected static async Task<ChannelException> FailureOfAsync(INotificationChannel channel) =>
        (await Assert.ThrowsAsync<ChannelException>(async () =>
            await channel.SendAsync(Some.Notification(), Some.Delivery("a@example.com"), CancellationToken.None)))!;
}
