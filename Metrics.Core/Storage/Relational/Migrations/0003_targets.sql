-- Every change of a target on the page, in the order of the ids. Values are texts, so that all digits of a decimal come back; null withdraws.
create table target_change (
    id integer primary key,
    metric text not null,
    version text not null,
    grain text not null,
    period text not null,
    segment text not null,
    value text,
    note text,
    set_by text not null,
    set_at bigint not null);
create index target_change_by_target on target_change (metric, version, grain, period, segment, id);
