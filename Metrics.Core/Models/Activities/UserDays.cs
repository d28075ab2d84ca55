using Metrics.Core.Periods;

namespace Metrics.Core.Models.Activities;

/// <summary>One user as far as they belong to one segment: what they did there, and when they signed up. Filled anew for each.</summary>
internal sealed class UserDays(PeriodNumbers numbers)
{
    private readonly List<int>[] _places = [.. Enum.GetValues<Grain>().Select(_ => new List<int>())];
    private readonly bool[] _isKnown = new bool[Enum.GetValues<Grain>().Length];

    /// <summary>What they did, by time.</summary>
    public List<Visit> Visits { get; } = [];

    /// <summary>The signups of the user, by time.</summary>
    public List<Visit> Signups { get; } = [];

    /// <summary>Whether the signup that is shown is not the first of its user.</summary>
    public bool IsAgain { get; set; }

    /// <summary>The number of the segment, by which lanes are found.</summary>
    public int Segment { get; private set; }

    /// <summary>The days with a visit, each once.</summary>
    public List<int> Days => PlacesOf(Grain.Day);

    public PeriodNumbers Numbers => numbers;

    /// <summary>The numbers of the periods with a visit, each once.</summary>
    public List<int> PlacesOf(Grain grain)
    {
        var places = _places[(int)grain];
        if (_isKnown[(int)grain])
            return places;

        places.Clear();
        if (grain == Grain.Day)
        {
            foreach (ref readonly var visit in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Visits))
            {
                if (places.Count == 0 || places[^1] != visit.Day)
                    places.Add(visit.Day);
            }
        }
        else
        {
            foreach (var day in PlacesOf(Grain.Day))
            {
                var place = numbers.Of(grain, day);
                if (places.Count == 0 || places[^1] != place)
                    places.Add(place);
            }
        }

        _isKnown[(int)grain] = true;
        return places;
    }

    public void Begin(int segment)
    {
        (Segment, IsAgain) = (segment, false);
        Visits.Clear();
        Signups.Clear();
        Array.Clear(_isKnown);
    }
}
