package io.sekisho.app.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.tracking.MailEvent;
import io.sekisho.mail.address.Mailbox;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MailLinesTest {
    private static final Instant NOW = Instant.parse("2026-11-25T03:00:00Z");

    @Test
    void aDeliveryIsOneLine() {
        assertEquals(
                "delivered id=00000000-0000-0000-0000-000000000001 to=<hanako@hakone.example> server=192.0.2.1:25"
                        + " delay=12ms reply=\"250 2.0.0 ok\" tls=\"TLSv1.3 TLS_AES_128_GCM_SHA256\"",
                MailLines.line(new MailEvent.Delivered(
                        NOW,
                        new UUID(0, 1),
                        new Mailbox("hanako", "hakone.example"),
                        "192.0.2.1:25",
                        "250 2.0.0 ok",
                        Duration.ofMillis(12),
                        "TLSv1.3 TLS_AES_128_GCM_SHA256")));
    }

    @Test
    void whatSomeReadersTakeForTheEndOfALineIsReplaced() {
        for (int c :
                new int[] {0, '\t', '\n', '\r', 27, 127, 0x85, 0x9b, 0x2028, 0x2029, 0x202e, 0x200f, 0xfeff, 0xd800}) {
            String line = MailLines.line(new MailEvent.Deferred(
                    NOW,
                    new UUID(0, 1),
                    new Mailbox("花子" + Character.toString(c), "hakone.example"),
                    "192.0.2.1:25",
                    "451 4.3.0 箱根" + Character.toString(c) + "delivered id=1",
                    NOW));
            assertTrue(line.endsWith(" why=\"451 4.3.0 箱根?delivered id=1\""), Integer.toHexString(c));
            assertTrue(line.contains("花子?"), line);
            assertEquals(1, line.lines().count());
        }
    }

    @Test
    void aStrangerCannotForgeALine() {
        assertEquals(
                "refused peer=192.0.2.9 from=<a' to=<x>?delivered id=1> to=<> reply=\"550 5.7.1 no\"",
                MailLines.line(
                        new MailEvent.Refused(NOW, "192.0.2.9", "a\" to=<x>\ndelivered id=1", "", "550 5.7.1 no")));
    }
}
