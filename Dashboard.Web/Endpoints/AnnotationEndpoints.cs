using System.Globalization;
using Dashboard.Web.Access;
using Metrics.Core.Annotations;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Microsoft.Net.Http.Headers;

namespace Dashboard.Web.Endpoints;

/// <summary>Events that programs enter: a release by the pipeline that ships it, an incident by whoever is paged.</summary>
internal static class AnnotationEndpoints
{
    private const string Address = "/api/v1/annotations";

    // A title, a text, a link and some names.
    private const int MostBytes = 64 * 1024;

    public static void MapAnnotations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Address, (HttpContext context, string? from, string? to, string? metric, AnnotationDoor door) =>
            AnnotationDoor.AnswerAsync(context, () => ListAsync(context, from, to, metric, door))).RequireAuthorization(Policies.ReadAnnotations);
        routes.MapGet(Address + "/{id}", (HttpContext context, string id, AnnotationDoor door) =>
            AnnotationDoor.AnswerAsync(context, () => OneAsync(context, id, door))).RequireAuthorization(Policies.ReadAnnotations);
        routes.MapPost(Address, (HttpContext context, AnnotationDoor door) =>
            AnnotationDoor.AnswerAsync(context, () => EnterAsync(context, null, door))).RequireAuthorization(Policies.WriteAnnotations);
        routes.MapPut(Address + "/{id}", (HttpContext context, string id, AnnotationDoor door) =>
            AnnotationDoor.AnswerAsync(context, () => EnterAsync(context, id, door))).RequireAuthorization(Policies.WriteAnnotations);
        routes.MapDelete(Address + "/{id}", (HttpContext context, string id, AnnotationDoor door) =>
            AnnotationDoor.AnswerAsync(context, () => DeleteAsync(context, id, door))).RequireAuthorization(Policies.WriteAnnotations);
    }

    private static async Task ListAsync(HttpContext context, string? from, string? to, string? metric, AnnotationDoor door)
    {
        var company = door.Company;
        if (!IsDay(from, out var first) || !IsDay(to, out var last))
            throw new ApiRefusal(StatusCodes.Status400BadRequest, $"'{(IsDay(from, out _) ? to : from)}' is no day; use one such as 2026-09-21.");
        if (last < first)
            throw new ApiRefusal(StatusCodes.Status400BadRequest, "'to' is before 'from'.");

        AnnotationSubject? subject = null;
        if (!string.IsNullOrEmpty(metric))
        {
            subject = company.Catalog.TryGet(metric, out var known)
                ? company.SubjectOf(known)
                : throw new ApiRefusal(StatusCodes.Status400BadRequest, $"There is no metric '{metric}'.");
        }

        var span = new Period(first ?? DateOnly.MinValue, last?.AddDays(1) ?? DateOnly.MaxValue);
        var book = await door.ReadAsync(context.RequestAborted);
        var asked = subject is null ? book.Within(span) : book.Of(subject, span);
        await PushAnswers.WriteAsync(context.Response, "application/json", new { annotations = asked.Select(Written) });

        bool IsDay(string? text, out DateOnly? day)
        {
            var isDay = company.Calendar.TryParse(Grain.Day, text, out var parsed);
            day = parsed?.Start;
            return isDay || string.IsNullOrEmpty(text);
        }
    }

    private static async Task OneAsync(HttpContext context, string id, AnnotationDoor door)
    {
        var one = await door.FindAsync(id, context.RequestAborted);
        await AnswerAsync(context, one);
    }

    private static async Task EnterAsync(HttpContext context, string? id, AnnotationDoor door)
    {
        AnnotationBody body;
        using (var sent = await PushBody.ReadAsync(context.Request, MostBytes, context.RequestAborted))
        {
            var (read, fault) = AnnotationBody.Read(sent.Content.Span);
            body = read ?? throw new ApiRefusal(StatusCodes.Status400BadRequest, fault!);
        }

        if (id is not null && body.Id is not null && body.Id != id)
            throw new ApiRefusal(StatusCodes.Status400BadRequest, $"The address says '{id}' and the body '{body.Id}'.");

        // What is sent for the first time may be sent again after an answer that got lost: an id of its own makes that one event.
        var named = id ?? body.Id;
        var known = named is null ? null : (await door.ReadAsync(context.RequestAborted)).Find(named);
        var after = id is null ? 0 : ExpectedOf(context.Request);
        if (id is null && known is not null)
            throw new ApiRefusal(StatusCodes.Status409Conflict, $"There is an event '{named}' already; change it with PUT {Address}/{named}.");

        var entered = await door.EnterAsync(named, known, body.ToEntry(), after, context);
        if (known is null)
        {
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.Headers.Location = $"{Address}/{entered.Id}";
        }

        await AnswerAsync(context, entered);
    }

    private static async Task DeleteAsync(HttpContext context, string id, AnnotationDoor door)
    {
        var known = await door.FindAsync(id, context.RequestAborted);
        await door.DeleteAsync(known, ExpectedOf(context.Request), context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task AnswerAsync(HttpContext context, Annotation one)
    {
        if (one.Edit is { } edit)
            context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{edit.Version}\"");
        await PushAnswers.WriteAsync(context.Response, "application/json", Written(one));
    }

    /// <summary>The version that an If-Match names, or 0 with If-None-Match: *; null where neither is sent.</summary>
    private static long? ExpectedOf(HttpRequest request)
    {
        if (request.Headers.IfNoneMatch == "*")
            return 0;

        var match = request.Headers[HeaderNames.IfMatch].ToString().Trim();
        return match.Length == 0 || match == "*" ? null
            : long.TryParse(match.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? version
            : throw new ApiRefusal(StatusCodes.Status412PreconditionFailed, "If-Match names no version of this event.");
    }

    private static object Written(Annotation one) => new
    {
        id = one.Id,
        first = one.Days.Start,
        last = one.Days.LastDay,
        title = one.Title,
        text = one.Text,
        link = one.Link?.AbsoluteUri,
        kind = one.Kind.Name(),
        metrics = one.Metrics,
        boards = one.Boards,
        segment = one.Segment.Values.ToDictionary(pair => pair.Key, pair => pair.Value),
        origin = one.Origin.Name(),
        file = one.File.Length == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{one.File}:{one.Line}"),
        by = one.Edit?.By,
        at = one.Edit?.At.UtcDateTime,
    };
}

/// <summary>Why a program's request is not done.</summary>
internal sealed class ApiRefusal(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>What the addresses for events have in common: the events in force, and answers in words where something is wrong.</summary>
internal sealed class AnnotationDoor(LiveDefinition live, AnnotationReader annotations, IAnnotationStore store, TimeProvider clock)
{
    public CompanyDefinition Company => live.Current;

    /// <summary>Does what is asked, or says why not as RFC 9457 has it.</summary>
    public static async Task AnswerAsync(HttpContext context, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (ApiRefusal refusal)
        {
            await PushAnswers.RefuseAsync(context, refusal.Status, refusal.Message);
        }
        catch (PushBodyException refused)
        {
            await PushAnswers.RefuseAsync(context, refused.Status, refused.Message);
        }
        catch (Exception fault) when (PushAnswers.IsStoreFault(fault) && !context.Response.HasStarted)
        {
            await PushAnswers.UnavailableAsync(context, fault);
        }
    }

    public Task<AnnotationBook> ReadAsync(CancellationToken cancellationToken) => annotations.ReadAsync(Company.Annotations, cancellationToken);

    public async Task<Annotation> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).Find(id) ?? throw new ApiRefusal(StatusCodes.Status404NotFound, $"There is no event '{id}'.");

    /// <summary>Enters or changes one.</summary>
    /// <param name="id">Null for one of its own.</param>
    /// <param name="known">What there is under the id.</param>
    public async Task<Annotation> EnterAsync(string? id, Annotation? known, AnnotationEntry entry, long? after, HttpContext context)
    {
        RefuseFile(known);
        var company = Company;
        var (content, fault) = entry.Read(
            id ?? Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"), company.Catalog, company.Boards.Select(board => board.Id).ToHashSet());
        if (content is null)
            throw new ApiRefusal(StatusCodes.Status422UnprocessableEntity, $"{fault!.Field}: {fault.Message}");

        var change = new AnnotationChange(content.Id, content, AnnotationOrigin.Api, context.User.Identity!.Name!, clock.GetUtcNow());
        return content with { Origin = change.Origin, Edit = new AnnotationEdit(change.By, change.At, await AppendAsync(change, after, context)) };
    }

    public Task DeleteAsync(Annotation known, long? after, HttpContext context)
    {
        RefuseFile(known);
        return AppendAsync(new AnnotationChange(known.Id, null, AnnotationOrigin.Api, context.User.Identity!.Name!, clock.GetUtcNow()), after, context);
    }

    private async Task<long> AppendAsync(AnnotationChange change, long? after, HttpContext context) =>
        await store.AppendAsync(change, after, context.RequestAborted)
        ?? throw new ApiRefusal(StatusCodes.Status412PreconditionFailed, $"Somebody changed '{change.Id}' meanwhile; read it again.");

    private static void RefuseFile(Annotation? known)
    {
        if (known is { Origin: AnnotationOrigin.File })
        {
            throw new ApiRefusal(
                StatusCodes.Status409Conflict, FormattableString.Invariant($"'{known.Id}' is from {known.File}:{known.Line}; change it there."));
        }
    }
}
