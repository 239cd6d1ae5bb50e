create table sample (id int primary key, tenant_id uuid not null, words text not null);
alter table sample enable row level security;
alter table sample force row level security;
create policy gateway on sample to sekisho_gateway using (true);
create policy tenant on sample to sekisho_app
    using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on sample to sekisho_gateway, sekisho_app;
