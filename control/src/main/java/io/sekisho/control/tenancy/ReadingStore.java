package io.sekisho.control.tenancy;

import io.sekisho.control.tenancy.TenantReader.Audited;
import io.sekisho.control.tenancy.TenantReader.Domain;
import io.sekisho.control.tenancy.TenantReader.Tenant;
import io.sekisho.gateway.policy.Route;
import io.sekisho.mail.address.DomainName;
import io.sekisho.smtp.client.NextHop;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what {@link TenantReader} shows. */
record ReadingStore(JdbcClient db) {
    private static final String TENANT = "select " + TenantStore.CONTRACT
            + ", t.id, t.name, t.title, t.state, t.plus_addressing from tenant t join contract c on c.tenant_id = t.id";

    List<Tenant> tenants(String after, int limit) {
        return db.sql(TENANT + " where t.name > ? order by t.name limit ?")
                .params(after, limit)
                .query((r, n) -> read(r))
                .list();
    }

    Optional<Tenant> tenant(String name) {
        return db.sql(TENANT + " where t.name = ?")
                .param(name)
                .query((r, n) -> read(r))
                .optional();
    }

    private static Tenant read(ResultSet r) throws SQLException {
        return new Tenant(
                r.getObject("id", UUID.class),
                r.getString("name"),
                r.getString("title"),
                r.getString("state").equals("suspended"),
                r.getBoolean("plus_addressing"),
                TenantStore.contract(r));
    }

    List<Domain> domains(UUID tenant, String after, int limit) {
        return db.sql("select name, state, recipients, learned_until, alias_of,"
                        + " (select count(*) from recipient r where r.tenant_id = d.tenant_id and r.domain = d.name)"
                        + " from domain d where tenant_id = ? and name > ? order by name limit ?")
                .params(tenant, after, limit)
                .query((r, n) -> domain(r, routes(tenant, r.getString(1))))
                .list();
    }

    private List<Route> routes(UUID tenant, String domain) {
        return db.sql("select host, port, preference from route where tenant_id = ? and domain = ?"
                        + " order by preference, host, port")
                .params(tenant, domain)
                .query((r, n) -> new Route(r.getInt(3), new NextHop(r.getString(1), r.getInt(2))))
                .list();
    }

    private static Domain domain(ResultSet r, List<Route> routes) throws SQLException {
        OffsetDateTime until = r.getObject(4, OffsetDateTime.class);
        return new Domain(
                new DomainName(r.getString(1)),
                r.getString(2),
                r.getString(3),
                until == null ? null : until.toInstant(),
                r.getString(5),
                routes,
                r.getLong(6));
    }

    List<String> recipients(UUID tenant, DomainName domain, String after, int limit) {
        return db.sql("select spelling || coalesce(' alias of ' || alias_of, '') from recipient"
                        + " where tenant_id = ? and domain = ? and local_part > ? order by local_part limit ?")
                .params(tenant, domain.ascii(), after, limit)
                .query((r, n) -> r.getString(1))
                .list();
    }

    List<Audited> audit(UUID tenant, long before, int limit) {
        return db.sql("select seq, at, actor, change, object, before, after from audit"
                        + " where tenant_id = ? and seq < ? order by seq desc limit ?")
                .params(tenant, before, limit)
                .query((r, n) -> new Audited(
                        r.getLong(1),
                        r.getObject(2, OffsetDateTime.class).toInstant(),
                        r.getString(3),
                        r.getString(4),
                        r.getString(5),
                        r.getString(6),
                        r.getString(7)))
                .list();
    }
}
