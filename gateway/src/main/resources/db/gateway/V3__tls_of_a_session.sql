-- How the session was protected by which a message came: protocol and cipher, empty without TLS.
alter table body add column tls text not null default '';
