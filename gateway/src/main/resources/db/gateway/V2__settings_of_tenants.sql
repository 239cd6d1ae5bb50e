-- Settings of tenants as the gateway reads them. The control plane alone writes them, one tenant at a time.
create table tenant (
    id               uuid        primary key,
    name             text        not null unique check (name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    title            text        not null,
    state            text        not null check (state in ('active', 'suspended')),
    plus_addressing  boolean     not null,
    created_at       timestamptz not null
);

create table domain (
    tenant_id        uuid        not null references tenant,
    name             text        not null,
    state            text        not null check (state in ('claimed', 'proven', 'regressed')),
    proven_at        timestamptz,
    recipients       text        not null check (recipients in ('listed', 'everyone', 'asked', 'learned')),
    learned_until    timestamptz,
    alias_of         text,
    primary key (tenant_id, name),
    foreign key (tenant_id, alias_of) references domain (tenant_id, name),
    check (alias_of is null or alias_of <> name),
    check ((recipients = 'learned') = (learned_until is not null))
);
create index domain_name on domain (name);

-- Whose a proven domain is: what is asked before the tenant is known, and nothing else.
create table domain_owner (
    name             text        primary key,
    tenant_id        uuid        not null,
    foreign key (tenant_id, name) references domain (tenant_id, name)
);

-- Mail servers of a domain. A lower preference is asked earlier, equal ones share the mail.
create table route (
    tenant_id        uuid        not null,
    domain           text        not null,
    host             text        not null,
    port             int         not null check (port between 1 and 65535),
    preference       int         not null check (preference between 0 and 65535),
    primary key (tenant_id, domain, host, port),
    foreign key (tenant_id, domain) references domain (tenant_id, name) on delete cascade
);

-- Who exists. local_part is the form that addresses are compared by; spelling is what a person wrote.
create table recipient (
    tenant_id        uuid        not null,
    domain           text        not null,
    local_part       text        not null,
    spelling         text        not null,
    alias_of         text,
    added_at         timestamptz not null,
    primary key (tenant_id, domain, local_part),
    foreign key (tenant_id, domain) references domain (tenant_id, name) on delete cascade
);

-- Addresses that a customer's server took while its domain learns: brought to recipient by the control plane.
create table learned (
    tenant_id        uuid        not null,
    domain           text        not null,
    local_part       text        not null,
    spelling         text        not null,
    seen_at          timestamptz not null,
    primary key (tenant_id, domain, local_part)
);

-- What has changed, in the order of the commits: the gateway asks for what is newer than it knows.
create table settings_change (
    seq              bigint      primary key generated always as identity,
    tenant_id        uuid        not null,
    domain           text,
    changed_at       timestamptz not null default now()
);
comment on column settings_change.domain is 'whose recipients have changed; null when the tenant, its domains or its routes have';

-- The lock is held until the commit, so that numbers are handed out in the order of the commits.
create function publish_settings(tenant uuid, changed_domain text) returns bigint
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    number bigint;
begin
    perform pg_advisory_xact_lock(hashtext('publish_settings'));
    insert into settings_change (tenant_id, domain) values (tenant, changed_domain) returning seq into number;
    return number;
end $$;
revoke all on function publish_settings(uuid, text) from public;
grant execute on function publish_settings(uuid, text) to sekisho_app;

grant select on tenant, domain, domain_owner, route, recipient to sekisho_gateway, sekisho_operator;
grant select, insert, update on tenant to sekisho_app;
grant select, insert, update, delete on domain, domain_owner, route, recipient to sekisho_app;
grant select, insert on learned to sekisho_gateway;
grant select, delete on learned to sekisho_app;
grant select on learned to sekisho_operator;
grant select, delete on settings_change to sekisho_gateway;

do $$
declare
    t text;
begin
    foreach t in array array['tenant', 'domain', 'domain_owner', 'route', 'recipient', 'learned', 'settings_change'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy gateway on %I to sekisho_gateway using (true) with check (true)', t);
        execute format('create policy operator on %I for select to sekisho_operator using (true)', t);
    end loop;
    foreach t in array array['domain', 'domain_owner', 'route', 'recipient', 'learned'] loop
        execute format('create policy tenant on %I to sekisho_app'
            || ' using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)'
            || ' with check (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', t);
    end loop;
end $$;
create policy tenant on tenant to sekisho_app
    using (id = nullif(current_setting('app.tenant', true), '')::uuid)
    with check (id = nullif(current_setting('app.tenant', true), '')::uuid);
