-- Instants are UTC microseconds since 1970, local days ISO text.

create table stream (
    id integer primary key,
    source text not null,
    name text not null,
    checkpoint text,
    last_mark bigint not null default 0,
    live bigint not null default 0,
    unique (source, name));

-- Every version of every record; a version without a body says that the record vanished.
create table record_version (
    id integer primary key,
    stream bigint not null,
    key text not null,
    learned_at bigint not null,
    sync bigint not null,
    body text);

-- The newest version of each record, the digest of its content, and the last read that saw it.
create table record_head (
    stream bigint not null,
    key text not null,
    digest text,
    version bigint not null,
    seen bigint not null,
    primary key (stream, key)) without rowid;

create table reject (
    id integer primary key,
    stream bigint not null,
    mark bigint not null,
    sync bigint not null,
    file text not null,
    line bigint not null,
    column_name text,
    value text,
    reason text not null);
create index reject_by_stream on reject (stream, mark);

create table sync_run (
    id integer primary key,
    source text not null,
    started bigint not null,
    finished bigint,
    outcome text not null,
    message text);
create index sync_run_by_source on sync_run (source, id);

create table sync_stream (
    run bigint not null,
    stream text not null,
    rows_read bigint not null,
    rows_new bigint not null,
    rows_changed bigint not null,
    rows_vanished bigint not null,
    rows_rejected bigint not null,
    complete_through text,
    error text,
    error_is_temporary bigint not null default 0,
    primary key (run, stream));

create table watermark (
    metric text not null,
    data_from text not null,
    complete_through text not null,
    at bigint not null,
    primary key (metric, at));

create table metric_freshness (
    metric text primary key,
    as_of bigint not null);

create table model_state (
    model text primary key,
    inputs text not null,
    fault text);
