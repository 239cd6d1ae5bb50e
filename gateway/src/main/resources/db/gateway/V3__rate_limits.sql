-- How many messages are taken a minute for a tenant: of its contract, set by the operator. Tenants that are there get the numbers
-- that new ones get; those have them from the program.
alter table tenant
    add column messages_per_minute                int default 60000 check (messages_per_minute between 1 and 1000000),
    add column messages_per_minute_per_address    int default 6000 check (messages_per_minute_per_address between 1 and 1000000),
    add column messages_per_minute_per_recipient  int default 300 check (messages_per_minute_per_recipient between 1 and 1000000);
alter table tenant
    alter column messages_per_minute drop default,
    alter column messages_per_minute_per_address drop default,
    alter column messages_per_minute_per_recipient drop default;
comment on column tenant.messages_per_minute is 'of all its domains together; null: no limit';
comment on column tenant.messages_per_minute_per_address is 'from one client address, or IPv6 network of 64 bits, to this tenant; null: no limit';
comment on column tenant.messages_per_minute_per_recipient is 'for one recipient; null: no limit';
