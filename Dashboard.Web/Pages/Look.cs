namespace Dashboard.Web.Pages;

/// <summary>How a reader wants pages to look: cookies, so that it holds on every page and without a script, and no page flashes.</summary>
/// <param name="Theme">"light" or "dark"; null for what the reader's system says.</param>
/// <param name="Density">"compact"; null for comfortable.</param>
internal sealed record Look(string? Theme, string? Density)
{
    public const string ThemeCookie = "kpi-theme";

    public const string DensityCookie = "kpi-density";

    /// <summary>Read by scripts alone: no page looks different for it.</summary>
    public const string KeysCookie = "kpi-keys";

    private const string Dark = "dark";
    private const string Light = "light";
    private const string Compact = "compact";
    private const string Off = "off";

    // Scripts read and write them too: the key d changes the theme without asking the server.
    private static readonly CookieOptions Kept = new()
    {
        MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, IsEssential = true, Path = "/",
    };

    /// <summary>What can be chosen, a group each; an empty value is what holds without a choice.</summary>
    public static IReadOnlyList<LookChoice> Choices { get; } =
    [
        new("theme", "Theme", "Light or dark on every page of this browser.", ThemeCookie, [("", "As the system"), (Light, "Light"), (Dark, "Dark")]),
        new("density", "Density", "Compact puts four tiles in a row and leaves out the box of to-date figures.", DensityCookie,
            [("", "Comfortable"), (Compact, "Compact")]),
        new("keys", "Keyboard shortcuts", "Turn them off where single keys are in the way of other software, such as speech input.", KeysCookie,
            [("", "On"), (Off, "Off")]),
    ];

    /// <summary>Everything of a request that pages look different for, as one short text; pages kept by it are right for whoever asks.</summary>
    public string Key => $"{Theme}/{Density}";

    public static Look Of(HttpRequest request) => new(
        request.Cookies[ThemeCookie] is Light or Dark ? request.Cookies[ThemeCookie] : null,
        request.Cookies[DensityCookie] is Compact ? Compact : null);

    /// <summary>Keeps a choice in the browser; anything that is not one means what holds without it.</summary>
    public static void Remember(HttpResponse response, LookChoice choice, string value)
    {
        if (value.Length > 0 && choice.Values.Any(one => one.Value == value))
            response.Cookies.Append(choice.Cookie, value, Kept);
        else
            response.Cookies.Delete(choice.Cookie);
    }
}

/// <summary>Something about the look of pages that can be chosen.</summary>
/// <param name="Field">Its name in the form.</param>
/// <param name="Values">What is kept, and what it is called; the first one is kept by keeping nothing.</param>
internal sealed record LookChoice(string Field, string Name, string Meaning, string Cookie, IReadOnlyList<(string Value, string Name)> Values)
{
    /// <summary>What a request asks for.</summary>
    public string Of(HttpRequest request) => Values.Select(one => one.Value).FirstOrDefault(value => value == request.Cookies[Cookie]) ?? "";
}
