create table tried (n int primary key);
grant select, insert on tried to sekisho_gateway;
