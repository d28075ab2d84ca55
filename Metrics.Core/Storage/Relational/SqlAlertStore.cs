using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Metrics.Core.Alerts;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Storage.Relational;

/// <summary>Where alerts stand, what was evaluated, and the outbox with its deliveries.</summary>
internal sealed class SqlAlertStore(Database database) : IAlertStore
{
    private const string TransitionColumns =
        "id, rule, segment, grain, period_start, period_end, at, state_before, state_after, judged_before, judged_after, reason, sentence, "
        + "value";

    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    public Task<IReadOnlyList<AlertInstance>> InstancesAsync(string rule, CancellationToken cancellationToken) =>
        InstancesAsync("where rule = @rule", new { rule }, cancellationToken);

    public Task<IReadOnlyList<AlertInstance>> InstancesAsync(CancellationToken cancellationToken) =>
        InstancesAsync("", new { }, cancellationToken);

    public Task RecordAsync(AlertRecord record, CancellationToken cancellationToken) => database.WriteAsync(async transaction =>
    {
        foreach (var evaluation in record.Evaluations)
            await transaction.ExecuteAsync("""
                insert into alert_evaluation (
                    id, rule, version, segment, grain, period_start, period_end, evaluated_at, as_of, kind, value, base, measured,
                    comparator, threshold, state_before, state_after, reason, error)
                values (
                    (select coalesce(max(id), 0) + 1 from alert_evaluation), @Rule, @Version, @segment, @grain, @start, @end,
                    @at, @asOf, @Kind, @value, @base, @measured, @Comparator, @Threshold, @before, @after, @Sentence, @Error)
                """, RowOf(evaluation), cancellationToken);

        foreach (var instance in record.Instances)
        {
            if (instance.Status.IsGone)
                await transaction.ExecuteAsync("delete from alert_status where rule = @Rule and segment = @segment",
                    new { instance.Rule, segment = instance.Segment.Text }, cancellationToken);
            else
                await transaction.ExecuteAsync("""
                    insert into alert_status (
                        rule, segment, state, judged, held, absent, since, judged_since_start, judged_since_end, judged_before,
                        awaited_before, value, value_start, value_end)
                    values (
                        @Rule, @segment, @state, @judged, @held, @absent, @since, @judgedStart, @judgedEnd, @judgedBefore, @awaitedBefore,
                        @value, @valueStart, @valueEnd)
                    on conflict (rule, segment) do update set
                        state = excluded.state, judged = excluded.judged, held = excluded.held, absent = excluded.absent,
                        since = excluded.since,
                        judged_since_start = excluded.judged_since_start, judged_since_end = excluded.judged_since_end,
                        judged_before = excluded.judged_before, awaited_before = excluded.awaited_before,
                        value = excluded.value, value_start = excluded.value_start, value_end = excluded.value_end
                    """, RowOf(instance), cancellationToken);
        }

        foreach (var transition in record.Transitions)
            await transaction.ExecuteAsync("""
                insert into alert_transition (
                    id, rule, segment, grain, period_start, period_end, at, state_before, state_after, judged_before, judged_after,
                    reason, sentence, value)
                values (
                    (select coalesce(max(id), 0) + 1 from alert_transition), @Rule, @segment, @grain, @start, @end, @at,
                    @from, @to, @fromJudged, @toJudged, @reason, @Sentence, @value)
                """, RowOf(transition), cancellationToken);

        // Boards say what fires.
        if (record.Transitions.Count > 0)
            await transaction.NoteChangeAsync(cancellationToken);
    }, cancellationToken);

