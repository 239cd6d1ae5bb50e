package io.sekisho.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.smtp.Connection;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CustomerServerTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final int DAY = 24 * 60 * 60;

    private final Loopback loopback = new Loopback();
    private final SteppedClock clock = new SteppedClock(NOON);
    private final List<AutoCloseable> open = new ArrayList<>(List.of(loopback));

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
    }

    @Test
    void pipelinedMailIsTakenAndCounted() throws IOException {
        CustomerServer server = server(Weather.fair());
        SmtpStream client = client(server);
        assertEquals("220 mail.test.example ESMTP", client.line());
        client.write(String.join(
                "\r\n",
                "EHLO gateway.example",
                "MAIL FROM:<a@b.example> BODY=8BITMIME",
                "RCPT TO:<Closed@test.example>",
                "RCPT TO:<taro@test.example>",
                "DATA",
                ""));
        assertEquals(
                List.of(
                        "250-mail.test.example",
                        "250-PIPELINING",
                        "250-SIZE 67108864",
                        "250-8BITMIME",
                        "250 ENHANCEDSTATUSCODES",
                        "250 2.1.0 ok",
                        "550 5.2.1 closed",
                        "250 2.1.5 ok",
                        "354 go on"),
                lines(client, 9));
        client.write("Subject: x\r\n\r\n..dot\r\n.x\n.\r\n\r\n.\r\nQUIT\r\n");
        assertEquals(List.of("250 2.0.0 taken", "221 2.0.0 bye"), lines(client, 2));
        assertNull(client.line());
        // 12 + 2 + ".dot" 6 + "x LF ." 5 + 2
        assertEquals(new CustomerServer.Counts(1, 1, 1, 27, 1, 0), server.counts());
    }

    @Test
    void commandsOutOfOrderAreRefusedAndTheSessionGoesOn() throws IOException {
        SmtpStream client = client(server(Weather.fair()));
        client.line();
        client.write(
                "RCPT TO:<a@test.example>\r\nDATA\r\nBOGUS\r\nMAIL FROM:<>\r\nRCPT TO\r\nRSET\r\nDATA\r\nNOOP\r\n");
        assertEquals(
                List.of(
                        "503 5.5.1 MAIL first",
                        "503 5.5.1 no valid recipients",
                        "500 5.5.2 unknown command",
                        "250 2.1.0 ok",
                        "501 5.5.4 RCPT TO:<mailbox>",
                        "250 2.0.0 ok",
                        "503 5.5.1 no valid recipients",
                        "250 2.0.0 ok"),
                lines(client, 8));
    }

    @Test
    void inBadWeatherItTurnsAwayPutsOffOrDropsAndThenIsWellAgain() throws IOException {
        Weather weather = Weather.changing(new SplittableRandom(7), NOON);
        CustomerServer server = server(weather);
        Set<Weather.Mood> met = EnumSet.noneOf(Weather.Mood.class);
        long troubles = 0;
        for (int second = 0; second < 600 && met.size() < 4; second++) {
            Weather.Mood mood = weather.at(clock.instant());
            if (met.add(mood)) {
                assertEquals(expected(mood), oneMail(server), mood.toString());
                troubles += mood == Weather.Mood.WELL ? 0 : 1;
            }
            clock.step(Duration.ofSeconds(1));
        }
        assertEquals(EnumSet.allOf(Weather.Mood.class), met);
        while (weather.at(clock.instant()) != Weather.Mood.WELL) {
            clock.step(Duration.ofSeconds(1));
        }
        assertEquals("250 2.0.0 taken", oneMail(server));
        assertEquals(troubles, server.counts().troubled());
        assertEquals(2, server.counts().messages());
    }

    @Test
    void aSessionInProgressIsTurnedAwayToo() throws IOException {
        Weather weather = Weather.changing(new SplittableRandom(7), NOON);
        SmtpStream client = client(server(weather));
        assertEquals("220 mail.test.example ESMTP", client.line());
        while (weather.at(clock.instant()) != Weather.Mood.TURNING_AWAY) {
            clock.step(Duration.ofSeconds(1));
        }
        client.write("NOOP\r\n");
        assertEquals("421 4.3.2 mail.test.example too busy, closing", client.line());
        assertNull(client.line());
    }

    @Test
    void theSameSeedGivesTheSameWeatherMostlyFair() {
        Weather one = Weather.changing(new SplittableRandom(42), NOON);
        Weather two = Weather.changing(new SplittableRandom(42), NOON);
        int well = 0;
        for (int second = 0; second < DAY; second++) {
            Weather.Mood mood = one.at(NOON.plusSeconds(second));
            if (second % 17 == 0) {
                assertEquals(mood, two.at(NOON.plusSeconds(second)));
            }
            well += mood == Weather.Mood.WELL ? 1 : 0;
        }
        assertTrue(well > DAY * 0.6 && well < DAY * 0.85, well + " of " + DAY + " seconds");
        assertEquals(
                Weather.Mood.WELL,
                Weather.changing(new SplittableRandom(42), NOON).at(NOON.plusSeconds(7)));
    }

    @Test
    void closingEndsSessions() throws IOException {
        CustomerServer server = server(Weather.fair());
        SmtpStream client = client(server);
        client.line();
        server.close();
        try {
            assertNull(client.line());
        } catch (IOException e) {
            // reset instead of an orderly end
        }
    }

    private static String expected(Weather.Mood mood) {
        return switch (mood) {
            case WELL -> "250 2.0.0 taken";
            case TURNING_AWAY -> "421 4.3.2 mail.test.example too busy, closing";
            case PUTTING_OFF -> "451 4.3.2 this server is in maintenance, try again later";
            case DROPPING -> "dropped";
        };
    }

    /** Tries to hand over one mail. @return the reply that decided */
    private String oneMail(CustomerServer server) throws IOException {
        SmtpStream client = client(server);
        String reply = String.valueOf(client.line());
        for (String command : List.of("HELO a", "MAIL FROM:<>", "RCPT TO:<taro@test.example>", "DATA", "x\r\n.")) {
            if (reply.charAt(0) != '2' && !reply.startsWith("354")) {
                return reply;
            }
            client.write(command + "\r\n");
            String next = client.line();
            if (next == null) {
                return "dropped";
            }
            reply = next;
        }
        return reply;
    }

    private CustomerServer server(Weather weather) throws IOException {
        CustomerServer server = new CustomerServer(
                "mail.test.example",
                loopback.listen(),
                weather,
                Map.of("closed@test.example", "550 5.2.1 closed"),
                clock,
                DemoLimits.DEFAULT);
        open.add(server);
        server.start();
        return server;
    }

    private SmtpStream client(CustomerServer server) throws IOException {
        Connection connection = loopback.connect(server.port());
        open.add(connection);
        return new SmtpStream(connection, 2_048);
    }

    private static List<String> lines(SmtpStream stream, int count) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(String.valueOf(stream.line()));
        }
        return lines;
    }
}
