using System.Runtime.InteropServices;

namespace Metrics.Core.Models.Activities;

/// <summary>What a user did of one kind in one minute of a local day, counted; or that they signed up.</summary>
/// <remarks>Twenty-four bytes, written to disk as they are: ten millions of them are the whole history of a large product.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct Visit
{
    /// <summary>The minute of an event of which only the day is known.</summary>
    public const int NoMinute = int.MinValue;

    /// <summary>The <see cref="Event"/> of a signup.</summary>
    public const ushort Signup = ushort.MaxValue;

    /// <summary>The units of <see cref="Amount"/> in one.</summary>
    public const int AmountUnits = 1_000_000;

    /// <summary>The number of the local day.</summary>
    public int Day;

    /// <summary>Minutes since 1970, UTC.</summary>
    public int Minute;

    public ushort Segment;

    public ushort Event;

    /// <summary>How many events.</summary>
    public int Count;

    /// <summary>What they come to, in millionths.</summary>
    public long Amount;

    public readonly bool IsSignup => Event == Signup;

    /// <summary>By day, minute, segment and event: visits that are alike in all four are kept as one.</summary>
    public sealed class Order : IComparer<Visit>
    {
        public static Order Instance { get; } = new();

        public int Compare(Visit x, Visit y) =>
            x.Day != y.Day ? x.Day.CompareTo(y.Day)
            : x.Minute != y.Minute ? x.Minute.CompareTo(y.Minute)
            : x.Segment != y.Segment ? x.Segment.CompareTo(y.Segment)
            : x.Event.CompareTo(y.Event);
    }
}
