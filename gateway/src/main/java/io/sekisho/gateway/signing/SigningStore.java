package io.sekisho.gateway.signing;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dkim.key.DkimAlgorithm;
import io.sekisho.mail.dkim.key.DkimKey;
import io.sekisho.mail.dkim.key.KeyRecord;
import io.sekisho.mail.dkim.key.Selector;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The table {@code dkim_key}. */
final class SigningStore {
    private static final String OPEN_COLUMNS =
            "selector, algorithm, created_at, active_from, retired_at, key_record, seen_at";

    private final DataSource login;

    /** @param login connections of the gateway; those of the operator are enough for {@link #published} */
    SigningStore(DataSource login) {
        this.login = login;
    }

    /** All keys of the domain. */
    List<StoredKey> keys(DomainName domain) throws SQLException {
        try (Connection c = login.getConnection()) {
            return keys(c, domain);
        }
    }

    /** All keys of the domain without their secrets, for those who may not see even the sealed ones. */
    List<StoredKey> published(DomainName domain) throws SQLException {
        try (Connection c = login.getConnection();
                PreparedStatement s = c.prepareStatement("select " + OPEN_COLUMNS
                        + " from dkim_key where domain = ? order by algorithm desc, created_at, selector")) {
            s.setString(1, domain.ascii());
            List<StoredKey> keys = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    keys.add(key(r, new byte[0]));
                }
            }
            return keys;
        }
    }

    private static List<StoredKey> keys(Connection c, DomainName domain) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("select " + OPEN_COLUMNS
                + ", sealed from dkim_key where domain = ? order by algorithm desc, created_at, selector")) {
            s.setString(1, domain.ascii());
            List<StoredKey> keys = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    keys.add(key(r, r.getBytes(8)));
                }
            }
            return keys;
        }
    }

    private static StoredKey key(ResultSet r, byte[] sealed) throws SQLException {
        DkimAlgorithm algorithm = DkimAlgorithm.ofTag(r.getString(2));
        Instant created = instant(r, 3);
        KeyRecord record = KeyRecord.parse(r.getString(6));
        if (algorithm == null || created == null || record == null) {
            throw new SQLException("a row of dkim_key is not one that we wrote: " + r.getString(1));
        }
        DkimKey key = new DkimKey(new Selector(r.getString(1)), algorithm, created, instant(r, 4), instant(r, 5));
        return new StoredKey(key, record, sealed, instant(r, 7));
    }

    private static @Nullable Instant instant(ResultSet r, int column) throws SQLException {
        OffsetDateTime at = r.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    /**
     * Changes the keys of the domain, in one transaction; other nodes that want to wait until it is over.
     *
     * @param change gets the keys as they are and returns them as they are to be; those it leaves out are deleted
     * @return the keys as they are then
     */
    List<StoredKey> change(DomainName domain, UnaryOperator<List<StoredKey>> change) throws SQLException {
        try (Connection c = login.getConnection()) {
            c.setAutoCommit(false);
            try {
                lock(c, domain);
                List<StoredKey> before = keys(c, domain);
                List<StoredKey> after = change.apply(before);
                for (StoredKey key : before) {
                    if (after.stream().noneMatch(other -> sameRow(key, other))) {
                        delete(c, domain, key);
                    }
                }
                for (StoredKey key : after) {
                    if (before.stream().noneMatch(other -> sameRow(key, other))) {
                        insert(c, domain, key);
                    } else if (!before.contains(key)) {
                        update(c, domain, key);
                    }
                }
                c.commit();
                return after;
            } catch (SQLException | RuntimeException e) {
                rollback(c, e);
                throw e;
            }
        }
    }

    private static void rollback(Connection c, Exception cause) {
        try {
            c.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static boolean sameRow(StoredKey one, StoredKey two) {
        return one.selector().equals(two.selector())
                && one.key().algorithm() == two.key().algorithm();
    }

    private static void lock(Connection c, DomainName domain) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("select pg_advisory_xact_lock(hashtext(?))")) {
            s.setString(1, "dkim_key " + domain);
            s.execute();
        }
    }

    private static void insert(Connection c, DomainName domain, StoredKey key) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(
                "insert into dkim_key (seen_at, active_from, retired_at, sealed, domain, selector, algorithm, created_at,"
                        + " key_record) values (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            changing(s, domain, key);
            s.setObject(8, time(key.key().created()));
            s.setString(9, key.record().text());
            s.executeUpdate();
        }
    }

    private static void update(Connection c, DomainName domain, StoredKey key) throws SQLException {
        try (PreparedStatement s =
                c.prepareStatement("update dkim_key set seen_at = ?, active_from = ?, retired_at = ?, sealed = ?"
                        + " where domain = ? and selector = ? and algorithm = ?")) {
            changing(s, domain, key);
            s.executeUpdate();
        }
    }

    private static void changing(PreparedStatement s, DomainName domain, StoredKey key) throws SQLException {
        s.setObject(1, time(key.seenAt()));
        s.setObject(2, time(key.key().activeFrom()));
        s.setObject(3, time(key.key().retiredAt()));
        s.setBytes(4, key.sealed());
        s.setString(5, domain.ascii());
        s.setString(6, key.selector().name());
        s.setString(7, key.key().algorithm().tag());
    }

    private static void delete(Connection c, DomainName domain, StoredKey key) throws SQLException {
        try (PreparedStatement s =
                c.prepareStatement("delete from dkim_key where domain = ? and selector = ? and algorithm = ?")) {
            s.setString(1, domain.ascii());
            s.setString(2, key.selector().name());
            s.setString(3, key.key().algorithm().tag());
            s.executeUpdate();
        }
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant at) {
        return at == null ? null : OffsetDateTime.ofInstant(at, ZoneOffset.UTC);
    }
}
