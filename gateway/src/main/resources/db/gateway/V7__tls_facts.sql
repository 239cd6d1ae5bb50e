-- What TLS to mail servers out in the world came to, counted for TLS reports (RFC 8460 section 4). It is about other domains'
-- servers and says nothing of whose mail it was, so there is no tenant_id: a report goes to the owner of the policy domain and
-- must not tell one customer's mail from another's.
create table tls_fact (
    day            date        not null, -- UTC
    policy_domain  text        not null,
    policy_type    text        not null check (policy_type in ('tlsa', 'sts', 'no-policy-found')),
    policy_id      text        not null, -- digest of the two texts that follow
    policy         text        not null, -- the policy's strings, one a line
    mx_patterns    text        not null, -- of an MTA-STS policy, one a line
    mx_host        text        not null,
    receiving_ip   text        not null, -- empty when the host was not connected, because its policy forbids it
    result         text        not null check (result in ('success', 'starttls-not-supported', 'certificate-host-mismatch',
        'certificate-expired', 'certificate-not-trusted', 'validation-failure', 'tlsa-invalid', 'dnssec-invalid',
        'sts-policy-fetch-error', 'sts-policy-invalid', 'sts-webpki-invalid')),
    sessions       bigint      not null check (sessions > 0), -- attempts: a session counts once for each message it carried
    primary key (day, policy_domain, policy_type, policy_id, mx_host, receiving_ip, result)
);

grant select, insert, update, delete on tls_fact to sekisho_gateway;
grant select on tls_fact to sekisho_operator;
