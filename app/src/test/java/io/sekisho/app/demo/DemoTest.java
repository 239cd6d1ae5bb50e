package io.sekisho.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.smtp.client.NextHop;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The senders and the whole demo, with a plain server in the gateway's place. */
class DemoTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final Loopback loopback = new Loopback();
    private final DemoLimits limits = LiveViewTest.quick(1_000);

    @AfterEach
    void close() {
        loopback.close();
    }

    @Test
    void everyMailIsSentOnceThenTheTrickleGoesOn() throws Exception {
        CustomerServer gateway = stand(Map.of("victim@elsewhere.example", "550 5.7.1 no relaying"));
        Map<String, SendResult> results = new ConcurrentHashMap<>();
        AtomicInteger told = new AtomicInteger();
        CountDownLatch trickled = new CountDownLatch(60);
        List<DemoMail> mails = DemoMails.all();
        try (gateway;
                DemoSenders senders = senders(gateway.port(), mails, (mail, result) -> {
                    results.putIfAbsent(mail.name(), result);
                    told.incrementAndGet();
                    trickled.countDown();
                })) {
            senders.start();
            assertTrue(senders.awaitFirstRound(30));
            assertTrue(trickled.await(30, TimeUnit.SECONDS));
        }
        int atEnd = told.get();
        assertEquals(50, results.size());
        results.forEach((name, result) -> {
            if (name.equals("relay-attempt")) {
                assertEquals(new SendResult.Refused("550 5.7.1 no relaying"), result);
            } else {
                assertEquals(new SendResult.Taken("250 2.0.0 taken", List.of()), result, name);
            }
        });
        assertEquals(atEnd, told.get());
    }

    @Test
    void whatIsTakenHasTheOctetsOfTheMail() throws Exception {
        DemoMail dots = DemoMails.all().stream()
                .filter(mail -> mail.name().equals("leading-dots"))
                .findFirst()
                .orElseThrow();
        CountDownLatch sent = new CountDownLatch(1);
        CustomerServer gateway = stand(Map.of());
        try (gateway;
                DemoSenders senders = senders(gateway.port(), List.of(dots), (mail, result) -> sent.countDown())) {
            senders.start();
            assertTrue(sent.await(10, TimeUnit.SECONDS));
            assertEquals(0, gateway.counts().octets() % dots.octets().get().length);
        }
    }

    @Test
    void aServerThatIsDownIsTriedAgainWithinTheBound() throws Exception {
        CustomerServer gone = stand(Map.of());
        int port = gone.port();
        gone.close();
        List<SendResult> results = new ArrayList<>();
        CountDownLatch tried = new CountDownLatch(1);
        try (DemoSenders senders = senders(port, DemoMails.all().subList(0, 1), (mail, result) -> {
            synchronized (results) {
                results.add(result);
            }
            tried.countDown();
        })) {
            senders.start();
            assertTrue(tried.await(10, TimeUnit.SECONDS));
        }
        assertTrue(results.getFirst() instanceof SendResult.NotYet, results.toString());
    }

    @Test
    void theDemoIntroducesItselfAndStops() throws Exception {
        Screen screen = new Screen();
        CountDownLatch stopped = new CountDownLatch(1);
        List<DemoGateway.Route> routes = new ArrayList<>();
        CustomerServer stand = stand(Map.of());
        Demo demo = demo(screen, (given, log) -> {
            routes.addAll(given);
            return new DemoGateway() {
                @Override
                public int port() {
                    return stand.port();
                }

                @Override
                public void close() {
                    stand.close();
                    stopped.countDown();
                }
            };
        });
        demo.start();
        screen.await("All 50 samples are sent.");
        demo.close();
        demo.close();
        assertEquals(0, stopped.getCount());
        assertEquals(
                List.of("hakone.example", "arai.example"),
                routes.stream().map(DemoGateway.Route::domain).toList());
        assertTrue(routes.getFirst().localParts().contains("hanako"));
        List<String> lines = screen.lines();
        assertTrue(lines.getFirst().startsWith("time     id"));
        assertTrue(
                screen.text()
                        .contains("  swaks --server 127.0.0.1:" + stand.port()
                                + " --from alice@sender.example --to hanako@hakone.example    # is delivered"),
                screen.text());
        assertTrue(screen.text()
                .contains("Hakone's server 127.0.0.1:" + routes.getFirst().hop().port()));
        assertEquals(
                50,
                lines.stream()
                        .filter(line -> line.contains(" sample: "))
                        .limit(50)
                        .count());
        assertTrue(lines.getLast().contains("=="));
        assertThrows(
                IOException.class,
                () -> loopback.connect(routes.getFirst().hop().port()));
    }

    @Test
    void whenTheGatewayDoesNotStartEverythingIsClosed() {
        Screen screen = new Screen();
        List<NextHop> hops = new ArrayList<>();
        Demo demo = demo(screen, (given, log) -> {
            given.forEach(route -> hops.add(route.hop()));
            throw new IOException("no room on the disk");
        });
        assertEquals(
                "no room on the disk",
                assertThrows(IOException.class, demo::start).getMessage());
        assertEquals(2, hops.size());
        hops.forEach(hop -> assertThrows(IOException.class, () -> loopback.connect(hop.port())));
        assertFalse(screen.text().contains("swaks"));
    }

    private Demo demo(Screen screen, DemoGateway.Starter starter) {
        return new Demo(
                loopback::listen,
                loopback.connector(),
                starter,
                () -> NOON,
                new SplittableRandom(1),
                screen.stream(),
                new ViewStyle(false, false, ZoneOffset.UTC),
                limits);
    }

    private CustomerServer stand(Map<String, String> refusals) throws IOException {
        CustomerServer server =
                new CustomerServer("gateway.example", loopback.listen(), Weather.fair(), refusals, () -> NOON, limits);
        server.start();
        return server;
    }

    private DemoSenders senders(int port, List<DemoMail> mails, DemoSenders.Observer observer) {
        return new DemoSenders(
                loopback.connector(), new NextHop("127.0.0.1", port), mails, new SplittableRandom(1), limits, observer);
    }
}
