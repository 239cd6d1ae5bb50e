-- Mail: one row for each recipient, written once by the filer, changed once more when an open recipient ends.
create table mail (
    day          date        not null,
    id           uuid        not null,
    recipient    int         not null,
    tenant_id    uuid        not null,
    received_at  timestamptz not null,
    peer         inet        not null,
    helo         text        not null,
    sender       text        not null,
    mailbox      text        not null,
    size         bigint      not null,
    destination  text        not null,
    state        text        not null check (state in ('open', 'held', 'ended')),
    attempts     int         not null,
    notify       text,
    orcpt        text,
    reason       text,
    ended_at     timestamptz,
    server       text,
    reply        text,
    primary key (day, id, recipient)
) partition by range (day);

-- One row for each lane that ever had an open recipient.
create table lane (
    id             uuid        primary key,
    tenant_id      uuid        not null,
    kind           text        not null check (kind in ('customer', 'world')),
    domain         text        not null,
    next_due       timestamptz not null default 'infinity',
    backoff_until  timestamptz not null default '-infinity',
    failures       int         not null default 0,
    paused         boolean     not null default false
);
create index lane_due on lane (next_due) where not paused;

-- What is needed to render a message that has open or held recipients; its octets are in the blob store.
create table body (
    message      uuid        primary key,
    day          date        not null,
    tenant_id    uuid        not null,
    received_at  timestamptz not null,
    peer         inet        not null,
    helo         text        not null,
    extended     boolean     not null,
    tls          text        not null, -- protocol and cipher of the session, empty without TLS
    local_part   text        not null,
    domain       text        not null,
    size         bigint      not null,
    eight_bit    boolean     not null,
    smtp_utf8    boolean     not null,
    ret          text        check (ret in ('FULL', 'HDRS')),
    envid        text,
    omitted      text        -- octets that nobody gets, such as 12-80,100-150
);

-- Open recipients: due when lease is null, else leased.
create table queue (
    message      uuid        not null references body,
    recipient    int         not null,
    tenant_id    uuid        not null,
    lane_id      uuid        not null references lane,
    local_part   text        not null,
    domain       text        not null,
    next_at      timestamptz not null,
    attempts     int         not null,
    expires_at   timestamptz not null,
    detail       text,
    notify       text,
    orcpt        text,
    lease        uuid,
    lease_node   text,
    lease_boot   bigint,
    lease_until  timestamptz,
    primary key (message, recipient)
) with (fillfactor = 70);
create index queue_due on queue (lane_id, next_at) where lease is null;
create index queue_leased on queue (lease_until) where lease is not null;

-- Blobs that nobody needs any more; a job deletes blob, then row.
create table tombstone (
    message      uuid        primary key,
    made_at      timestamptz not null default now()
);

-- How often each node has started: leases of its older boots are void.
create table node (
    name         text        primary key,
    boot         bigint      not null
);

-- Partitions of mail are made by the owner's right, on behalf of the gateway.
create function ensure_mail_partition(wanted date) returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    part text := 'mail_' || to_char(wanted, 'YYYYMMDD');
begin
    if to_regclass('public.' || part) is null then
        perform pg_advisory_xact_lock(hashtext('ensure_mail_partition'));
        if to_regclass('public.' || part) is null then
            execute format('create table %I partition of mail for values from (%L) to (%L)', part, wanted, wanted + 1);
        end if;
    end if;
end $$;
revoke all on function ensure_mail_partition(date) from public;
grant execute on function ensure_mail_partition(date) to sekisho_gateway;

grant select, insert, update on mail, lane, node to sekisho_gateway;
grant select, insert, update, delete on body, queue to sekisho_gateway;
grant select, insert, delete on tombstone to sekisho_gateway;
grant select on mail, lane, queue to sekisho_app, sekisho_operator;

-- The gateway serves all tenants; the application sees one tenant at a time.
alter table mail enable row level security;
alter table mail force row level security;
alter table lane enable row level security;
alter table lane force row level security;
alter table body enable row level security;
alter table body force row level security;
alter table queue enable row level security;
alter table queue force row level security;

create policy gateway on mail to sekisho_gateway using (true);
create policy gateway on lane to sekisho_gateway using (true);
create policy gateway on body to sekisho_gateway using (true);
create policy gateway on queue to sekisho_gateway using (true);
create policy operator on mail for select to sekisho_operator using (true);
create policy operator on lane for select to sekisho_operator using (true);
create policy operator on queue for select to sekisho_operator using (true);
create policy tenant on mail for select to sekisho_app
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on lane for select to sekisho_app
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy tenant on queue for select to sekisho_app
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
