-- What was said about the findings of a board in one period, in the order of the ids: the newest of a finding and period counts; without
-- a stance it was taken back.
create table finding_comment (
    id integer primary key,
    board text not null,
    period text not null,
    finding text not null,
    stance text,
    body text not null,
    said_by text not null,
    said_at bigint not null);
create index finding_comment_by_board on finding_comment (board, id);

-- What was decided in the review of a board's period, and what came of it in later ones, in the order of the ids; without a state it was
-- taken back.
create table review_decision (
    id integer primary key,
    decision text not null,
    board text not null,
    period text not null,
    body text not null,
    responsible text,
    due text,
    state text,
    said_by text not null,
    said_at bigint not null);
create index review_decision_by_board on review_decision (board, id);
