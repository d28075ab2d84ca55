using System.Threading.RateLimiting;
using Dashboard.Web.Access;
using Metrics.Core.Definitions;
using Metrics.Core.Push;
using Metrics.Core.Series;
using Microsoft.Extensions.Options;

namespace Dashboard.Web.Endpoints;

/// <summary>What all pushes have in common: their turn, their bytes, the token's rights, and a store that may not be able to take them.</summary>
internal sealed partial class PushDoor(
    IOptions<PushOptions> options, LiveDefinition live, PushIntake intake, TimeProvider clock, ILogger<PushDoor> log) : IAsyncDisposable
{
    private readonly ConcurrencyLimiter _turns = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.AtOnce, QueueLimit = options.Value.Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Lets one push in.</summary>
    /// <param name="mostFaults">How many faults the answer names.</param>
    /// <param name="read">Adds what the body holds to the batch; the answer, where it says why nothing of it can be taken.</param>
    /// <param name="answer">Answers what was stored.</param>
    public async Task ReceiveAsync(
        HttpContext context, int mostFaults, Func<ReadOnlyMemory<byte>, PushBatch, PushRefusal?> read, Func<PushBatch, WriteOutcome, Task> answer)
    {
        using var turn = await _turns.AcquireAsync(1, context.RequestAborted);
        if (!turn.IsAcquired)
        {
            await PushAnswers.BusyAsync(context);
            return;
        }

        PushBatch batch;
        try
        {
            using var body = await PushBody.ReadAsync(context.Request, options.Value.MaxBytes, context.RequestAborted);
            batch = new PushBatch(live.Current.Push, TokenHandler.TokenOf(context), clock.GetUtcNow(), mostFaults);
            if (read(body.Content, batch) is { } refusal)
            {
                LogRefused(batch.Token.Name, refusal.Status, refusal.Message);
                await PushAnswers.RefuseAsync(context, refusal.Status, refusal.Message);
                return;
            }
        }
        catch (PushBodyException refused)
        {
            await PushAnswers.RefuseAsync(context, refused.Status, refused.Message);
            return;
        }

        WriteOutcome outcome;
        try
        {
            outcome = await intake.StoreAsync(batch, context.RequestAborted);
        }
        catch (Exception fault) when (PushAnswers.IsStoreFault(fault))
        {
            LogUnavailable(fault, batch.Token.Name);
            await PushAnswers.UnavailableAsync(context, fault);
            return;
        }

        LogStored(batch.Token.Name, outcome.New, outcome.Changed, outcome.Unchanged, batch.Refused.Count);
        await answer(batch, outcome);
    }

    public ValueTask DisposeAsync() => _turns.DisposeAsync();

    [LoggerMessage(Level = LogLevel.Debug, Message = "Push by {Token}: {New} new points, {Changed} changed, {Unchanged} unchanged, {Refused} refused")]
    private partial void LogStored(string token, long @new, long changed, long unchanged, int refused);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Push by {Token} was refused with {Status}: {Reason}")]
    private partial void LogRefused(string token, int status, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Push by {Token} could not be stored and has to be sent again")]
    private partial void LogUnavailable(Exception fault, string token);
}

/// <summary>Why nothing of a push is taken.</summary>
internal sealed record PushRefusal(int Status, string Message);
