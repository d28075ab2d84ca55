-- The versions of each model's definition: since when (null: from the beginning) which choices hold, as JSON of names and values.
create table definition_version (
    model text not null,
    number bigint not null,
    since text,
    choices text not null,
    at bigint not null,
    primary key (model, number));
