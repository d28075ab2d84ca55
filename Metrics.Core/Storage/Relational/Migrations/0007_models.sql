-- What is wrong with some of the records that a model computed from; a body is the JSON of one warning.
create table model_warning (
    model text not null,
    code text not null,
    body text not null);
create index model_warning_by_model on model_warning (model);
