package io.sekisho.gateway.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sekisho.gateway.world.DaneVerdict.Cause;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dns.DnsRecord.Tlsa;
import io.sekisho.testkit.tls.TestAuthority;
import io.sekisho.testkit.tls.TestIdentity;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DaneMatcherTest {
    private static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");
    private static final TestAuthority ROOT = TestAuthority.root("Root");
    private static final TestAuthority MIDDLE = ROOT.intermediate("Middle");
    private static final TestIdentity SERVER = MIDDLE.issue("mx.hakone.example");
    private static final TestIdentity OTHER = TestAuthority.root("Other").issue("mx.hakone.example");

    static Tlsa record(int usage, int selector, int matching, X509Certificate certificate) {
        try {
            byte[] selected = selector == 0
                    ? certificate.getEncoded()
                    : certificate.getPublicKey().getEncoded();
            byte[] data = switch (matching) {
                case 1 -> MessageDigest.getInstance("SHA-256").digest(selected);
                case 2 -> MessageDigest.getInstance("SHA-512").digest(selected);
                default -> selected;
            };
            return new Tlsa(usage, selector, matching, HexFormat.of().formatHex(data));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DaneVerdict judge(List<X509Certificate> chain, Tlsa... records) {
        return judge(chain, NOW, "mx.hakone.example", records);
    }

    private static DaneVerdict judge(List<X509Certificate> chain, Instant now, String name, Tlsa... records) {
        return new DaneMatcher(UsableTlsa.of(Arrays.asList(records)), Set.of(new DomainName(name))).judge(chain, now);
    }

    private static Cause cause(DaneVerdict verdict) {
        assertInstanceOf(DaneVerdict.Unmatched.class, verdict, verdict::toString);
        return ((DaneVerdict.Unmatched) verdict).cause();
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "0,2", "1,0", "1,1", "1,2"})
    void theServersOwnCertificate(int selector, int matching) {
        Tlsa right = record(3, selector, matching, SERVER.certificate());
        assertEquals(new DaneVerdict.Matched(right), judge(SERVER.chain(), right));
        assertEquals(Cause.VALIDATION_FAILURE, cause(judge(OTHER.chain(), right)));
        Tlsa root = record(3, selector, matching, ROOT.certificate());
        assertEquals(Cause.VALIDATION_FAILURE, cause(judge(SERVER.chain(), root)), "usage 3 means the first only");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "0,2", "1,0", "1,1", "1,2"})
    void anAuthority(int selector, int matching) {
        for (TestAuthority authority : List.of(ROOT, MIDDLE)) {
            Tlsa right = record(2, selector, matching, authority.certificate());
            assertEquals(new DaneVerdict.Matched(right), judge(SERVER.chain(), right));
            assertEquals(Cause.VALIDATION_FAILURE, cause(judge(OTHER.chain(), right)));
        }
    }

    @Test
    void theOrderOfTheOtherCertificatesDoesNotMatter() {
        List<X509Certificate> mixed = new ArrayList<>(SERVER.chain().subList(1, 3));
        Collections.reverse(mixed);
        mixed.add(OTHER.chain().getLast());
        mixed.addFirst(SERVER.certificate());
        Tlsa root = record(2, 0, 1, ROOT.certificate());
        assertEquals(new DaneVerdict.Matched(root), judge(mixed, root));
    }

    @Test
    void anAuthorityThatIsOnlyShownVouchesForNothing() {
        List<X509Certificate> false_ = List.of(OTHER.certificate(), MIDDLE.certificate(), ROOT.certificate());
        assertEquals(Cause.CERTIFICATE_NOT_TRUSTED, cause(judge(false_, record(2, 0, 1, ROOT.certificate()))));
        assertEquals(Cause.CERTIFICATE_NOT_TRUSTED, cause(judge(false_, record(2, 1, 1, MIDDLE.certificate()))));
        // a server is no authority, even if a record says so
        assertEquals(Cause.VALIDATION_FAILURE, cause(judge(SERVER.chain(), record(2, 0, 1, SERVER.certificate()))));
    }

    @Test
    void namesCountOnlyUnderAnAuthority() {
        Tlsa authority = record(2, 0, 1, ROOT.certificate());
        Tlsa own = record(3, 1, 1, SERVER.certificate());
        assertEquals(Cause.CERTIFICATE_HOST_MISMATCH, cause(judge(SERVER.chain(), NOW, "mx.arai.example", authority)));
        assertEquals(new DaneVerdict.Matched(own), judge(SERVER.chain(), NOW, "mx.arai.example", own));
        assertEquals(new DaneVerdict.Matched(own), judge(SERVER.chain(), NOW, "mx.arai.example", authority, own));
    }

    @Test
    void namesOfAllForms() {
        Tlsa authority = record(2, 0, 1, ROOT.certificate());
        TestIdentity wild = ROOT.issue("*.hakone.example", "plain.example");
        for (String right : List.of("mx.hakone.example", "plain.example")) {
            assertInstanceOf(DaneVerdict.Matched.class, judge(wild.chain(), NOW, right, authority), right);
        }
        for (String wrong : List.of("hakone.example", "a.mx.hakone.example", "mx.plain.example")) {
            assertEquals(Cause.CERTIFICATE_HOST_MISMATCH, cause(judge(wild.chain(), NOW, wrong, authority)), wrong);
        }
        assertEquals(
                Cause.CERTIFICATE_HOST_MISMATCH,
                cause(judge(ROOT.issue("*.example").chain(), NOW, "hakone.example", authority)),
                "no wildcard for a whole top-level domain");
        TestIdentity common = ROOT.issueByCommonName("Old.example");
        assertInstanceOf(DaneVerdict.Matched.class, judge(common.chain(), NOW, "old.example", authority));
        assertEquals(Cause.CERTIFICATE_HOST_MISMATCH, cause(judge(common.chain(), NOW, "new.example", authority)));
    }

    @Test
    void datesCountOnlyUnderAnAuthority() {
        TestIdentity old = ROOT.issue(NOW.minusSeconds(1), "mx.hakone.example");
        Tlsa own = record(3, 0, 1, old.certificate());
        TestIdentity older = ROOT.issue(TestAuthority.FROM.plusSeconds(10), "mx.hakone.example");
        assertInstanceOf(
                DaneVerdict.Matched.class,
                judge(
                        older.chain(),
                        TestAuthority.FROM.plusSeconds(5),
                        "mx.hakone.example",
                        record(2, 0, 1, ROOT.certificate())),
                "the time is the one that is given");
        assertEquals(Cause.CERTIFICATE_EXPIRED, cause(judge(old.chain(), record(2, 0, 1, ROOT.certificate()))));
        assertEquals(new DaneVerdict.Matched(own), judge(old.chain(), own));
    }

    @Test
    void aServerWithoutCertificate() {
        assertEquals(Cause.VALIDATION_FAILURE, cause(judge(List.of(), record(3, 1, 1, SERVER.certificate()))));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,1,64",
        "1,1,1,64",
        "4,1,1,64",
        "255,1,1,64",
        "3,2,1,64",
        "3,1,3,64",
        "3,1,1,62",
        "3,1,1,66",
        "3,1,1,0",
        "3,1,2,64",
        "2,0,2,126",
        "3,0,0,64",
        "3,1,0,64",
        "3,1,0,0",
        "3,0,0,0"
    })
    void brokenRecordsAreNotUsed(int usage, int selector, int matching, int digits) {
        assertEquals(List.of(), UsableTlsa.of(List.of(new Tlsa(usage, selector, matching, "3".repeat(digits)))));
    }

    @Test
    void aWholeKeyMustBeWhole() {
        Tlsa whole = record(3, 1, 0, SERVER.certificate());
        assertEquals(List.of(whole), UsableTlsa.of(List.of(whole)));
        String data = whole.data();
        Tlsa longer = new Tlsa(3, 1, 0, "308180" + "00".repeat(128));
        assertEquals(List.of(longer), UsableTlsa.of(List.of(longer)));
        assertEquals(List.of(), UsableTlsa.of(List.of(new Tlsa(3, 1, 0, longer.data() + "00"))));
        for (String broken : List.of(
                data + "00", data.substring(2), data.substring(0, data.length() - 2), "30", "3080", "308400000001ff")) {
            assertEquals(List.of(), UsableTlsa.of(List.of(new Tlsa(3, 1, 0, broken))), broken);
        }
    }

    @Test
    void aWeakerDigestBesideAStrongerOneDoesNotCount() {
        Tlsa weak = record(3, 1, 1, SERVER.certificate());
        Tlsa strong = record(3, 1, 2, OTHER.certificate());
        assertEquals(Cause.VALIDATION_FAILURE, cause(judge(SERVER.chain(), weak, strong)));
        assertInstanceOf(
                DaneVerdict.Matched.class,
                judge(SERVER.chain(), weak, record(3, 0, 2, OTHER.certificate())),
                "of another selector");
    }
}
