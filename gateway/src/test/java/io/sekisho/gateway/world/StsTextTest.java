package io.sekisho.gateway.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dns.DnsRecord.Txt;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StsTextTest {
    private static final Duration YEAR = StsLimits.DEFAULT.longestAge();
    private static final String POLICY =
            "version: STSv1\r\nmode: enforce\r\nmx: a.example\r\nmx: *.b.example\r\nmax_age: 86400\r\n";

    private static String id(String... records) {
        return String.valueOf(StsText.id(
                Arrays.stream(records).map(text -> new Txt(List.of(text))).toList()));
    }

    private static StsPolicy policy(String text) {
        StsText.Read read = StsText.policy(text, YEAR);
        assertInstanceOf(StsText.Read.Policy.class, read, () -> text + read);
        return ((StsText.Read.Policy) read).policy();
    }

    @Test
    void theRecordAnnouncesAnId() {
        assertEquals("20261125T0", id("v=STSv1; id=20261125T0;"));
        assertEquals("1", id("v=STSv1;id=1"));
        assertEquals("1", id("v=STSv1 ; x=y; id=1 ; id=2;", "v=spf1 -all", "google-site-verification=x"));
        assertEquals("12", String.valueOf(StsText.id(List.of(new Txt(List.of("v=STSv1; i", "d=1", "2;"))))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "v=STSv1", "v=STSv1;", "v=STSv1; id=;", "v=STSv1; id=a-b;",
                        "v=STSv1; id=0123456789012345678901234567890123;",
                "v=STSv1; ID=1;", "v=stsv1; id=1;", "v=STSv2; id=1;", "id=1; v=STSv1;", " v=STSv1; id=1;",
                        "v=STSv1; id = 1;",
                "v=STSv1;; id=1;", "v=STSv1; id=1; rubbish", "v=STSv1; id=\u00e4;", "v=STSv1; id=1\n;"
            })
    void whatIsNoRecordAnnouncesNothing(String text) {
        assertNull(StsText.id(List.of(new Txt(List.of(text)))), text);
    }

    @Test
    void severalRecordsAreNone() {
        assertEquals("null", id("v=STSv1; id=1;", "v=STSv1; id=1;"));
    }

    @Test
    void aPolicyIsRead() {
        StsPolicy policy = policy(POLICY);
        assertEquals(StsPolicy.Mode.ENFORCE, policy.mode());
        assertEquals(Duration.ofDays(1), policy.maxAge());
        assertEquals("[a.example, *.b.example]", policy.mx().toString());
        assertEquals(5, policy.lines().size());
        assertEquals("mode: enforce", policy.lines().get(1));
    }

    @Test
    void otherFormsOfAPolicy() {
        assertEquals(policy(POLICY), policy(POLICY.replace("\r\n", "\n")));
        assertEquals(policy(POLICY), policy(POLICY + "\r\n\r\n"));
        assertEquals(policy(POLICY).mx(), policy(POLICY.replace(": ", ":")).mx());
        assertEquals(policy(POLICY), policy(POLICY.replace("\r\n", " \t\r\n")));
        assertEquals(
                StsPolicy.Mode.TESTING,
                policy(POLICY.replace("enforce", "testing")).mode());
        assertEquals(
                StsPolicy.Mode.NONE,
                policy("mode: none\nversion: STSv1\nmax_age: 0").mode());
        assertEquals(
                StsPolicy.Mode.ENFORCE,
                policy(POLICY + "mode: none\r\nfuture.field-1: \u00e4 b c\r\n").mode(),
                "the first of two counts, and unknown fields do not");
        assertEquals(YEAR, policy(POLICY.replace("86400", "9999999999")).maxAge());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n",
                "<html>not found</html>",
                "version: STSv1\nmode: enforce\nmax_age: 1\n",
                "version: STSv2\nmode: enforce\nmx: a.example\nmax_age: 1\n",
                "version: stsv1\nmode: enforce\nmx: a.example\nmax_age: 1\n",
                "mode: enforce\nmx: a.example\nmax_age: 1\n",
                "version: STSv1\nmode: strict\nmx: a.example\nmax_age: 1\n",
                "version: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 1\n",
                "version: STSv1\nMode: enforce\nmx: a.example\nmax_age: 1\n",
                "version: STSv1\nmx: a.example\nmax_age: 1\n",
                "version: STSv1\nmode: enforce\nmx: a.example\n",
                "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: -1\n",
                "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1d\n",
                "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 12345678901\n",
                "version: STSv1\nmode: enforce\nmx: a.example\nmax_age:\n",
                "version: STSv1\nmode: enforce\nmx: a_.*.example\nmax_age: 1\n",
                "version: STSv1\nmode: enforce\nmx: *\nmax_age: 1\n",
                "version: STSv1\nmode: enforce\nmx: *.*.example\nmax_age: 1\n",
                "version: STSv1\nmode: enforce\nmx: *a.example\nmax_age: 1\n",
                "version: STSv1\nmode: enforce\nmx: .a.example\nmax_age: 1\n",
                "version: STSv1\nmode: enforce\nmx: a.example.\nmax_age: 1\n",
                "version: STSv1\nmode: enforce\nmx: a.example, b.example\nmax_age: 1\n",
                "version: STSv1\nmode: enforce\nmx: \u7bb1\u6839.example\nmax_age: 1\n",
                "version: STSv1\n\nmode: enforce\nmx: a.example\nmax_age: 1\n",
                "\nversion: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1\n",
                "version: STSv1\rmode: enforce\rmx: a.example\rmax_age: 1\r",
                "version: STSv1\n mode: enforce\nmx: a.example\nmax_age: 1\n",
                "version : STSv1\nmode: enforce\nmx: a.example\nmax_age: 1\n",
                "version: STSv1\nmode: enforce\nmx: a.example\u0000\nmax_age: 1\n",
                "\ufeffversion: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1\n",
                "version: STSv1; mode: enforce; mx: a.example; max_age: 1"
            })
    void brokenPoliciesAreNone(String text) {
        assertInstanceOf(StsText.Read.Invalid.class, StsText.policy(text, YEAR), text);
    }

    @Test
    void patternsOfMailExchangers() {
        MxPattern wild = MxPattern.parse("*.Hakone.example");
        assertNotNull(wild);
        assertTrue(wild.matches(new DomainName("mx.hakone.example")));
        assertFalse(wild.matches(new DomainName("hakone.example")));
        assertFalse(wild.matches(new DomainName("a.mx.hakone.example")));
        assertFalse(wild.matches(new DomainName("mx.xhakone.example")));
        MxPattern plain = MxPattern.parse("mx.hakone.example");
        assertNotNull(plain);
        assertTrue(plain.matches(new DomainName("mx.hakone.example")));
        assertFalse(plain.matches(new DomainName("x.mx.hakone.example")));
    }

    @Property
    void noTextIsTooStrange(@ForAll @StringLength(max = 200) String text) {
        assertNotNull(StsText.policy(text, YEAR));
        assertNotNull(StsText.policy("version: STSv1\n" + text, YEAR));
        assertNull(StsText.id(List.of(new Txt(List.of(text)))));
    }
}
