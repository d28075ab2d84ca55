namespace Metrics.Core.Alerts;

/// <summary>Why somebody is told something, or that nobody is.</summary>
public enum NotificationReason
{
    None,
    StartedFiring,
    Resolved,
}

/// <summary>Decides whether the recipients of an alert hear of it.</summary>
public static class NotificationPolicy
{
    /// <summary>What to tell, from what the last judged period made of an alert and what its recipients were told last.</summary>
    public static NotificationReason Decide(AlertState judged, NotificationReason last)
    {
        var firing = judged == AlertState.Firing;

        // Missing and late data leave the judgement as it was: recipients hear neither "resolved" nor a second time that it fires.
        if (last == NotificationReason.StartedFiring)
            return firing ? NotificationReason.None : NotificationReason.Resolved;

        // Recipients never hear of an alert that came and went between two looks.
        return firing ? NotificationReason.StartedFiring : NotificationReason.None;
    }
}
