package io.sekisho.mail.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dkim.key.DkimAlgorithm;
import io.sekisho.mail.dkim.key.KeyMaker;
import io.sekisho.mail.dkim.key.KeyRecord;
import io.sekisho.mail.dkim.key.Selector;
import io.sekisho.mail.dkim.key.SigningKey;
import io.sekisho.mail.dkim.key.TagList;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.HeaderField;
import io.sekisho.mail.message.HeaderLimits;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.mail.message.PrecededContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DkimSignerTest {
    private static final DomainName HAKONE = new DomainName("hakone.example");
    private static final Instant NOW = Instant.parse("2026-04-01T01:02:03Z");

    private static final String MAIL = """
            Received: from a.hakone.example by b.hakone.example; Wed, 1 Apr 2026 10:02:02 +0900
            From: Hanako <hanako@hakone.example>
            To: Alice <alice@sender.example>
            Subject: =?UTF-8?B?6Zai5omA?=  two
             lines
            Date: Wed, 1 Apr 2026 10:02:00 +0900
            Message-ID: <1@hakone.example>
            Content-Type: text/plain; charset=utf-8

            One  \t line.

            Another.\t


            """.replace("\n", "\r\n");

    private final Map<String, String> dns = new HashMap<>();
    private final List<SigningKey> keys =
            List.of(make("k1", DkimAlgorithm.RSA_SHA256), make("k2", DkimAlgorithm.ED25519_SHA256));
    private final DkimSigner signer = new DkimSigner(() -> NOW, SigningLimits.DEFAULT);

    private SigningKey make(String selector, DkimAlgorithm algorithm) {
        KeyPair pair = new KeyMaker(new SecureRandom()).make(algorithm);
        SigningKey key = new SigningKey(new Selector(selector), algorithm, pair.getPrivate());
        dns.put(
                key.selector().recordName(HAKONE),
                KeyRecord.of(algorithm, pair.getPublic()).text());
        return key;
    }

    private static Content content(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return new MemoryContent(octets, octets.length, false);
    }

    private String signed(String mail, SigningPlan plan) throws IOException {
        return assertInstanceOf(SigningResult.Signed.class, signer.sign(content(mail), plan))
                .fields();
    }

    private boolean verifies(String mail) throws Exception {
        return new TestVerifier(content(mail), dns::get).allVerify();
    }

    @Test
    void bothSignaturesVerifyWithEveryCanonicalization() throws Exception {
        for (Canonicalization header : Canonicalization.values()) {
            for (Canonicalization body : Canonicalization.values()) {
                String fields = signed(MAIL, SigningPlan.of(HAKONE, keys).with(header, body));
                TestVerifier verifier = new TestVerifier(new PrecededContent(fields, content(MAIL)), dns::get);
                assertEquals(2, verifier.signatures().size());
                assertTrue(verifier.allVerify(), header + "/" + body);
            }
        }
    }

    @Test
    void theFieldSaysWhatWasDone() throws Exception {
        String fields = signed(MAIL, SigningPlan.of(HAKONE, keys).expiringAfter(Duration.ofDays(7)));
        TagList tags = TestVerifier.tags(
                new TestVerifier(content(fields), dns::get).signatures().getFirst());
        assertEquals("1", tags.get("v"));
        assertEquals("rsa-sha256", tags.get("a"));
        assertEquals("relaxed/relaxed", tags.get("c"));
        assertEquals("hakone.example", tags.get("d"));
        assertEquals("k1", tags.get("s"));
        assertEquals(Long.toString(NOW.getEpochSecond()), tags.get("t"));
        assertEquals(Long.toString(NOW.getEpochSecond() + 7 * 86_400), tags.get("x"));
        List<String> names = List.of(TestVerifier.there(tags.compact("h")).split(":"));
        for (String twice : List.of("from", "to", "subject", "date", "message-id", "content-type")) {
            assertEquals(2, names.stream().filter(twice::equals).count(), twice);
        }
        for (String once : List.of("cc", "reply-to", "mime-version", "references")) {
            assertEquals(1, names.stream().filter(once::equals).count(), once);
        }
        assertFalse(names.contains("received") || names.contains("list-id"));
        assertEquals(fields, signed(MAIL, SigningPlan.of(HAKONE, keys).expiringAfter(Duration.ofDays(7))));
        assertFalse(signed(MAIL, SigningPlan.of(HAKONE, keys)).contains("x="));
    }

    @Test
    void linesAreShort() throws Exception {
        for (int length = 1; length < 60; length++) {
            DomainName domain = new DomainName("d".repeat(length) + ".example");
            for (String line : signed(MAIL, SigningPlan.of(domain, keys)).split("\r\n")) {
                assertTrue(line.length() <= 78 && !line.isBlank(), line);
                assertTrue(line.startsWith("DKIM-Signature: v=1;") || line.startsWith(" "), line);
            }
        }
    }

    @Test
    void whatIsSignedCannotBeChangedOrAdded() throws Exception {
        String mail = signed(MAIL, SigningPlan.of(HAKONE, keys)) + MAIL;
        assertTrue(verifies(mail));
        assertFalse(verifies(mail.replace("One", "Two")));
        assertFalse(verifies(mail.replace("two\r\n lines", "two")));
        assertFalse(verifies(mail.replace("\r\nTo:", "\r\nReply-To: mallory@evil.example\r\nTo:")));
        for (String name : List.of("From", "Subject", "To", "Cc", "Date", "MIME-Version", "Content-Type")) {
            assertFalse(verifies(name + ": x\r\n" + mail), name);
            assertFalse(verifies(mail.replace("\r\n\r\nOne", "\r\n" + name + ": x\r\n\r\nOne")), name);
        }
        // trace fields and those of lists may come on top
        assertTrue(verifies("Received: from x by y; date\r\nList-ID: <l.sender.example>\r\n" + mail));
        assertTrue(verifies(mail.replace("Subject: ", "subject:\r\n  ")));
    }

    @Test
    void aListFieldThatIsThereIsSigned() throws Exception {
        String mail = "List-Unsubscribe: <https://hakone.example/u>\r\n" + MAIL;
        String signed = signed(mail, SigningPlan.of(HAKONE, keys)) + mail;
        assertTrue(verifies(signed));
        assertFalse(verifies(signed.replace("hakone.example/u", "evil.example/u")));
    }

    @Test
    void noBodyNoEmptyLineNoLastLineEnd() throws Exception {
        for (String mail : List.of("From: a\r\n", "From: a\r\n\r\n", "From: a\r\n\r\n\r\n\r\n", "From: a\r\n\r\nx")) {
            for (Canonicalization one : Canonicalization.values()) {
                assertTrue(verifies(signed(mail, SigningPlan.of(HAKONE, keys).with(one, one)) + mail), mail);
            }
        }
    }

    @Test
    void whatMustNotBeSignedIsNot() throws Exception {
        assertEquals(SigningResult.Why.NO_FROM, why("To: a\r\n\r\nFrom: b\r\n"));
        assertEquals(SigningResult.Why.SEVERAL_FROM, why("From: a\r\nfrom: b\r\n\r\n"));
        assertEquals(SigningResult.Why.TOO_MANY_NAMES, why("From: a\r\n" + "To: b\r\n".repeat(300) + "\r\n"));
        assertEquals(
                SigningResult.Why.HEADER_TOO_LARGE,
                why("From: a\r\nX: " + "x".repeat(HeaderLimits.DEFAULT.octets()) + "\r\n\r\n"));
    }

    private SigningResult.Why why(String mail) throws IOException {
        return assertInstanceOf(SigningResult.NotSigned.class, signer.sign(content(mail), SigningPlan.of(HAKONE, keys)))
                .why();
    }

    @Test
    void aBodyThatIsNotInMemoryIsReadInPieces() throws Exception {
        Endless large = new Endless(20_000_000);
        String fields = assertInstanceOf(SigningResult.Signed.class, signer.sign(large, SigningPlan.of(HAKONE, keys)))
                .fields();
        assertTrue(large.largestRead <= SigningLimits.DEFAULT.buffer(), large.largestRead + " octets at a time");
        BodyHash expected = new BodyHash(Canonicalization.RELAXED);
        byte[] octets = large.open().readAllBytes();
        expected.update(octets, Endless.HEADER.length, octets.length - Endless.HEADER.length);
        HeaderField field = HeaderField.of(fields.substring(0, fields.indexOf("\r\nDKIM")));
        assertEquals(
                Base64.getEncoder().encodeToString(expected.finish()),
                TestVerifier.tags(field).get("bh"));
    }

    /** A message of any size that nobody holds. */
    private static final class Endless implements Content {
        static final byte[] HEADER = "From: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] LINE = "A line\tof  the body, \r\n".getBytes(StandardCharsets.US_ASCII);
        private final long size;
        int largestRead;

        Endless(long size) {
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public boolean eightBit() {
            return false;
        }

        @Override
        public InputStream open() {
            return new InputStream() {
                private long at;

                @Override
                public int read() {
                    if (at == size) {
                        return -1;
                    }
                    long from = at++;
                    return from < HEADER.length
                            ? HEADER[(int) from]
                            : LINE[(int) ((from - HEADER.length) % LINE.length)];
                }

                @Override
                public int read(byte[] to, int offset, int length) {
                    largestRead = Math.max(largestRead, length);
                    return fill(to, offset, length);
                }

                private int fill(byte[] to, int offset, int length) {
                    int count = (int) Math.min(length, size - at);
                    for (int i = 0; i < count; i++) {
                        to[offset + i] = (byte) read();
                    }
                    return count == 0 ? -1 : count;
                }

                @Override
                public byte[] readAllBytes() {
                    byte[] all = new byte[(int) (size - at)];
                    fill(all, 0, all.length);
                    return all;
                }
            };
        }
    }

    @Test
    void aPlanNeedsAKey() {
        assertThrows(IllegalArgumentException.class, () -> SigningPlan.of(HAKONE, List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> SigningPlan.of(HAKONE, keys).expiringAfter(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new SignedFields(List.of("To"), List.of("From")));
    }
}
