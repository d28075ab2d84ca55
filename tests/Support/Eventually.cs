using NUnit.Framework;

namespace Tests.Support;

/// <summary>Waits for what another process or thread is about to do.</summary>
public static class Eventually
{
    /// <summary>Returns when a condition holds; fails the test when it does not within three minutes, also on a busy machine.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var end = TimeProvider.System.GetTimestamp() + TimeProvider.System.TimestampFrequency * 180;
        while (!condition())
        {
            if (TimeProvider.System.GetTimestamp() > end)
                Assert.Fail($"Within three minutes it did not happen that {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }
}
