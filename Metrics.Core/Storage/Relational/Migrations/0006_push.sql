-- Who may push: of a secret its SHA-256 as hex, of what it may write the prefixes as a JSON array.
create table api_token (
    id bigint primary key,
    name text not null,
    writes text not null,
    digest text not null,
    created_at bigint not null,
    last_used_at bigint,
    revoked_at bigint);

-- What was pushed and maps to no metric: the newest value of each series and local day. Tags are a canonical JSON object.
create table push_inbox (
    measurement text not null,
    field text not null,
    tags text not null,
    day text not null,
    at bigint not null,
    value double precision not null,
    first_seen_at bigint not null,
    seen_at bigint not null,
    token text not null,
    primary key (measurement, field, tags, day));
create index push_inbox_by_age on push_inbox (seen_at);

-- How many of them had to go because too many waited: one row, or none.
create table push_inbox_loss (
    id bigint primary key,
    lines bigint not null,
    last_at bigint not null);