    public async Task<IReadOnlyList<LoggedEvaluation>> EvaluationsAsync(string rule, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(
            string Rule, string Version, string Segment, string Grain, string Start, string End, long At, long? AsOf,
            string Kind, double? Value, double? Base, double? Measured, string Comparator, string Threshold, string Before,
            string After, string Reason, string? Error)>(new CommandDefinition("""
            select rule, version, segment, grain, period_start, period_end, evaluated_at, as_of, kind, value, base, measured,
                   comparator, threshold, state_before, state_after, reason, error
              from (select e.*, row_number() over (partition by segment order by id desc) as place
                      from alert_evaluation e
                     where rule = @rule) newest
             where place <= @most
             order by id desc
            """, new { rule, most }, cancellationToken: cancellationToken));
        return
        [
            .. rows.Select(row => new LoggedEvaluation(
                row.Rule, row.Version, Segment.Parse(row.Segment), Grains(row.Grain), PeriodOf(row.Start, row.End), Columns.Moment(row.At),
                row.AsOf is { } asOf ? Columns.Moment(asOf) : null, row.Kind, Number(row.Value), Number(row.Base), Number(row.Measured),
                row.Comparator, row.Threshold, Enum.Parse<AlertState>(row.Before), Enum.Parse<AlertState>(row.After), row.Reason,
                row.Error)),
        ];
    }

    public Task<IReadOnlyList<Transition>> TransitionsAsync(string rule, int most, CancellationToken cancellationToken) =>
        TransitionsAsync("where rule = @rule order by id desc limit @most", new { rule, most }, cancellationToken);

    public async Task<int> FiredCountAsync(string rule, Segment segment, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (int)await connection.ExecuteScalarAsync<long>(new CommandDefinition("""
            select count(*) from alert_transition
             where rule = @rule and segment = @segment and at >= @since and judged_after = 'Firing' and judged_before <> 'Firing'
            """, new { rule, segment = segment.Text, since = Columns.Micros(since) }, cancellationToken: cancellationToken));
    }

    public Task<IReadOnlyList<Transition>> OutboxAsync(CancellationToken cancellationToken) =>
        TransitionsAsync("where decided_at is null order by id", new { }, cancellationToken);

    public async Task<LastNotice?> LastNoticeAsync(string rule, Segment segment, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var notice = await connection.QueryFirstOrDefaultAsync<(long Id, string Reason)?>(new CommandDefinition(
            """
            select id, notice from alert_transition
             where rule = @rule and segment = @segment and notice <> 'None'
             order by id desc
             limit 1
            """,
            new { rule, segment = segment.Text }, cancellationToken: cancellationToken));
        return notice is not { } found ? null : new LastNotice(
            (await TransitionsAsync("where id = @Id", new { found.Id }, cancellationToken)).Single(),
            Enum.Parse<NotificationReason>(found.Reason));
    }

