package io.sekisho.mail.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.DomainName;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class DnsNameTest {
    private static String parsed(String text) {
        return String.valueOf(DnsName.parse(text));
    }

    @Test
    void spellingsOfOneNameAreEqual() {
        assertEquals("hakone.example", parsed("Hakone.EXAMPLE"));
        assertEquals("hakone.example", parsed("hakone.example."));
        assertEquals("hakone.example", parsed("\\104akone.example"));
        assertEquals("hakone.example", parsed("\\hakone.example"));
        assertEquals("_25._tcp.mx.hakone.example", parsed("_25._TCP.mx.hakone.example"));
        assertEquals("first\\.last.example", parsed("first\\046last.example"));
        assertEquals("a\\032b.example", parsed("a\\032b.example"));
        assertEquals("0/25.2.0.192.in-addr.arpa", parsed("0/25.2.0.192.in-addr.arpa"));
        assertEquals(DnsName.ROOT, DnsName.parse("."));
    }

    @Test
    void whatIsNoNameIsRefused() {
        String label = "a".repeat(63);
        assertNotNull(DnsName.parse(label + "." + label + "." + label + "." + "a".repeat(61)));
        assertNull(DnsName.parse(label + "." + label + "." + label + "." + "a".repeat(62)));
        for (String text : new String[] {
            "",
            "..",
            ".example",
            "a..example",
            "a.example..",
            "a b",
            "箱根",
            "a\\",
            "a\\25",
            "a\\256",
            "a\\2x5",
            label + "a"
        }) {
            assertNull(DnsName.parse(text), text);
        }
        assertThrows(IllegalArgumentException.class, () -> new DnsName("Hakone.example"));
        assertThrows(IllegalArgumentException.class, () -> new DnsName("hakone.example."));
    }

    @Test
    void partsOfAName() {
        DnsName name = new DnsName("first\\.last.hakone.example");
        assertEquals(3, name.labels());
        assertEquals(0, DnsName.ROOT.labels());
        assertEquals(new DnsName("hakone.example"), name.parent());
        assertEquals(DnsName.ROOT, new DnsName("example").parent());
        assertEquals(DnsName.ROOT, DnsName.ROOT.parent());
        assertEquals(new DnsName("_mta-sts.example"), new DnsName("example").under("_mta-sts"));
        assertEquals(new DnsName("example"), DnsName.ROOT.under("example"));
        assertNull(new DnsName("example").under("a".repeat(64)));
    }

    @Test
    void aNameIsWithinTheNamesAboveIt() {
        DnsName name = new DnsName("mx.hakone.example");
        assertTrue(name.within(name));
        assertTrue(name.within(new DnsName("hakone.example")));
        assertTrue(name.within(DnsName.ROOT));
        assertFalse(name.within(new DnsName("kone.example")));
        assertFalse(new DnsName("hakone.example").within(name));
        assertFalse(new DnsName("x\\.example").within(new DnsName("example")));
    }

    @Test
    void namesOfMail() {
        assertEquals(new DomainName("hakone.example"), new DnsName("hakone.example").domain());
        assertNull(DnsName.ROOT.domain());
        assertNull(new DnsName("a\\.b.example").domain());
        assertEquals(new DnsName("hakone.example"), DnsName.of(new DomainName("hakone.example")));
    }

    @Test
    void addressesBackwards() {
        assertEquals(
                "1.2.0.192.in-addr.arpa",
                DnsName.reverse(InetAddress.ofLiteral("192.0.2.1")).text());
        assertEquals(
                "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa",
                DnsName.reverse(InetAddress.ofLiteral("4321:0:1:2:3:4:567:89ab"))
                        .text());
    }

    @Property
    void anyOctetsHaveOneForm(@ForAll @Size(min = 1, max = 63) byte[] label) {
        StringBuilder text = new StringBuilder();
        for (char c : new String(label, StandardCharsets.ISO_8859_1).toCharArray()) {
            text.append(String.format("\\%03d", (int) c));
        }
        DnsName name = DnsName.parse(text + ".example");
        assertNotNull(name);
        assertEquals(name, DnsName.parse(name.text()));
        assertEquals(2, name.labels());
        assertEquals(new DnsName("example"), name.parent());
    }

    @Property
    void anyTextIsTakenOrRefused(@ForAll @StringLength(max = 300) String text) {
        DnsName name = DnsName.parse(text);
        assertTrue(name == null || name.equals(DnsName.parse(name.text())));
    }
}
