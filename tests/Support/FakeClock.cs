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
}
