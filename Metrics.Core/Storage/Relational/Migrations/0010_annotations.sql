-- Every change of an annotation, in the order of the ids. Names are JSON arrays, a segment is a JSON object; without days it was deleted.
create table annotation_change (
    id integer primary key,
    annotation text not null,
    first_day text,
    last_day text,
    kind text not null,
    title text not null,
    body text,
    link text,
    metrics text not null,
    boards text not null,
    segment text not null,
    origin text not null,
    set_by text not null,
    set_at bigint not null);
create index annotation_change_by_annotation on annotation_change (annotation, id);
