-- A period is its first day and the first day after it.

create table alert_status (
    rule text not null,
    segment text not null,
    state text not null,
    judged text not null,
    held bigint not null,
    absent bigint not null,
    since bigint not null,
    judged_since_start text,
    judged_since_end text,
    judged_before text,
    awaited_before text,
    value double precision,
    value_start text,
    value_end text,
    primary key (rule, segment));

create table alert_evaluation (
    id bigint primary key,
    rule text not null,
    version text not null,
    segment text not null,
    grain text not null,
    period_start text not null,
    period_end text not null,
    evaluated_at bigint not null,
    as_of bigint,
    kind text not null,
    value double precision,
    base double precision,
    measured double precision,
    comparator text not null,
    threshold text not null,
    state_before text not null,
    state_after text not null,
    reason text not null,
    error text);
create index alert_evaluation_by_rule on alert_evaluation (rule, segment, id);

-- Every change of a state. Those without a moment in decided_at are the outbox.
create table alert_transition (
    id bigint primary key,
    rule text not null,
    segment text not null,
    grain text not null,
    period_start text not null,
    period_end text not null,
    at bigint not null,
    state_before text not null,
    state_after text not null,
    judged_before text not null,
    judged_after text not null,
    reason text not null,
    sentence text not null,
    value double precision,
    decided_at bigint,
    notice text,
    notification text);
create index alert_transition_by_rule on alert_transition (rule, segment, id);
create index alert_transition_outbox on alert_transition (decided_at, id);

create table alert_delivery (
    transition bigint not null,
    recipient text not null,
    why text not null,
    state text not null,
    attempts bigint not null,
    next_attempt bigint not null,
    last_error text,
    sent_at bigint,
    primary key (transition, recipient));
create index alert_delivery_by_state on alert_delivery (state, transition);
