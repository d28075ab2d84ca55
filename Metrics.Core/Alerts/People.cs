using System.Text.RegularExpressions;
using Metrics.Core.Catalog;
using Metrics.Core.Workspace;

namespace Metrics.Core.Alerts;

/// <summary>
/// The addresses of the owners that metrics name, from the optional <c>people.yaml</c>. Names are compared ignoring case.
/// </summary>
public sealed partial class People
{
    private const string FileName = "people.yaml";

    private readonly Dictionary<string, string> _addresses = new(StringComparer.OrdinalIgnoreCase);

    private People()
    {
    }

    /// <summary>Nobody.</summary>
    public static People None { get; } = new();

    /// <summary>The shape of <c>people.yaml</c>.</summary>
    public static Shape FileShape { get; } = new("people",
        new Key("people", KeyKind.TextMap, "The mail address of each owner that metrics name.") { Required = true });

    /// <summary>The address of an owner, or null where the file has none.</summary>
    public string? AddressOf(string name) => _addresses.GetValueOrDefault(name);

    /// <summary>Whether a text is a mail address that can be written to as it is.</summary>
    public static bool IsAddress(string text) => text.Length <= 254 && Address().IsMatch(text);

    /// <summary>The people of a workspace; entries at fault are left out and their faults are added.</summary>
    public static People Read(WorkspaceFolder folder, ICollection<Fault> faults)
    {
        if (folder.ReadFile(FileName) is not { } text || YamlFile.Read(FileName, text, FileShape, faults) is not { } root)
            return None;

        var people = new People();
        foreach (var (name, address) in root.TextMap("people"))
        {
            if (!IsAddress(address))
                root.AddFault("people", $"'{address}' of {name} is no mail address such as finance@example.com.");
            else if (!people._addresses.TryAdd(name, address))
                root.AddFault("people", $"'{name}' is there twice; upper and lower case do not tell names apart.");
        }

        return people;
    }

    // Addresses as mail servers take them without quoting; nothing that could end a header or an SMTP command.
    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\z",
        RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}

/// <summary>Somebody whom a rule tells.</summary>
/// <param name="To">What the rule says: an address, or the owner.</param>
/// <param name="Address">The mail address; null where there is none, and then <paramref name="Problem"/> says what to do.</param>
/// <param name="Why">Why they get the mail, as a sentence.</param>
public sealed record Recipient(string To, string? Address, string Why, string? Problem);

/// <summary>Finds the recipients of a rule.</summary>
public static class Recipients
{
    /// <summary>The word in a rule's <c>to</c> that stands for whoever owns the metric.</summary>
    public const string Owner = "owner";

    /// <summary>Everybody whom a rule tells, each address once, in the order of the rule.</summary>
    public static IReadOnlyList<Recipient> Of(AlertRule rule, Metric metric, People people) =>
        [.. rule.To.Select(to => to == Owner ? OwnerOf(metric, people)
            : new Recipient(to, to, $"You get this because the rule '{rule.Id}' names you.", null))
            .DistinctBy(recipient => recipient.Address ?? recipient.To, StringComparer.OrdinalIgnoreCase)];

    private static Recipient OwnerOf(Metric metric, People people)
    {
        var why = $"You get this because you own {metric.Name}.";
        if (metric.Owner is not { } owner)
            return new Recipient(Owner, null, why, $"'{metric.Id}' has no owner; give it one, or name addresses in the rule");
        if (people.AddressOf(owner) is { } address)
            return new Recipient(Owner, address, why, null);
        return People.IsAddress(owner)
            ? new Recipient(Owner, owner, why, null)
            : new Recipient(Owner, null, why, $"no address for owner '{owner}'; add it to people.yaml");
    }
}
