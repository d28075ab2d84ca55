-- What several processes on one database need to know of each other.

-- One row: a number that grows with every change of what boards show.
create table data_version (
    id bigint primary key,
    version bigint not null);
insert into data_version (id, version) values (1, 1);

-- The keys that cookies and forms are protected with, so that every web process reads what another one wrote.
create table protection_key (
    name text primary key,
    xml text not null);

-- The order in which a sync took the streams of its source.
alter table sync_stream add column place bigint not null default 0;
