package io.sekisho.control.tenancy;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a domain has learned and is not on its list yet. */
record LearnedStore(JdbcClient db, LearnedStore.Place place) {
    /** A domain that has learned something. */
    record Place(UUID tenant, String domain) {}

    /** An address. @param localPart the form it is compared by */
    record Address(String localPart, String spelling) {}

    static List<Place> places(JdbcClient all) {
        return all.sql("select distinct tenant_id, domain from learned")
                .query((r, n) -> new Place(r.getObject(1, UUID.class), r.getString(2)))
                .list();
    }

    List<Address> some(int limit) {
        return db.sql(
                        "select local_part, spelling from learned where tenant_id = ? and domain = ? order by local_part limit ?")
                .params(place.tenant(), place.domain(), limit)
                .query((r, n) -> new Address(r.getString(1), r.getString(2)))
                .list();
    }

    int forget(List<Address> addresses) {
        return db.sql("delete from learned where tenant_id = ? and domain = ? and local_part = any(?)")
                .params(
                        place.tenant(),
                        place.domain(),
                        addresses.stream().map(Address::localPart).toArray(String[]::new))
                .update();
    }
}
