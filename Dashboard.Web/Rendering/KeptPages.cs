using System.Collections.Concurrent;
using Dashboard.Web.Access;
using Dashboard.Web.Pages;
using Dashboard.Web.Pages.Boards;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Series;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Rendering;

/// <summary>
/// Keeps rendered and packed pages of boards, and gives them for as long as all that they show is the same: data, workspace, day, how
/// fresh the sources are, faults. A page is the same for everybody with the same rights and look, so it holds no form and no token.
/// </summary>
/// <remarks>
/// Browsers still keep nothing. Whatever else a board's page is made to show must advance <see cref="IDataVersion"/> when it changes.
/// Other queries than a board's are taken off the request before it is rendered, so that nothing of them can be kept.
/// </remarks>
internal sealed class KeptPages(
    RequestDelegate next, LiveDefinition live, IDataVersion versions, BoardSnapshots snapshots, SourceFreshness freshness,
    SourceOutlook outlook, TimeProvider clock)
{
    private const string BoardPath = "/Boards/Board";
    private const string Html = "text/html; charset=utf-8";

    /// <summary>Boards, weeks and views that a team looks at around now; a page is some hundred kilobytes.</summary>
    private const int MostKept = 200;

    private readonly ConcurrentDictionary<Key, Kept> _kept = new();

    public async Task InvokeAsync(HttpContext context)
    {
        if (await KeyOfAsync(context) is not var (key, state, address))
        {
            await next(context);
            return;
        }

        context.Response.Headers.Append("Vary", "Cookie");
        if (!_kept.TryGetValue(key, out var kept) || kept.State != state)
        {
            if (await RenderAsync(context, address) is not { } page)
                return;
            if (_kept.Count >= MostKept)
                _kept.Clear();
            _kept[key] = kept = new Kept(state, page);
        }

        context.Response.ContentType = Html;
        await kept.Page.WriteAsync(context);
    }

    /// <summary>Which page is asked for and what it shows follows from; null where the request is for no board that can be kept.</summary>
    private async Task<(Key Key, State State, BoardAddress Address)?> KeyOfAsync(HttpContext context)
    {
        var request = context.Request;
        if (!(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            || context.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>()?.ViewEnginePath != BoardPath)
            return null;

        var company = live.Current;
        if (BoardModel.BoardOf(company, request.RouteValues["id"] as string) is not { } board
            || !BoardAddress.TryRead(company, board, request.Query, out var address, out _))
            return null;

        try
        {
            var version = await versions.ReadAsync(context.RequestAborted);
            var (current, all) = await freshness.ReadAsync(context.RequestAborted);
            var faults = live.Faults.Count > 0 ? FaultWords.Summary(live) : "";
            return (
                new Key(address.Write(), Look.Of(request).Key, RightsOf(context)),
                new State(version, company.Calendar.Today(clock), company, faults, current, all,
                    await outlook.MarkAsync(context.RequestAborted), snapshots.Away),
                address);
        }
        catch (StoreUnreachableException)
        {
            // The page says so itself.
            return null;
        }
    }

    /// <summary>The page as it is rendered now; null where it is no success and was answered.</summary>
    private async Task<Compressed?> RenderAsync(HttpContext context, BoardAddress address)
    {
        var (request, response) = (context.Request, context.Response);
        var (path, query, method, body) = (request.Path, request.QueryString, request.Method, response.Body);
        var written = new Uri(new Uri("http://board"), address.Write());
        using var page = new MemoryStream();
        (request.Path, request.QueryString, request.Method) = (written.AbsolutePath, new QueryString(written.Query), HttpMethods.Get);
        response.Body = page;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = body;
            (request.Path, request.QueryString, request.Method) = (path, query, method);
        }

        if (response.StatusCode == StatusCodes.Status200OK)
            return new Compressed(page.ToArray());

        await body.WriteAsync(page.ToArray(), context.RequestAborted);
        return null;
    }

    private static string RightsOf(HttpContext context) =>
        string.Join(' ', context.User.FindAll(Policies.Claim).Select(claim => claim.Value).Order(StringComparer.Ordinal));

    private sealed record Key(string Address, string Look, string Rights);

    private sealed record Kept(State State, Compressed Page);

    private sealed record State(
        long Version, DateOnly Today, CompanyDefinition Company, string Faults, int CurrentSources, int Sources, string Outlook, string? Away)
    {
        // A workspace that was read again is another object, and comparing two of them by what they hold would take longer than rendering.
        public bool Equals(State? other) =>
            other is not null && Version == other.Version && Today == other.Today && ReferenceEquals(Company, other.Company) && Faults == other.Faults
            && CurrentSources == other.CurrentSources && Sources == other.Sources && Outlook == other.Outlook && Away == other.Away;

        public override int GetHashCode() => HashCode.Combine(Version, Today);
    }
}
