-- What people changed of an endpoint: who, when, and what it was before. Secrets are
-- never in it.
create table endpoint_edit (
    id bigint primary key generated always as identity,
    endpoint_id uuid not null references endpoint (id) on delete cascade,
    done_by text,
    done_at timestamptz not null,
    -- by the name of the member: [before, after]
    changes jsonb not null
);

create index endpoint_edit_of_endpoint on endpoint_edit (endpoint_id, id);
