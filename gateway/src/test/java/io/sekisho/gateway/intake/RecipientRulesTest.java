package io.sekisho.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.gateway.policy.PolicySnapshot;
import io.sekisho.gateway.policy.RateLimits;
import io.sekisho.gateway.policy.RecipientMode;
import io.sekisho.gateway.policy.Recipients;
import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecipientRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-25T03:00:00Z");
    private static final UUID HAKONE = new UUID(0, 1);
    private static final UUID ARAI = new UUID(0, 2);

    private final List<Mailbox> asked = new ArrayList<>();
    private final List<Mailbox> learned = new ArrayList<>();
    private final List<String> early = new ArrayList<>();
    private Instant now = NOW;
    private CallForward.Answer answer = CallForward.Answer.KNOWN;
    private Recipients.Presence others = Recipients.Presence.NOT_THERE;
    private final CallForward servers = (domain, mailbox) -> {
        asked.add(mailbox);
        return answer;
    };
    private final RecipientRules rules = new RecipientRules(
            new RememberedAnswers(servers, () -> now, CallForwardLimits.DEFAULT),
            (domain, mailbox) -> learned.add(mailbox),
            (domain, claimants) -> early.add(domain),
            () -> now);

    private Recipients.Presence find(Mailbox mailbox) {
        return mailbox.key().equals("hanako@hakone.example") ? Recipients.Presence.THERE : others;
    }

    private DomainRoute domain(PolicySnapshot policy, RecipientMode mode) {
        return new DomainRoute(
                new DomainName("hakone.example"),
                policy,
                List.of(),
                mode,
                mode == RecipientMode.LEARNED ? NOW.plus(Duration.ofDays(14)) : null,
                this::find);
    }

    private String reply(DomainRoute domain, @Nullable UUID pinned, String localPart, String at) {
        RoutingTable table = new RoutingTable(List.of(domain));
        return switch (rules.decide(table, pinned, new Mailbox(localPart, at))) {
            case RecipientRules.Decision.Taken t -> "taken";
            case RecipientRules.Decision.Refused r ->
                r.reply().code() + " " + r.reply().status();
        };
    }

    private String reply(RecipientMode mode, String localPart) {
        return reply(domain(PolicySnapshot.plain(HAKONE), mode), null, localPart, "hakone.example");
    }

    @Test
    void aDomainThatIsNotRoutedIsRefused() {
        assertEquals(
                "550 5.7.1",
                reply(domain(PolicySnapshot.plain(HAKONE), RecipientMode.LISTED), null, "hanako", "elsewhere.example"));
    }

    @Test
    void whoIsListedIsTakenAndOthersAreRefused() {
        assertEquals("taken", reply(RecipientMode.LISTED, "Hanako"));
        assertEquals("550 5.1.1", reply(RecipientMode.LISTED, "nobody"));
        assertEquals(List.of(), asked);
    }

    @Test
    void whileTheListCannotBeReadOthersArePutOff() {
        others = Recipients.Presence.NOT_KNOWN_NOW;
        assertEquals("taken", reply(RecipientMode.LISTED, "hanako"));
        assertEquals("451 4.3.0", reply(RecipientMode.LISTED, "taro"));
    }

    @Test
    void everyoneIsTakenWhereEveryoneIs() {
        assertEquals("taken", reply(RecipientMode.EVERYONE, "anyone"));
    }

    @Test
    void plusAddressesAreTakenWhereTheTenantHasThem() {
        assertEquals("550 5.1.1", reply(RecipientMode.LISTED, "hanako+shop"));
        DomainRoute plus = domain(new PolicySnapshot(HAKONE, false, true, RateLimits.NONE), RecipientMode.LISTED);
        assertEquals("taken", reply(plus, null, "hanako+shop", "hakone.example"));
        assertEquals("550 5.1.1", reply(plus, null, "taro+shop", "hakone.example"));
        assertEquals("550 5.1.1", reply(plus, null, "+hanako", "hakone.example"));
    }

    @Test
    void aRecipientOfAnotherTenantNeedsATransactionOfItsOwn() {
        DomainRoute hakone = domain(PolicySnapshot.plain(HAKONE), RecipientMode.LISTED);
        assertEquals("452 4.5.3", reply(hakone, ARAI, "hanako", "hakone.example"));
        assertEquals("taken", reply(hakone, HAKONE, "hanako", "hakone.example"));
    }

    @Test
    void mailOfASuspendedTenantIsPutOff() {
        DomainRoute hakone = domain(new PolicySnapshot(HAKONE, true, false, RateLimits.NONE), RecipientMode.LISTED);
        assertEquals("451 4.7.1", reply(hakone, null, "hanako", "hakone.example"));
    }

    @Test
    void theServerIsAskedAboutThoseNotListed() {
        assertEquals("taken", reply(RecipientMode.ASKED, "taro"));
        answer = CallForward.Answer.UNKNOWN;
        assertEquals("550 5.1.1", reply(RecipientMode.ASKED, "nobody"));
        answer = CallForward.Answer.NO_ANSWER;
        assertEquals("451 4.3.0", reply(RecipientMode.ASKED, "jiro"));
        assertEquals("taken", reply(RecipientMode.ASKED, "hanako"));
        assertEquals(3, asked.size());
        assertEquals(List.of(), learned);
    }

    @Test
    void answersAreRememberedForAWhile() {
        answer = CallForward.Answer.UNKNOWN;
        reply(RecipientMode.ASKED, "taro");
        answer = CallForward.Answer.KNOWN;
        now = NOW.plus(CallForwardLimits.DEFAULT.unknown()).minusMillis(1);
        assertEquals("550 5.1.1", reply(RecipientMode.ASKED, "TARO"));
        now = NOW.plus(CallForwardLimits.DEFAULT.unknown());
        assertEquals("taken", reply(RecipientMode.ASKED, "taro"));
        assertEquals(2, asked.size());
    }

    @Test
    void whileADomainLearnsNobodyIsRefusedForGood() {
        assertEquals("taken", reply(RecipientMode.LEARNED, "taro"));
        assertEquals(List.of(new Mailbox("taro", "hakone.example")), learned);
        answer = CallForward.Answer.UNKNOWN;
        assertEquals("451 4.3.0", reply(RecipientMode.LEARNED, "nobody"));
    }

    @Test
    void learningEndsByItself() {
        now = NOW.plus(Duration.ofDays(14));
        assertEquals("550 5.1.1", reply(RecipientMode.LEARNED, "taro"));
        assertEquals(List.of(), asked);
    }

    @Test
    void mailForADomainInSetUpIsPutOffAndNoted() {
        RoutingTable table = new RoutingTable(Map.of(), Map.of("new.example", Set.of(HAKONE)));
        for (String domain : List.of("new.example", "other.example")) {
            RecipientRules.Decision decision = rules.decide(table, null, new Mailbox("hanako", domain));
            assertEquals(
                    domain.equals("new.example") ? 451 : 550,
                    decision instanceof RecipientRules.Decision.Refused r
                            ? r.reply().code()
                            : 250);
        }
        assertEquals(List.of("new.example"), early);
    }
}
