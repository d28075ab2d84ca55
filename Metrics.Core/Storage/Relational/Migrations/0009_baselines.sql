-- What people decided about the limits of a series, in the order of the ids: a new phase, a locked span, or back to the default.
create table baseline_change (
    id integer primary key,
    metric text not null,
    grain text not null,
    segment text not null,
    kind text not null,
    from_period text,
    to_period text,
    method text not null,
    reason text not null,
    set_by text not null,
    set_at bigint not null);
create index baseline_change_by_metric on baseline_change (metric, id);
