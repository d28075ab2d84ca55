-- What is wrong with some of the records that a model computed from; a body is the JSON of one warning.
create table model_warning (
    model text not null,
    number bigint not null,
    body text not null,
    primary key (model, number));

-- The version of the same record that a version takes the place of, so that what changed can be told from what was there. Versions
-- that were appended before this column have none.
alter table record_version add column before bigint;

-- The newest version of each stream.
alter table stream add column newest bigint not null default 0;
update stream set newest = (select coalesce(max(version), 0) from record_head where record_head.stream = stream.id);