    public Task DecideAsync(NotificationDecision decision, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(async transaction =>
    {
        foreach (var decided in decision.Transitions)
        {
            var isSubject = decided.Id == decision.Subject?.Id;
            await transaction.ExecuteAsync(
                """
                update alert_transition set decided_at = @at, notice = @notice, notification = @notification
                 where id = @Id and decided_at is null
                """,
                new
                {
                    decided.Id,
                    at = Columns.Micros(at),
                    notice = (isSubject ? decision.Reason : NotificationReason.None).ToString(),
                    notification = isSubject && decision.Notification is not null ? JsonSerializer.Serialize(decision.Notification, Json)
                        : null,
                }, cancellationToken);
        }

        foreach (var recipient in decision.Subject is null ? [] : decision.Recipients)
            await transaction.ExecuteAsync("""
                insert into alert_delivery (transition, recipient, why, state, attempts, next_attempt, last_error)
                values (@transition, @recipient, @Why, @state, 0, @at, @Problem)
                on conflict (transition, recipient) do nothing
                """,
                new
                {
                    transition = decision.Subject!.Id,
                    recipient = recipient.Address ?? recipient.To,
                    recipient.Why,
                    state = (recipient.Address is null ? DeliveryState.Failed : DeliveryState.Waiting).ToString(),
                    at = Columns.Micros(at),
                    recipient.Problem,
                }, cancellationToken);
    }, cancellationToken);

    public Task<IReadOnlyList<Delivery>> OpenDeliveriesAsync(CancellationToken cancellationToken) =>
        DeliveriesAsync("where d.state in ('Waiting', 'Sending') order by d.transition, d.recipient", new { }, cancellationToken);

    public Task<IReadOnlyList<Delivery>> DeliveriesOfAsync(long transition, CancellationToken cancellationToken) =>
        DeliveriesAsync("where d.transition = @transition order by d.recipient", new { transition }, cancellationToken);

    public Task<IReadOnlyList<Delivery>> DeliveriesAsync(string rule, int most, CancellationToken cancellationToken) =>
        DeliveriesAsync("where t.rule = @rule order by d.transition desc, d.recipient limit @most", new { rule, most }, cancellationToken);

    public async Task<Notification?> NotificationAsync(long transition, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var text = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select notification from alert_transition where id = @transition", new { transition }, cancellationToken: cancellationToken));
        return text is null ? null : JsonSerializer.Deserialize<Notification>(text, Json);
    }

    public Task UpdateAsync(Delivery delivery, CancellationToken cancellationToken) => database.WriteAsync(transaction =>
        transaction.ExecuteAsync("""
        update alert_delivery
           set state = @state, attempts = @attempts, next_attempt = @next, last_error = @LastError, sent_at = @sentAt
         where transition = @Transition and recipient = @Recipient
        """,
        new
        {
            delivery.Transition,
            delivery.Recipient,
            state = delivery.State.ToString(),
            attempts = (long)delivery.Attempts,
            next = Columns.Micros(delivery.NextAttempt),
            delivery.LastError,
            sentAt = delivery.SentAt is { } sent ? Columns.Micros(sent) : (long?)null,
        }, cancellationToken), cancellationToken);

    private async Task<IReadOnlyList<AlertInstance>> InstancesAsync(string filter, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(
            string Rule, string Segment, string State, string Judged, long Held, long Absent, long Since, string? JudgedStart,
            string? JudgedEnd, string? JudgedBefore, string? AwaitedBefore, double? Value, string? ValueStart,
            string? ValueEnd)>(new CommandDefinition($"""
            select rule, segment, state, judged, held, absent, since, judged_since_start, judged_since_end,
                   judged_before, awaited_before, value, value_start, value_end
              from alert_status
             {filter}
             order by rule, segment
            """, parameters, cancellationToken: cancellationToken));
        return
        [
            .. rows.Select(row => new AlertInstance(row.Rule, Segment.Parse(row.Segment), new AlertStatus
            {
                State = Enum.Parse<AlertState>(row.State),
                Judged = Enum.Parse<AlertState>(row.Judged),
                Held = (int)row.Held,
                Absent = (int)row.Absent,
                Since = Columns.Moment(row.Since),
                JudgedSince = row.JudgedStart is null ? null : PeriodOf(row.JudgedStart, row.JudgedEnd!),
                JudgedBefore = row.JudgedBefore is null ? null : Columns.Day(row.JudgedBefore),
                AwaitedBefore = row.AwaitedBefore is null ? null : Columns.Day(row.AwaitedBefore),
                Value = Number(row.Value),
                ValueOf = row.ValueStart is null ? null : PeriodOf(row.ValueStart, row.ValueEnd!),
            })),
        ];
    }

    private async Task<IReadOnlyList<Transition>> TransitionsAsync(string filter, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(
            long Id, string Rule, string Segment, string Grain, string Start, string End, long At, string Before, string After,
            string JudgedBefore, string JudgedAfter, string Reason, string Sentence, double? Value)>(new CommandDefinition(
            $"select {TransitionColumns} from alert_transition {filter}", parameters, cancellationToken: cancellationToken));
        return
        [
            .. rows.Select(row => new Transition(
                row.Id, row.Rule, Segment.Parse(row.Segment), Grains(row.Grain), PeriodOf(row.Start, row.End), Columns.Moment(row.At),
                Enum.Parse<AlertState>(row.Before), Enum.Parse<AlertState>(row.After), Enum.Parse<AlertState>(row.JudgedBefore),
                Enum.Parse<AlertState>(row.JudgedAfter), Enum.Parse<TransitionReason>(row.Reason), row.Sentence, Number(row.Value))),
        ];
    }

    private async Task<IReadOnlyList<Delivery>> DeliveriesAsync(string filter, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(
            long Transition, string Rule, string Segment, string Recipient, string Why, string State, long Attempts,
            long NextAttempt, string? LastError, long? SentAt, string? Notification)>(new CommandDefinition($"""
            select d.transition, t.rule, t.segment, d.recipient, d.why, d.state, d.attempts, d.next_attempt, d.last_error,
                   d.sent_at, t.notification
              from alert_delivery d
              join alert_transition t on t.id = d.transition
             {filter}
            """, parameters, cancellationToken: cancellationToken));
        return
        [
            .. rows.Select(row => new Delivery(
                row.Transition, row.Rule, Segment.Parse(row.Segment), row.Recipient, row.Why, Enum.Parse<DeliveryState>(row.State),
                (int)row.Attempts,
                Columns.Moment(row.NextAttempt), row.LastError, row.SentAt is { } sent ? Columns.Moment(sent) : null,
                row.Notification is null ? "" : JsonSerializer.Deserialize<Notification>(row.Notification, Json)!.Subject)),
        ];
    }

    private static object RowOf(LoggedEvaluation evaluation) => new
    {
        evaluation.Rule,
        evaluation.Version,
        segment = evaluation.Segment.Text,
        grain = evaluation.Grain.Name(),
        start = Columns.Text(evaluation.Period.Start),
        end = Columns.Text(evaluation.Period.End),
        at = Columns.Micros(evaluation.At),
        asOf = evaluation.AsOf is { } asOf ? Columns.Micros(asOf) : (long?)null,
        evaluation.Kind,
        value = (double?)evaluation.Value,
        @base = (double?)evaluation.Base,
        measured = (double?)evaluation.Measured,
        evaluation.Comparator,
        evaluation.Threshold,
        before = evaluation.Before.ToString(),
        after = evaluation.After.ToString(),
        evaluation.Sentence,
        evaluation.Error,
    };

    private static object RowOf(AlertInstance instance) => new
    {
        instance.Rule,
        segment = instance.Segment.Text,
        state = instance.Status.State.ToString(),
        judged = instance.Status.Judged.ToString(),
        held = (long)instance.Status.Held,
        absent = (long)instance.Status.Absent,
        since = Columns.Micros(instance.Status.Since),
        judgedStart = Text(instance.Status.JudgedSince?.Start),
        judgedEnd = Text(instance.Status.JudgedSince?.End),
        judgedBefore = Text(instance.Status.JudgedBefore),
        awaitedBefore = Text(instance.Status.AwaitedBefore),
        value = (double?)instance.Status.Value,
        valueStart = Text(instance.Status.ValueOf?.Start),
        valueEnd = Text(instance.Status.ValueOf?.End),
    };

    private static object RowOf(Transition transition) => new
    {
        transition.Rule,
        segment = transition.Segment.Text,
        grain = transition.Grain.Name(),
        start = Columns.Text(transition.Period.Start),
        end = Columns.Text(transition.Period.End),
        at = Columns.Micros(transition.At),
        from = transition.From.ToString(),
        to = transition.To.ToString(),
        fromJudged = transition.FromJudged.ToString(),
        toJudged = transition.ToJudged.ToString(),
        reason = transition.Reason.ToString(),
        transition.Sentence,
        value = (double?)transition.Value,
    };

    private static Grain Grains(string name) => GrainNames.TryParse(name) ?? throw new InvalidDataException($"'{name}' is no grain.");

    private static Period PeriodOf(string start, string end) => new(Columns.Day(start), Columns.Day(end));

    private static string? Text(DateOnly? day) => day is { } known ? Columns.Text(known) : null;

    private static decimal? Number(double? value) => value is { } number ? Rollup.Exact(number) : null;
}
