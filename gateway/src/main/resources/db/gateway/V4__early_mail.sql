-- Mail that came for domains still in set-up and was put off. Those who set them up are told.
create table early_mail (
    tenant_id    uuid        not null,
    domain       text        not null,
    first_at     timestamptz not null,
    last_at      timestamptz not null,
    recipients   bigint      not null,
    primary key (tenant_id, domain)
);

grant select, insert, update on early_mail to sekisho_gateway;
grant select, delete on early_mail to sekisho_app;
grant select on early_mail to sekisho_operator;

alter table early_mail enable row level security;
alter table early_mail force row level security;
create policy gateway on early_mail to sekisho_gateway using (true) with check (true);
create policy operator on early_mail for select to sekisho_operator using (true);
create policy tenant on early_mail to sekisho_app
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

-- Held mail is few: what a tenant is told of, and what its administrator looks at.
create index mail_held on mail (tenant_id, ended_at) where state = 'held';
