package io.sekisho.gateway.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.policy.Recipients.Presence;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.smtp.client.NextHop;
import io.sekisho.testkit.db.FailingDataSource;
import io.sekisho.testkit.db.Faults.Fault;
import io.sekisho.testkit.db.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedSettingsTest {
    private static final Instant NOW = Instant.parse("2026-11-25T03:00:00Z");
    private static final UUID HAKONE = new UUID(0, 1);
    private static final TestDatabase TEST =
            TestDatabase.fresh(new TestDatabase.Migration("gateway", "classpath:db/gateway"));
    private static final RoutingTable FIXED = new RoutingTable(List.of(DomainRoute.everyone(
            new DomainName("fixed.example"),
            new UUID(0, 9),
            List.of(new Route(0, new NextHop("mx.fixed.example", 25))))));

    @TempDir
    Path folder;

    private final FailingDataSource database = new FailingDataSource(TEST.gateway());
    private Instant now = NOW;
    private final PublishedSettings settings = settings();

    private PublishedSettings settings() {
        return new PublishedSettings(database, FIXED, new SplittableRandom(1), () -> now, SettingsLimits.DEFAULT);
    }

    @AfterAll
    static void close() throws Exception {
        TEST.close();
    }

    private static void run(String... statements) throws SQLException {
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement()) {
            for (String sql : statements) {
                s.execute(sql);
            }
        }
    }

    @BeforeEach
    void hakone() throws SQLException {
        run(
                "truncate tenant, domain, domain_owner, route, recipient, learned, settings_change",
                "insert into tenant values ('" + HAKONE + "', 'hakone', 'Hakone', 'active', false, now())",
                "insert into domain (tenant_id, name, state, recipients) values ('" + HAKONE
                        + "', 'hakone.example', 'proven', 'listed'), ('" + HAKONE
                        + "', 'new.example', 'claimed', 'listed')",
                "insert into route values ('" + HAKONE + "', 'hakone.example', 'mx.hakone.example', 25, 10)",
                recipient("hanako"),
                change("null"));
    }

    private static String recipient(String localPart) {
        return "insert into recipient values ('" + HAKONE + "', 'hakone.example', '" + localPart + "', '" + localPart
                + "', null, now())";
    }

    private static String change(String domain) {
        return "insert into settings_change (tenant_id, domain) values ('" + HAKONE + "', " + domain + ")";
    }

    private Presence find(String localPart) {
        return Objects.requireNonNull(settings.get().find("hakone.example"))
                .find(new Mailbox(localPart, "hakone.example"));
    }

    @Test
    void beforeTheFirstReadingOnlyTheFileIsKnownAndNothingElseIsDenied() {
        assertNotNull(settings.get().find("fixed.example"));
        assertNull(settings.get().find("hakone.example"));
        assertFalse(settings.get().complete());
        database.set((call, sql) -> Fault.BEFORE);
        settings.step();
        assertFalse(settings.get().complete());
    }

    @Test
    void provenDomainsAreRoutedAndClaimedOnesAreNot() {
        settings.step();
        assertTrue(settings.get().complete());
        DomainRoute hakone = settings.get().find("hakone.example");
        assertNotNull(hakone);
        assertEquals(List.of(new Route(10, new NextHop("mx.hakone.example", 25))), hakone.routes());
        assertNull(settings.get().find("new.example"));
        assertTrue(settings.get().inSetUp("new.example"));
        assertEquals(Presence.THERE, find("HANAKO"));
        assertEquals(Presence.NOT_THERE, find("taro"));
    }

    @Test
    void aChangeIsTakenWithTheNextStep() throws SQLException {
        settings.step();
        assertEquals(Presence.NOT_THERE, find("taro"));
        run(recipient("taro"), change("'hakone.example'"));
        assertEquals(Presence.NOT_THERE, find("taro"));
        settings.step();
        assertEquals(Presence.THERE, find("taro"));
        run("update domain set state = 'proven' where name = 'new.example'", change("null"));
        settings.step();
        assertNotNull(settings.get().find("new.example"));
        run("delete from domain where name = 'new.example'", change("null"));
        settings.step();
        assertNull(settings.get().find("new.example"));
    }

    @Test
    void anAliasHasTheEntryOfTheDomainItStandsFor() throws SQLException {
        run("update domain set state = 'proven', alias_of = 'hakone.example' where name = 'new.example'");
        settings.step();
        DomainRoute alias = settings.get().find("new.example");
        assertNotNull(alias);
        assertEquals("hakone.example", alias.destination().domain());
        assertEquals(Presence.THERE, alias.find(new Mailbox("hanako", "new.example")));
    }

    @Test
    void aGatewayThatWasAwayForLongReadsEverythingAnew() throws SQLException {
        settings.step();
        assertEquals(Presence.NOT_THERE, find("taro"));
        run(
                recipient("taro"),
                change("'hakone.example'"),
                change("null"),
                "delete from settings_change where seq < (select max(seq) from settings_change)");
        settings.step();
        assertEquals(Presence.THERE, find("taro"));
    }

    @Test
    void whileTheDatabaseIsDownWhatWasKnownHolds() throws SQLException {
        settings.step();
        assertEquals(Presence.THERE, find("hanako"));
        database.set((call, sql) -> Fault.BEFORE);
        settings.step();
        assertEquals(Presence.THERE, find("hanako"));
        database.set((call, sql) -> Fault.NONE);
        run(recipient("taro"), change("'hakone.example'"));
        settings.step();
        assertEquals(Presence.THERE, find("taro"));
    }

    @Test
    void aListThatCannotBeReadIsAskedForAgainAfterAWhile() {
        settings.step();
        database.set((call, sql) -> Fault.BEFORE);
        assertEquals(Presence.NOT_KNOWN_NOW, find("hanako"));
        database.set((call, sql) -> Fault.NONE);
        assertEquals(Presence.NOT_KNOWN_NOW, find("hanako"), "it was not read a moment ago");
        now = now.plus(SettingsLimits.DEFAULT.retry());
        assertEquals(Presence.THERE, find("hanako"));
    }

    @Test
    void learnedRecipientsAreNotedOnce() throws SQLException {
        settings.step();
        DomainRoute hakone = Objects.requireNonNull(settings.get().find("hakone.example"));
        settings.learned(hakone, new Mailbox("Taro", "hakone.example"));
        settings.learned(hakone, new Mailbox("taro", "hakone.example"));
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement();
                var r = s.executeQuery("select local_part || ' ' || spelling from learned")) {
            assertTrue(r.next());
            assertEquals("taro Taro", r.getString(1));
            assertFalse(r.next());
        }
    }

    /** Settings of another run of the program. @param up whether it has the database */
    private PublishedSettings restarted(boolean up) {
        database.set((call, sql) -> up ? Fault.NONE : Fault.BEFORE);
        return kept();
    }

    private PublishedSettings kept() {
        return new PublishedSettings(
                database,
                FIXED,
                new SettingsCache(folder.resolve("settings.cache"), CacheLimits.DEFAULT),
                new SplittableRandom(2),
                () -> now,
                SettingsLimits.DEFAULT);
    }

    private static Presence find(PublishedSettings settings, String localPart) {
        return Objects.requireNonNull(settings.get().find("hakone.example"))
                .find(new Mailbox(localPart, "hakone.example"));
    }

    @Test
    void aStartWithoutTheDatabaseHasTheLastKnownSettings() throws SQLException {
        run(
                "update tenant set messages_per_minute = 5, messages_per_minute_per_recipient = 2",
                "insert into domain (tenant_id, name, state, recipients) values ('" + HAKONE
                        + "', 'quiet.example', 'proven', 'listed'), ('" + HAKONE
                        + "', 'fixed.example', 'proven', 'listed')");
        PublishedSettings before = kept();
        before.save();
        before.step();
        assertEquals(Presence.THERE, find(before, "hanako"));
        before.save();
        PublishedSettings after = restarted(false);
        assertTrue(after.step() < 0);
        DomainRoute hakone = Objects.requireNonNull(after.get().find("hakone.example"));
        assertEquals(before.get().find("hakone.example"), hakone(hakone, before));
        assertEquals(
                new RateLimits(new RateLimit.PerMinute(5), new RateLimit.None(), new RateLimit.PerMinute(2)),
                hakone.policy().rates());
        assertEquals(Presence.THERE, find(after, "hanako"));
        assertEquals(Presence.NOT_THERE, find(after, "taro"));
        assertTrue(after.get().inSetUp("new.example"));
        // what was not known cannot be said to be nobody's
        assertFalse(after.get().complete());
        assertEquals(
                Presence.NOT_KNOWN_NOW,
                Objects.requireNonNull(after.get().find("quiet.example")).find(new Mailbox("a", "quiet.example")));
        assertEquals(
                new UUID(0, 9),
                Objects.requireNonNull(after.get().find("fixed.example")).tenant());
        after.save();
        assertEquals(Presence.THERE, find(restarted(false), "hanako"), "what nobody confirmed is not written");
    }

    /** The same domain but for the list, which is another object. */
    private static DomainRoute hakone(DomainRoute after, PublishedSettings before) {
        Recipients list =
                Objects.requireNonNull(before.get().find("hakone.example")).recipients();
        return new DomainRoute(
                after.domain(), after.policy(), after.routes(), after.mode(), after.learnedUntil(), list);
    }

    @Test
    void whatChangedMeanwhileIsInForceWhenTheDatabaseAnswers() throws SQLException {
        run(recipient("taro"));
        PublishedSettings before = kept();
        before.step();
        assertEquals(Presence.THERE, find(before, "taro"));
        before.save();
        run(
                "delete from recipient where local_part = 'taro'",
                recipient("jiro"),
                "update tenant set state = 'suspended'",
                "delete from domain where name = 'new.example'",
                change("null"));
        PublishedSettings after = restarted(false);
        assertEquals(Presence.THERE, find(after, "taro"));
        assertEquals(Presence.NOT_THERE, find(after, "jiro"));
        database.set((call, sql) -> Fault.NONE);
        after.step();
        assertTrue(after.get().complete());
        assertTrue(Objects.requireNonNull(after.get().find("hakone.example"))
                .policy()
                .suspended());
        assertFalse(after.get().inSetUp("new.example"));
        assertEquals(Presence.NOT_THERE, find(after, "taro"));
        assertEquals(Presence.THERE, find(after, "jiro"));
        after.save();
        assertEquals(Presence.THERE, find(restarted(false), "jiro"));
    }

    @Test
    void onceTheDatabaseHasAnsweredNoListComesFromTheCache() throws SQLException {
        PublishedSettings before = kept();
        before.step();
        assertEquals(Presence.THERE, find(before, "hanako"));
        before.save();
        run("delete from recipient", change("'hakone.example'"));
        PublishedSettings after = restarted(true);
        after.step();
        database.set((call, sql) -> Fault.BEFORE);
        assertEquals(Presence.NOT_KNOWN_NOW, find(after, "hanako"));
    }

    @Test
    void aDiskThatCannotBeWrittenStopsNothing() throws Exception {
        Files.writeString(folder.resolve("settings.cache"), "a file, not a folder");
        PublishedSettings full = kept();
        full.step();
        full.save();
        full.save();
        assertEquals(Presence.THERE, find(full, "hanako"));
        Files.delete(folder.resolve("settings.cache"));
        full.save();
        assertEquals(Presence.THERE, find(restarted(false), "hanako"));
    }
}
