-- People who are told what a tenant must know.
create table contact (
    tenant_id    uuid        not null,
    mailbox      text        not null,
    local_part   text        not null,
    domain       text        not null,
    language     text        not null check (language in ('japanese', 'english', 'both')),
    primary key (tenant_id, mailbox)
);

-- What a tenant was told last, of each kind and subject.
create table notice (
    tenant_id    uuid        not null,
    kind         text        not null check (kind in ('early_mail', 'held_mail')),
    subject      text        not null,
    told_at      timestamptz not null,
    primary key (tenant_id, kind, subject)
);

grant select, insert, update, delete on contact to sekisho_app;
grant select, insert, update on notice to sekisho_app;
grant select on contact, notice to sekisho_operator;

do $$
declare
    t text;
begin
    foreach t in array array['contact', 'notice'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy operator on %I for select to sekisho_operator using (true)', t);
        execute format('create policy tenant on %I to sekisho_app'
            || ' using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)'
            || ' with check (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', t);
    end loop;
end $$;
