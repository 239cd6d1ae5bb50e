-- What a tenant has ordered. Set by the operator.
create table contract (
    tenant_id    uuid        primary key references tenant,
    services     text[]      not null,
    domains      int         not null check (domains >= 0),
    recipients   int         not null check (recipients >= 0)
);

-- Who changed what. Written in the transaction of the change, never changed.
create table audit (
    tenant_id    uuid        not null,
    seq          bigint      not null generated always as identity,
    at           timestamptz not null,
    actor        text        not null,
    change       text        not null,
    object       text        not null,
    before       text,
    after        text,
    primary key (tenant_id, seq)
);

grant select, insert, update on contract to sekisho_app;
grant select, insert on audit to sekisho_app;
grant select on contract, audit to sekisho_operator;

do $$
declare
    t text;
begin
    foreach t in array array['contract', 'audit'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy operator on %I for select to sekisho_operator using (true)', t);
        execute format('create policy tenant on %I to sekisho_app'
            || ' using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)'
            || ' with check (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', t);
    end loop;
end $$;
