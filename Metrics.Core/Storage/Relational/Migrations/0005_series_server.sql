-- What a series server that knows only newest values needs beside it.

-- Every change of a stored point. A change stands here before the server has it, under a key that makes saying it twice saying it once.
create table restatement (
    metric text not null,
    grain text not null,
    cut text not null,
    segment text not null,
    day text not null,
    at bigint not null,
    sync text not null,
    old_value double precision,
    new_value double precision,
    first_written bigint not null,
    primary key (metric, grain, segment, day, at));
create index restatement_by_day on restatement (metric, grain, cut, day, at);

-- The newest lines that the server did not take.
create table quarantined_line (
    id bigint primary key,
    at bigint not null,
    metric text not null,
    line text not null,
    reason text not null);
