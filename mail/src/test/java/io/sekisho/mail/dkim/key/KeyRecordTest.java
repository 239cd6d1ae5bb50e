package io.sekisho.mail.dkim.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.DomainName;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class KeyRecordTest {
    private final KeyMaker maker = new KeyMaker(new SecureRandom());

    private static KeyRecord parsed(String text) {
        return Objects.requireNonNull(KeyRecord.parse(text), text);
    }

    private static TagList tags(String text) {
        return Objects.requireNonNull(TagList.parse(text), text);
    }

    @Test
    void aRecordIsReadAsItIsWritten() {
        for (DkimAlgorithm algorithm : DkimAlgorithm.values()) {
            KeyPair pair = maker.make(algorithm);
            KeyRecord record = KeyRecord.of(algorithm, pair.getPublic());
            assertTrue(record.text().startsWith("v=DKIM1; k=" + algorithm.keyType() + "; p="), record.text());
            assertEquals(record.text(), String.join("", record.strings()));
            assertTrue(record.strings().stream().allMatch(part -> part.length() <= 255));
            KeyRecord read = parsed(record.text());
            assertEquals(record, read);
            assertEquals(pair.getPublic(), read.publicKey());
            if (algorithm == DkimAlgorithm.RSA_SHA256) {
                assertEquals(2, record.strings().size());
                // the bare RSAPublicKey, without the 24 octets that say so
                byte[] encoded = pair.getPublic().getEncoded();
                String bare = Base64.getEncoder().encodeToString(Arrays.copyOfRange(encoded, 24, encoded.length));
                assertEquals(pair.getPublic(), parsed("v=DKIM1; p=" + bare).publicKey());
            }
        }
    }

    @Test
    void recordsOfOthers() {
        assertEquals(DkimAlgorithm.RSA_SHA256, parsed("p=AAAA").algorithm());
        assertEquals("AAAA", parsed("v=DKIM1 ; n=x; p = AA\r\n\tAA;").key());
        assertTrue(parsed("v=DKIM1; p=").revoked());
        assertNull(parsed("v=DKIM1; p=").publicKey());
        assertNull(parsed("v=DKIM1; p=AAAA").publicKey());
        assertNull(parsed("v=DKIM1; p=!!").publicKey());
        assertNull(parsed("v=DKIM1; k=ed25519; p=AAAA").publicKey());
        for (String no : List.of(
                "", "v=DKIM1", "v=DKIM2; p=AAAA", "p=AAAA; v=DKIM1", "k=dsa; p=AAAA", "p=A; p=B", "p", "=p", ";p=A")) {
            assertNull(KeyRecord.parse(no), no);
        }
    }

    @Property(tries = 300)
    void anyTextIsARecordOrNone(@ForAll @StringLength(max = 40) String text) {
        KeyRecord record = KeyRecord.parse("p=" + text);
        if (record != null && record.publicKey() == null) {
            assertFalse(text.contains(";"));
        }
        TagList tags = TagList.parse(text);
        assertTrue(tags == null || !tags.all().isEmpty());
    }

    @Test
    void tagsAreReadFolded() {
        TagList tags = tags(" a=1;\r\n\tB_2 = x y \r\n z ; c=;");
        assertEquals(List.of("a", "B_2", "c"), List.copyOf(tags.all().keySet()));
        assertEquals("x y \r\n z", tags.get("B_2"));
        assertEquals("xyz", tags.compact("B_2"));
        assertEquals("", tags.get("c"));
        assertNull(tags.get("b_2"));
        assertEquals("a", tags.first());
        assertEquals("b=c", tags("a=b=c").get("a"));
        for (String no : List.of("", " ", ";", "a=1;;b=2", "a", "1a=2", "a b=1")) {
            assertNull(TagList.parse(no), no);
        }
    }

    @Test
    void aPrivateKeyComesBackFromItsOctets() throws Exception {
        Selector selector = new Selector("k1");
        for (DkimAlgorithm algorithm : DkimAlgorithm.values()) {
            KeyPair pair = maker.make(algorithm);
            SigningKey key = new SigningKey(selector, algorithm, pair.getPrivate());
            SigningKey again = SigningKey.of(selector, algorithm, key.octets());
            assertArrayEquals(key.octets(), again.octets());
            assertEquals("k1 " + algorithm.tag(), key.toString());
            byte[] signature = algorithm.sign(again.key(), new byte[] {1, 2, 3});
            assertTrue(algorithm.verify(pair.getPublic(), new byte[] {1, 2, 3}, signature));
            assertFalse(algorithm.verify(pair.getPublic(), new byte[] {1, 2, 4}, signature));
            assertFalse(algorithm.verify(pair.getPublic(), new byte[] {1, 2, 3}, new byte[] {1}));
            DkimAlgorithm other = switch (algorithm) {
                case RSA_SHA256 -> DkimAlgorithm.ED25519_SHA256;
                case ED25519_SHA256 -> DkimAlgorithm.RSA_SHA256;
            };
            assertThrows(IllegalArgumentException.class, () -> new SigningKey(selector, other, pair.getPrivate()));
            assertThrows(IllegalArgumentException.class, () -> KeyRecord.of(other, pair.getPublic()));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> SigningKey.of(selector, algorithm, Arrays.copyOf(key.octets(), 20)));
        }
        KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
        small.initialize(512);
        KeyPair pair = small.generateKeyPair();
        assertThrows(
                IllegalArgumentException.class,
                () -> new SigningKey(selector, DkimAlgorithm.RSA_SHA256, pair.getPrivate()));
    }

    @Test
    void selectors() {
        assertEquals(
                "k1.2026._domainkey.hakone.example",
                new Selector("k1.2026").recordName(new DomainName("hakone.example")));
        for (String no : List.of("", "K1", "a..b", ".a", "a.", "a_b", "-a", "a b", "a".repeat(64))) {
            assertThrows(IllegalArgumentException.class, () -> new Selector(no), no);
        }
        assertNotNull(new Selector("a".repeat(63)));
    }

    @Test
    void tagsOfAlgorithms() {
        assertEquals(DkimAlgorithm.ED25519_SHA256, DkimAlgorithm.ofTag("ed25519-sha256"));
        assertNull(DkimAlgorithm.ofTag("rsa-sha1"));
        assertNull(DkimAlgorithm.ofKeyType("RSA"));
    }
}
