package io.sekisho.control.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.control.tenancy.ChangeResult.Refusal;
import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.PublishedSettings;
import io.sekisho.gateway.policy.RateLimit;
import io.sekisho.gateway.policy.RateLimits;
import io.sekisho.gateway.policy.RecipientMode;
import io.sekisho.gateway.policy.Recipients.Presence;
import io.sekisho.gateway.policy.Route;
import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.gateway.policy.SettingsLimits;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.report.ReportLanguage;
import io.sekisho.smtp.client.NextHop;
import io.sekisho.testkit.db.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TenantsTest {
    private static final Instant NOW = Instant.parse("2026-11-25T03:00:00Z");
    private static final UUID HAKONE = new UUID(0, 1);
    private static final UUID ARAI = new UUID(0, 2);
    private static final DomainName DOMAIN = new DomainName("hakone.example");
    private static final DomainName SECOND = new DomainName("hakone.test");
    private static final Actor OPERATOR = new Actor.Operator("taro");
    private static final TestDatabase TEST = TestDatabase.fresh(
            new TestDatabase.Migration("gateway", "classpath:db/gateway"),
            new TestDatabase.Migration("control", "classpath:db/control"));

    private final Tenants tenants = new Tenants(TEST.database(), () -> NOW);
    private final TenantReader reader = new TenantReader(TEST.database());
    private final PublishedSettings published = new PublishedSettings(
            TEST.gateway(), new RoutingTable(List.of()), new SplittableRandom(1), () -> NOW, SettingsLimits.DEFAULT);

    @AfterAll
    static void close() throws Exception {
        TEST.close();
    }

    @BeforeEach
    void twoTenants() throws SQLException {
        try (Connection c = TEST.superuser();
                Statement s = c.createStatement()) {
            s.execute(
                    "truncate tenant, domain, domain_owner, route, recipient, learned, settings_change, contract, audit, contact");
        }
        done(HAKONE, new Change.Create("hakone", "箱根旅館"));
        done(ARAI, new Change.Create("arai", "Arai"));
        done(HAKONE, new Change.ClaimDomain(DOMAIN));
    }

    private int done(UUID tenant, Change change) {
        return assertInstanceOf(ChangeResult.Done.class, tenants.change(OPERATOR, tenant, change))
                .changed();
    }

    private Refusal refused(UUID tenant, Change change) {
        return assertInstanceOf(ChangeResult.Refused.class, tenants.change(OPERATOR, tenant, change))
                .why();
    }

    private static List<Mailbox> mailboxes(String... localParts) {
        return java.util.Arrays.stream(localParts)
                .map(l -> new Mailbox(l, "hakone.example"))
                .toList();
    }

    private static Change route(int preference) {
        return new Change.PutRoute(DOMAIN, new Route(preference, new NextHop("mx.hakone.example", 25)));
    }

    @Test
    void aDomainIsRoutedWhenItIsProvenAndNotBefore() {
        done(HAKONE, route(10));
        done(HAKONE, new Change.AddRecipients(DOMAIN, mailboxes("Hanako")));
        published.step();
        assertTrue(published.get().inSetUp("hakone.example"));
        done(HAKONE, new Change.ProveDomain(DOMAIN, "by telephone"));
        published.step();
        DomainRoute domain = Objects.requireNonNull(published.get().find("hakone.example"));
        assertEquals(HAKONE, domain.tenant());
        assertEquals(Presence.THERE, domain.find(new Mailbox("hanako", "hakone.example")));
        done(HAKONE, new Change.Suspend(true));
        published.step();
        assertTrue(Objects.requireNonNull(published.get().find("hakone.example"))
                .policy()
                .suspended());
    }

    @Test
    void oneTenantOnlyCanHaveADomainProven() {
        done(ARAI, new Change.ClaimDomain(DOMAIN));
        done(HAKONE, new Change.ProveDomain(DOMAIN, "x"));
        assertEquals(Refusal.TAKEN, refused(ARAI, new Change.ProveDomain(DOMAIN, "x")));
        done(HAKONE, new Change.RemoveDomain(DOMAIN));
        done(ARAI, new Change.ProveDomain(DOMAIN, "x"));
    }

    @Test
    void contactsHaveTheirLanguage() {
        Mailbox hanako = new Mailbox("hanako", "hakone.example");
        done(HAKONE, new Change.PutContact(hanako, ReportLanguage.JAPANESE));
        assertEquals(0, done(HAKONE, new Change.PutContact(hanako, ReportLanguage.JAPANESE)));
        done(HAKONE, new Change.PutContact(hanako, ReportLanguage.BOTH));
        assertEquals(List.of(new TenantReader.Contact(hanako, ReportLanguage.BOTH)), reader.contacts(HAKONE));
        assertEquals(List.of(), reader.contacts(ARAI));
        assertEquals(Refusal.NOT_FOUND, refused(ARAI, new Change.RemoveContact(hanako)));
        done(HAKONE, new Change.RemoveContact(hanako));
        assertEquals(List.of(), reader.contacts(HAKONE));
        for (int i = 0; i < 20; i++) {
            done(HAKONE, new Change.PutContact(new Mailbox("a" + i, "hakone.example"), ReportLanguage.ENGLISH));
        }
        assertEquals(Refusal.INVALID, refused(HAKONE, new Change.PutContact(hanako, ReportLanguage.ENGLISH)));
    }

    @Test
    void whatWasSoAlreadyIsNoChangeAndNotInTheAudit() {
        int before = reader.audit(HAKONE, Long.MAX_VALUE, 100).size();
        assertEquals(0, done(HAKONE, new Change.ClaimDomain(DOMAIN)));
        assertEquals(0, done(HAKONE, new Change.PlusAddressing(false)));
        done(HAKONE, route(10));
        assertEquals(0, done(HAKONE, route(10)));
        assertEquals(before + 1, reader.audit(HAKONE, Long.MAX_VALUE, 100).size());
    }

    @Test
    void theAuditHasWhoWhatAndBothValues() {
        done(HAKONE, route(10));
        done(HAKONE, route(20));
        TenantReader.Audited line = reader.audit(HAKONE, Long.MAX_VALUE, 1).getFirst();
        assertEquals("operator taro", line.actor());
        assertEquals("PutRoute", line.change());
        assertEquals("hakone.example route mx.hakone.example:25", line.object());
        assertEquals("10", line.before());
        assertEquals("20", line.after());
    }

    @Test
    void anAdministratorChangesItsOwnTenantAndNothingThatIsTheOperators() {
        Actor hanako = new Actor.Administrator(HAKONE, "hanako@hakone.example");
        assertInstanceOf(ChangeResult.Done.class, tenants.change(hanako, HAKONE, new Change.Rename("Hakone Inn")));
        for (Change change : List.of(new Change.Suspend(true), new Change.Order(Contract.DEFAULT))) {
            assertEquals(
                    Refusal.FORBIDDEN,
                    assertInstanceOf(ChangeResult.Refused.class, tenants.change(hanako, HAKONE, change))
                            .why());
        }
        assertEquals(
                Refusal.FORBIDDEN,
                assertInstanceOf(ChangeResult.Refused.class, tenants.change(hanako, ARAI, new Change.Rename("x")))
                        .why());
    }

    @Test
    void theContractBindsAndARefusedChangeChangesNothing() {
        done(HAKONE, new Change.Order(new Contract(EnumSet.of(Service.OUTBOUND), 1, 2, RateLimits.DEFAULT)));
        assertEquals(Refusal.CONTRACT, refused(HAKONE, new Change.ClaimDomain(SECOND)));
        assertEquals(Refusal.CONTRACT, refused(HAKONE, new Change.ProveDomain(DOMAIN, "x")));
        assertEquals(Refusal.CONTRACT, refused(HAKONE, new Change.AddRecipients(DOMAIN, mailboxes("a", "b", "c"))));
        assertEquals(List.of(), reader.recipients(HAKONE, DOMAIN, "", 10));
        done(HAKONE, new Change.AddRecipients(DOMAIN, mailboxes("a", "b", "B")));
        assertEquals(List.of("a", "b"), reader.recipients(HAKONE, DOMAIN, "", 10));
    }

    @Test
    void theRatesOfTheContractAreInForceWithTheNextPoll() {
        done(HAKONE, new Change.ProveDomain(DOMAIN, "x"));
        published.step();
        assertEquals(RateLimits.DEFAULT, rates());
        RateLimits other =
                new RateLimits(new RateLimit.None(), new RateLimit.PerMinute(7), new RateLimit.PerMinute(1_000_000));
        Contract contract = new Contract(EnumSet.allOf(Service.class), 100, 100_000, other);
        assertEquals(1, done(HAKONE, new Change.Order(contract)));
        assertEquals(0, done(HAKONE, new Change.Order(contract)));
        assertEquals(contract, reader.tenant("hakone").orElseThrow().contract());
        assertEquals(Contract.DEFAULT, reader.tenant("arai").orElseThrow().contract());
        assertEquals(RateLimits.DEFAULT, rates());
        published.step();
        assertEquals(other, rates());
        TenantReader.Audited line = reader.audit(HAKONE, Long.MAX_VALUE, 1).getFirst();
        assertTrue(
                Objects.requireNonNull(line.before()).contains("messages-per-minute=60000"), () -> "" + line.before());
        assertTrue(
                Objects.requireNonNull(line.after())
                        .endsWith("messages-per-minute=none messages-per-minute-per-address=7"
                                + " messages-per-minute-per-recipient=1000000"),
                () -> "" + line.after());
    }

    private RateLimits rates() {
        return Objects.requireNonNull(published.get().find("hakone.example"))
                .policy()
                .rates();
    }

    @Test
    void aListIsAddedToTakenFromAndReplaced() {
        assertEquals(2, done(HAKONE, new Change.AddRecipients(DOMAIN, mailboxes("Hanako", "taro"))));
        assertEquals(1, done(HAKONE, new Change.AddRecipients(DOMAIN, mailboxes("hanako", "jiro"))));
        done(
                HAKONE,
                new Change.AddAlias(new Mailbox("flower", "hakone.example"), new Mailbox("hanako", "hakone.example")));
        assertEquals(
                List.of("flower alias of hanako@hakone.example", "Hanako", "jiro", "taro"),
                reader.recipients(HAKONE, DOMAIN, "", 10));
        assertEquals(2, done(HAKONE, new Change.RemoveRecipients(DOMAIN, mailboxes("HANAKO"))), "its alias goes too");
        assertEquals(3, done(HAKONE, new Change.ReplaceRecipients(DOMAIN, mailboxes("taro", "goro", "saburo"))));
        assertEquals(List.of("goro", "saburo", "taro"), reader.recipients(HAKONE, DOMAIN, "", 10));
        assertEquals(List.of("saburo"), reader.recipients(HAKONE, DOMAIN, "goro", 1));
        assertEquals(
                Refusal.INVALID,
                refused(HAKONE, new Change.AddRecipients(DOMAIN, List.of(new Mailbox("x", "arai.example")))));
    }

    @Test
    void anAliasOfADomainMeansTheOtherOne() {
        done(HAKONE, new Change.ClaimDomain(SECOND));
        done(HAKONE, new Change.ProveDomain(DOMAIN, "x"));
        done(HAKONE, new Change.ProveDomain(SECOND, "x"));
        done(HAKONE, new Change.DomainAlias(SECOND, DOMAIN));
        assertEquals(Refusal.INVALID, refused(HAKONE, new Change.DomainAlias(DOMAIN, SECOND)));
        assertEquals(Refusal.IN_USE, refused(HAKONE, new Change.RemoveDomain(DOMAIN)));
        published.step();
        assertEquals(
                DOMAIN,
                Objects.requireNonNull(published.get().find("hakone.test")).domain());
        done(HAKONE, new Change.DomainAlias(SECOND, null));
        published.step();
        assertEquals(
                SECOND,
                Objects.requireNonNull(published.get().find("hakone.test")).domain());
    }

    @Test
    void whatIsNotThereOrMakesNoSenseIsRefused() {
        assertEquals(Refusal.NOT_FOUND, refused(new UUID(0, 3), new Change.Rename("x")));
        assertEquals(Refusal.NOT_FOUND, refused(ARAI, route(10)));
        assertEquals(Refusal.NOT_FOUND, refused(HAKONE, new Change.RemoveRoute(DOMAIN, new NextHop("mx.example", 25))));
        assertEquals(Refusal.INVALID, refused(HAKONE, route(65536)));
        assertEquals(Refusal.INVALID, refused(new UUID(0, 3), new Change.Create("No Name", "x")));
        assertEquals(Refusal.TAKEN, refused(new UUID(0, 3), new Change.Create("hakone", "x")));
        assertEquals(
                Refusal.INVALID, refused(HAKONE, new Change.UnlistedRecipients(DOMAIN, RecipientMode.LEARNED, null)));
    }

    @Test
    void learnedRecipientsAreListedAndAudited() {
        done(HAKONE, new Change.ProveDomain(DOMAIN, "x"));
        done(HAKONE, new Change.UnlistedRecipients(DOMAIN, RecipientMode.LEARNED, NOW.plus(Duration.ofDays(14))));
        published.step();
        DomainRoute domain = Objects.requireNonNull(published.get().find("hakone.example"));
        assertEquals(RecipientMode.LEARNED, domain.modeAt(NOW));
        published.learned(domain, new Mailbox("Taro", "hakone.example"));
        LearnedRecipients job = new LearnedRecipients(TEST.database(), tenants);
        assertEquals(1, job.step());
        assertEquals(0, job.step());
        assertEquals(List.of("Taro"), reader.recipients(HAKONE, DOMAIN, "", 10));
        assertEquals(
                "sekisho learning",
                reader.audit(HAKONE, Long.MAX_VALUE, 1).getFirst().actor());
        published.step();
        assertEquals(Presence.THERE, domain.find(new Mailbox("taro", "hakone.example")));
    }

    @Test
    void listsGoInPages() {
        assertEquals(
                List.of("arai", "hakone"),
                reader.tenants("", 10).stream().map(TenantReader.Tenant::name).toList());
        assertEquals(
                List.of("hakone"),
                reader.tenants("arai", 10).stream()
                        .map(TenantReader.Tenant::name)
                        .toList());
        assertEquals("箱根旅館", reader.tenant("hakone").orElseThrow().title());
        done(HAKONE, new Change.ClaimDomain(SECOND));
        assertEquals(
                SECOND, reader.domains(HAKONE, "hakone.example", 10).getFirst().name());
    }
}
