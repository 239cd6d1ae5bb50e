-- Keys that sign the mail we write ourselves (RFC 6376), under the mail domain of our host name. That domain is no tenant's,
-- so there is no tenant_id. The private key is sealed with the master key, which is not in the database; only the gateway
-- can read the sealed form.
create table dkim_key (
    domain       text        not null,
    selector     text        not null,
    algorithm    text        not null check (algorithm in ('rsa-sha256', 'ed25519-sha256')),
    created_at   timestamptz not null,
    seen_at      timestamptz, -- when DNS first showed the record as it was made
    active_from  timestamptz,
    retired_at   timestamptz,
    key_record   text        not null, -- what is to be published at selector._domainkey.domain
    sealed       bytea       not null,
    primary key (domain, selector, algorithm)
);

grant select, insert, update, delete on dkim_key to sekisho_gateway;
grant select (domain, selector, algorithm, created_at, seen_at, active_from, retired_at, key_record)
    on dkim_key to sekisho_operator;
