package io.sekisho.gateway.signing;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dkim.key.DkimAlgorithm;
import io.sekisho.mail.dkim.key.KeyMaker;
import io.sekisho.mail.dkim.key.KeyRecord;
import io.sekisho.mail.dkim.key.RotationLimits;
import io.sekisho.mail.dkim.key.SigningKey;
import io.sekisho.platform.secret.MasterKeyException;
import io.sekisho.platform.secret.MasterKeyFile;
import io.sekisho.platform.secret.SecretBox;
import io.sekisho.testkit.db.TestDatabase;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/** A domain, its DNS and its keys, with a clock that is moved by hand. */
final class SigningFixture {
    static final DomainName DOMAIN = new DomainName("gate.example");
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final RotationLimits LIMITS = RotationLimits.DEFAULT;

    final Zone zone = new Zone();
    final SecureRandom random = new SecureRandom();
    final TestDatabase database;
    final Path secrets;
    final KeyRecords records;
    Instant now = START;

    SigningFixture(TestDatabase database, Path secrets) {
        this.database = database;
        this.secrets = secrets;
        this.records = new KeyRecords(database.database().operator(), () -> now, LIMITS);
    }

    /** A node that has just started. */
    DkimKeys node() {
        return node(database.gateway());
    }

    DkimKeys node(DataSource gateway) {
        try {
            SecretBox box = new SecretBox(new MasterKeyFile(secrets, random).open(), random);
            return new DkimKeys(gateway, DOMAIN, box, new KeyMaker(random), zone, () -> now, LIMITS);
        } catch (MasterKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    List<PublishedKey> toPublish() throws SQLException {
        return records.of(DOMAIN);
    }

    void publishAll() throws SQLException {
        toPublish().forEach(zone::publish);
    }

    /** Whether a verifier that asks the DNS now takes what the key signs. */
    boolean verifies(SigningKey key) {
        KeyRecord record = KeyRecord.parse(zone.text(key.selector().recordName(DOMAIN)));
        PublicKey shown = record == null ? null : record.publicKey();
        byte[] input = {1, 2, 3};
        return shown != null
                && Objects.requireNonNull(record).algorithm() == key.algorithm()
                && key.algorithm().verify(shown, input, key.algorithm().sign(key.key(), input));
    }

    /** The selectors that sign, as text. */
    static String signing(DkimKeys node) {
        return String.join(
                " ", node.active().stream().map(key -> key.selector().name()).toList());
    }

    List<String> states(DkimAlgorithm algorithm) throws SQLException {
        return toPublish().stream()
                .filter(key -> key.algorithm() == algorithm)
                .map(key -> key.name().substring(0, key.name().indexOf('.')) + " "
                        + key.state().words())
                .toList();
    }

    void run(String sql) throws SQLException {
        try (Connection c = database.superuser();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }
}
