using Metrics.Core.Narratives;
using Metrics.Core.Periods;

namespace Dashboard.Web.Pages.Boards;

/// <summary>How an answer to a finding is shown: icon, word and color.</summary>
internal static class StanceWords
{
    /// <summary>The answers that can be given to a finding, in the order of the form.</summary>
    public static IReadOnlyList<Stance> Answers { get; } = [Stance.Explained, Stance.Investigating, Stance.Noise];

    public static (string Look, string Icon, string Word) Of(Stance stance) => stance switch
    {
        Stance.Explained => ("good", "✓", "Explained"),
        Stance.Investigating => ("watch", "?", "Investigating"),
        Stance.Noise => ("neutral", "~", "Noise"),
        _ => ("neutral", "✓", "Closed"),
    };

    /// <summary>What choosing it says, in the words of whoever answers.</summary>
    public static string Choice(Stance stance) => stance switch
    {
        Stance.Explained => "Explained: we know why",
        Stance.Investigating => "I don’t know yet, investigating",
        Stance.Noise => "Noise: nothing to do",
        _ => "Close it: no answer is needed any more",
    };

    /// <summary>"1 week", "3 months".</summary>
    public static string Age(int periods, Grain grain) =>
        periods == 1 ? $"1 {grain.Name()}" : FormattableString.Invariant($"{periods} {grain.Name()}s");
}
