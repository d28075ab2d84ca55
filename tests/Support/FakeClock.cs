using System.Globalization;

namespace Tests.Support;

/// <summary>A clock that only the test moves.</summary>
public sealed class FakeClock(DateTimeOffset now) : TimeProvider
{
    public FakeClock(string now)
        : this(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal))
    {
    }

    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now.ToUniversalTime();

    /// <summary>Ticks of <see cref="Now"/>, so that elapsed time passes only when the test lets it.</summary>
    public override long GetTimestamp() => Now.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
}
