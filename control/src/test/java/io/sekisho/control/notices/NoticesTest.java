package io.sekisho.control.notices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.control.tenancy.Actor;
import io.sekisho.control.tenancy.Change;
import io.sekisho.control.tenancy.ChangeResult;
import io.sekisho.control.tenancy.Tenants;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.report.ReportLanguage;
import io.sekisho.testkit.db.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NoticesTest {
    private static final Instant NOW = Instant.parse("2026-11-25T03:00:00Z");
    private static final UUID HAKONE = new UUID(0, 1);
    private static final UUID ARAI = new UUID(0, 2);
    private static final DomainName DOMAIN = new DomainName("hakone.example");
    private static final Mailbox HANAKO = new Mailbox("hanako", "elsewhere.example");
    private static final TestDatabase TEST = TestDatabase.fresh(
            new TestDatabase.Migration("gateway", "classpath:db/gateway"),
            new TestDatabase.Migration("control", "classpath:db/control"));

    private record Sent(UUID tenant, Mailbox to, String subject, String text) {}

    private final List<Sent> sent = new ArrayList<>();
    private boolean full;
    private Instant now = NOW;
    private final Tenants tenants = new Tenants(TEST.database(), () -> now);
    private final Notices notices = new Notices(
            TEST.database(), this::take, "mx.gate.example", ZoneId.of("Asia/Tokyo"), () -> now, NoticeLimits.DEFAULT);

    private void take(UUID tenant, Mailbox to, ReportLanguage language, String subject, String text)
            throws IOException {
        if (full) {
            throw new IOException("the disk is full");
        }
        sent.add(new Sent(tenant, to, subject, text));
    }

    @AfterAll
    static void close() throws Exception {
        TEST.close();
    }

    private static void sql(String text) {
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement()) {
            s.execute(text);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void twoTenants() {
        sql("truncate tenant, domain, domain_owner, route, recipient, learned, settings_change, contract, audit,"
                + " contact, notice, early_mail, mail");
        sql("select ensure_mail_partition('2026-11-25')");
        for (UUID tenant : List.of(HAKONE, ARAI)) {
            done(tenant, new Change.Create("t" + tenant.getLeastSignificantBits(), "x"));
            done(tenant, new Change.ClaimDomain(DOMAIN));
        }
        done(HAKONE, new Change.PutContact(HANAKO, ReportLanguage.BOTH));
    }

    private void done(UUID tenant, Change change) {
        Assertions.assertInstanceOf(
                ChangeResult.Done.class, tenants.change(new Actor.Operator("taro"), tenant, change));
    }

    private void early(UUID tenant) {
        sql("insert into early_mail values ('" + tenant + "', 'hakone.example', '" + NOW + "', '" + now + "', 3)"
                + " on conflict (tenant_id, domain) do update set last_at = excluded.last_at, recipients = 7");
    }

    private void held(UUID tenant, int id, String mailbox, String sender, String reply) throws SQLException {
        try (Connection c = TEST.superuser();
                PreparedStatement s = c.prepareStatement(
                        "insert into mail (day, id, recipient, tenant_id, received_at, peer, helo, sender, mailbox, size,"
                                + " destination, state, attempts, reason, ended_at, reply) values ('2026-11-25', ?, 0, ?,"
                                + " now(), '192.0.2.1', 'x', ?, ?, 1, 'x', 'held', 1, 'ROUTE_REFUSED', ?, ?)")) {
            s.setObject(1, new UUID(1, id));
            s.setObject(2, tenant);
            s.setString(3, sender);
            s.setString(4, mailbox);
            s.setObject(5, OffsetDateTime.ofInstant(now, ZoneOffset.UTC));
            s.setString(6, reply);
            s.executeUpdate();
        }
    }

    @Test
    void whoSetsADomainUpIsToldOfItsMailOnceADay() {
        early(HAKONE);
        early(ARAI);
        assertEquals(1, notices.step(), "Arai has no contact");
        assertEquals(HANAKO, sent.getFirst().to());
        assertEquals(HAKONE, sent.getFirst().tenant());
        assertTrue(sent.getFirst().subject().startsWith("hakone.example 宛のメールが待機しています"));
        assertTrue(
                sent.getFirst().text().contains("2026年11月25日 12時00分"),
                sent.getFirst().text());
        assertTrue(sent.getFirst().text().contains("3 recipients so far"));
        now = now.plus(Duration.ofHours(23));
        early(HAKONE);
        assertEquals(0, notices.step());
        now = now.plus(Duration.ofHours(2));
        early(HAKONE);
        assertEquals(1, notices.step());
        now = now.plus(Duration.ofDays(2));
        assertEquals(0, notices.step(), "no more has come");
    }

    @Test
    void aProvenDomainIsNoNewsAnyMore() {
        early(HAKONE);
        done(HAKONE, new Change.ProveDomain(DOMAIN, "by telephone"));
        assertEquals(0, notices.step());
    }

    @Test
    void heldMailIsToldWithWhatTheServerSaid() throws SQLException {
        for (int i = 0; i < 12; i++) {
            now = NOW.plusSeconds(i);
            held(HAKONE, i, "taro" + i + "@hakone.example", "alice@sender.example", "550 5.7.1 no\u202e thanks");
        }
        held(ARAI, 99, "misaki@arai.example", "alice@sender.example", "550 no");
        assertEquals(0, notices.step(), "rows of the last seconds may not all be there");
        now = NOW.plusSeconds(60);
        assertEquals(1, notices.step());
        String text = sent.getFirst().text();
        assertTrue(text.contains("550 5.7.1 no  thanks"), text);
        assertTrue(text.contains("and 2 more"), text);
        assertTrue(text.contains("ほか 2 通"), text);
        assertTrue(text.contains("taro11@hakone.example") && !text.contains("taro1@"), "the newest of them");
        assertFalse(text.contains("misaki"), "nobody else's");
        now = NOW.plusSeconds(120);
        held(HAKONE, 200, "jiro@hakone.example", "alice@sender.example", "550 no");
        now = NOW.plus(Duration.ofHours(3));
        assertEquals(0, notices.step());
        now = NOW.plus(Duration.ofHours(5));
        assertEquals(1, notices.step());
        assertTrue(sent.getLast().subject().contains("1 message is held"));
    }

    @Test
    void aNoticeThatIsHeldIsNotToldOf() throws SQLException {
        held(HAKONE, 1, HANAKO.toString(), "", "no such domain");
        now = NOW.plusSeconds(60);
        assertEquals(0, notices.step());
    }

    @Test
    void whatCannotBeTakenNowIsToldLater() {
        early(HAKONE);
        full = true;
        assertEquals(0, notices.step());
        full = false;
        assertEquals(1, notices.step());
        assertEquals(1, sent.size());
    }
}
