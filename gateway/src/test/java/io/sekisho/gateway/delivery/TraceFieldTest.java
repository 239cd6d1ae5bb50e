package io.sekisho.gateway.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.queue.MailFacts;
import io.sekisho.mail.address.ReversePath;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TraceFieldTest {
    private static String field(String peer, String helo, boolean extended, String tls) throws IOException {
        return new TraceField("gate.example")
                .of(new MailFacts(
                        new UUID(0, 1),
                        Instant.parse("2026-11-05T03:04:05Z"),
                        new UUID(0, 2),
                        InetAddress.getByName(peer),
                        helo,
                        extended,
                        tls,
                        new ReversePath.Null(),
                        1,
                        false));
    }

    @Test
    void theFieldSaysHowTheMessageCame() throws IOException {
        assertEquals(
                "Received: from client.example ([192.0.2.1])\r\n\tby gate.example (Sekisho) with ESMTP id"
                        + " 00000000-0000-0000-0000-000000000001;\r\n\tThu, 5 Nov 2026 03:04:05 +0000\r\n",
                field("192.0.2.1", "client.example", true, ""));
    }

    @Test
    void tlsIsSaidWithTheWordOfTheStandard() throws IOException {
        String tls = "TLSv1.3 TLS_AES_128_GCM_SHA256";
        assertTrue(field("192.0.2.1", "client.example", true, tls)
                .contains("\tby gate.example (Sekisho) with ESMTPS (TLSv1.3 TLS_AES_128_GCM_SHA256) id "));
        assertTrue(field("192.0.2.1", "client.example", false, tls)
                .contains("\tby gate.example (Sekisho) with ESMTPS (TLSv1.3 TLS_AES_128_GCM_SHA256) id "));
    }

    @Test
    void whatTheClientCallsItselfCannotEndTheFieldOrOpenAComment() throws IOException {
        assertEquals(
                "Received: from a?X:?b?? ([IPv6:2001:db8:0:0:0:0:0:1])\r\n\tby gate.example (Sekisho) with SMTP id"
                        + " 00000000-0000-0000-0000-000000000001;\r\n\tThu, 5 Nov 2026 03:04:05 +0000\r\n",
                field("2001:db8::1", "a\nX: b(;", false, ""));
    }

    @Test
    void theProtocolSaysHowItWasSpoken() {
        assertEquals("SMTP", TraceField.protocol(false, false, false));
        assertEquals("ESMTP", TraceField.protocol(true, false, false));
        assertEquals("ESMTPS", TraceField.protocol(true, true, false));
        assertEquals("UTF8SMTP", TraceField.protocol(true, false, true));
        assertEquals("UTF8SMTPS", TraceField.protocol(true, true, true));
    }
}
