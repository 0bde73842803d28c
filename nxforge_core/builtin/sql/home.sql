-- name: home_layout
-- Of a person, or of a guest's session.
select cards, hidden from home_layout where person = $1 or session = $2;

-- name: keep_home_of_person
-- The last word counts.
insert into home_layout (person, cards, hidden, changed_at) values ($1, $2, $3, $4)
on conflict (person) do update set cards = excluded.cards, hidden = excluded.hidden,
    changed_at = excluded.changed_at;

-- name: keep_home_of_session
-- The same for a guest.
insert into home_layout (session, cards, hidden, changed_at) values ($1, $2, $3, $4)
on conflict (session) do update set cards = excluded.cards, hidden = excluded.hidden,
    changed_at = excluded.changed_at;

-- name: forget_home_layout
-- As at first.
delete from home_layout where person = $1 or session = $2;
