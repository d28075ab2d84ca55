namespace Dashboard.Web.Pages;

/// <summary>The look that a browser asked for; a cookie, so that it holds on every page and without a script.</summary>
internal static class Theme
{
    /// <summary>Light or dark as the reader's system is.</summary>
    public const string System = "system";

    /// <summary>How the names of cookies begin that hold a choice of how pages look.</summary>
    public const string Prefix = "kpi-";

    private const string Cookie = Prefix + "theme";

    private static readonly CookieOptions Kept = new()
    {
        MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true, Path = "/",
    };

    /// <summary>What can be chosen, with its name.</summary>
    public static IReadOnlyList<(string Value, string Name)> Choices { get; } = [(System, "As the system"), ("light", "Light"), ("dark", "Dark")];

    /// <summary>"light" or "dark"; null for what the system says.</summary>
    public static string? Of(HttpRequest request) => request.Cookies[Cookie] is "light" or "dark" ? request.Cookies[Cookie] : null;

    /// <summary>Keeps a choice; anything that is not one means the system's.</summary>
    public static void Remember(HttpResponse response, string? theme)
    {
        if (theme is "light" or "dark")
            response.Cookies.Append(Cookie, theme, Kept);
        else
            response.Cookies.Delete(Cookie);
    }
}
