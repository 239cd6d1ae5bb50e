package io.sekisho.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.tracking.MailEvent;
import io.sekisho.gateway.tracking.Reason;
import io.sekisho.mail.address.Mailbox;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LiveViewTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final UUID ID = UUID.fromString("0193a000-0000-7000-8000-00001234abcd");
    private static final Mailbox HANAKO = new Mailbox("hanako", "hakone.example");
    private static final Mailbox TARO = new Mailbox("taro", "hakone.example");
    private static final MailEvent ACCEPTED =
            new MailEvent.Accepted(NOON, ID, ID, "127.0.0.1", "alice@sender.example", List.of(HANAKO, TARO), 2_100, "");
    private static final List<MailEvent> EVENTS = List.of(
            ACCEPTED,
            new MailEvent.Delivered(NOON, ID, HANAKO, "127.0.0.1:2501", "250 ok", Duration.ofMillis(12), ""),
            new MailEvent.Deferred(NOON, ID, TARO, "127.0.0.1:2501", "451 4.3.2 busy", NOON.plusSeconds(60)),
            new MailEvent.Held(NOON, ID, TARO, Reason.ROUTE_REFUSED, "550 5.2.1 closed"),
            new MailEvent.Refused(NOON, "192.0.2.9", "", "nobody@hakone.example", "550 5.1.1 no such mailbox"),
            new MailEvent.Refused(NOON, "192.0.2.9", "", "", "too many errors"),
            new MailEvent.RouteDown(NOON, "127.0.0.1:2501", "connection refused", NOON.plusSeconds(15)),
            new MailEvent.RouteUp(NOON, "127.0.0.1:2501"));

    @Test
    void eachEventInEnglish() {
        assertEquals(
                List.of(
                        "12:00:00 1234abcd alice@sender.example     -> hanako@hakone.example +1 taken 2.1 kB from 127.0.0.1",
                        "12:00:00 1234abcd alice@sender.example     -> hanako@hakone.example    delivered by mail.hakone.example after 12 ms",
                        "12:00:00 1234abcd alice@sender.example     -> taro@hakone.example      put off until 12:01:00 because 451 4.3.2 busy",
                        "12:00:00 1234abcd alice@sender.example     -> taro@hakone.example      held because ROUTE_REFUSED: 550 5.2.1 closed",
                        "12:00:00 -        <>                       -> nobody@hakone.example    refused: 550 5.1.1 no such mailbox",
                        "12:00:00 -        192.0.2.9                -> -                        refused: too many errors",
                        "12:00:00 -        route                    -> mail.hakone.example      down until 12:00:15 because connection refused",
                        "12:00:00 -        route                    -> mail.hakone.example      up again",
                        "12:00:00 == taken 2  delivered 1  waiting 0  held 1  refused 2"),
                shown(new ViewStyle(false, false, ZoneOffset.UTC)));
    }

    @Test
    void eachEventInJapanese() {
        assertEquals(
                List.of(
                        "12:00:00 1234abcd alice@sender.example     -> hanako@hakone.example +1 受付 2.1 kB、127.0.0.1 から",
                        "12:00:00 1234abcd alice@sender.example     -> hanako@hakone.example    配送済み mail.hakone.example へ、12 ms後",
                        "12:00:00 1234abcd alice@sender.example     -> taro@hakone.example      配送待ち 12:01:00 まで、理由: 451 4.3.2 busy",
                        "12:00:00 1234abcd alice@sender.example     -> taro@hakone.example      保留 理由: ROUTE_REFUSED: 550 5.2.1 closed",
                        "12:00:00 -        <>                       -> nobody@hakone.example    拒否: 550 5.1.1 no such mailbox",
                        "12:00:00 -        192.0.2.9                -> -                        拒否: too many errors",
                        "12:00:00 -        経路                     -> mail.hakone.example      停止 12:00:15 まで、理由: connection refused",
                        "12:00:00 -        経路                     -> mail.hakone.example      復旧",
                        "12:00:00 == 受付 2  配送済み 1  配送待ち 0  保留 1  拒否 2"),
                shown(new ViewStyle(true, false, ZoneOffset.UTC)));
    }

    @Test
    void samplesSayWhatTheyShowAndWhatTheirSenderWasTold() {
        DemoMail mail = DemoMails.all().getFirst();
        Screen screen = new Screen();
        LiveView view = view(screen, new ViewStyle(true, false, ZoneOffset.UTC), DemoLimits.DEFAULT);
        view.sample(mail, new SendResult.Taken("250 2.0.0 stored as " + ID, List.of()));
        view.sample(mail, new SendResult.Refused("554 5.6.0 bare LF"));
        view.sample(mail, new SendResult.Taken("250 ok", List.of("550 5.1.1 nobody")));
        view.sample(mail, new SendResult.NotYet("connection refused"));
        view.start();
        view.close();
        List<String> lines = screen.lines();
        assertEquals(
                "12:00:00 1234abcd alice@sender.example     -> hanako@hakone.example    見本: 打ち合わせの依頼。昔ながらのISO-2022-JP、7ビット",
                lines.get(4));
        assertTrue(lines.get(5).endsWith("7ビット - 554 5.6.0 bare LF"), lines.get(5));
        assertTrue(
                lines.get(6).startsWith("12:00:00 -        alice@")
                        && lines.get(6).endsWith(" - 550 5.1.1 nobody"),
                lines.get(6));
        assertTrue(lines.get(7).endsWith("7ビット - connection refused"), lines.get(7));
    }

    @Test
    void theLegendComesFirstInTheReadersLanguage() {
        Screen ja = new Screen();
        LiveView view = view(ja, new ViewStyle(true, false, ZoneOffset.UTC), DemoLimits.DEFAULT);
        view.record(ACCEPTED);
        view.start();
        view.close();
        assertEquals(
                "時刻     番号     送信者                   -> 宛先                     起きたこと",
                ja.lines().getFirst());
        Screen en = new Screen();
        view(en, new ViewStyle(false, false, ZoneOffset.UTC), DemoLimits.DEFAULT)
                .start();
        assertEquals(
                "time     id       from (reverse-path)      -> to                       what happened",
                en.lines().getFirst());
    }

    @Test
    void coloursOnlyOnATerminalThatWantsThem() {
        Map<String, String> xterm = Map.of("TERM", "xterm");
        assertTrue(ViewStyle.of(Locale.JAPAN, xterm, true, ZoneOffset.UTC).colour());
        assertFalse(ViewStyle.of(Locale.JAPAN, xterm, false, ZoneOffset.UTC).colour());
        assertFalse(ViewStyle.of(Locale.JAPAN, Map.of("NO_COLOR", "1"), true, ZoneOffset.UTC)
                .colour());
        assertTrue(ViewStyle.of(Locale.JAPAN, Map.of("NO_COLOR", ""), true, ZoneOffset.UTC)
                .colour());
        assertFalse(ViewStyle.of(Locale.JAPAN, Map.of("TERM", "dumb"), true, ZoneOffset.UTC)
                .colour());
        assertTrue(
                shown(new ViewStyle(false, true, ZoneOffset.UTC)).get(1).contains("\u001b[32mdelivered\u001b[0m by"));
        assertFalse(String.join("", shown(new ViewStyle(false, false, ZoneOffset.UTC)))
                .contains("\u001b"));
    }

    @Test
    void theReadersLanguageAndZone() {
        assertTrue(
                ViewStyle.of(Locale.JAPANESE, Map.of(), false, ZoneOffset.UTC).japanese());
        assertFalse(ViewStyle.of(Locale.FRENCH, Map.of(), false, ZoneOffset.UTC).japanese());
        assertTrue(shown(new ViewStyle(true, false, ZoneId.of("Asia/Tokyo")))
                .getFirst()
                .startsWith("21:00:00 "));
    }

    @Test
    void textFromOutsideCannotSteerTheTerminal() {
        Screen screen = new Screen();
        LiveView view = view(screen, new ViewStyle(false, false, ZoneOffset.UTC), DemoLimits.DEFAULT);
        view.record(
                new MailEvent.Refused(NOON, "192.0.2.9", "a\u001b[2J@x", "b\r\nc@x\u202e", "550 \u0007no\u2028way"));
        view.start();
        view.close();
        assertEquals(
                "12:00:00 -        a?[2J@x                  -> b??c@x?                  refused: 550 ?no?way",
                screen.lines().get(4));
    }

    @Test
    void sumsComeWithTheClock() throws InterruptedException {
        SteppedClock clock = new SteppedClock(NOON);
        Screen screen = new Screen();
        LiveView view = new LiveView(screen.stream(), new ViewStyle(false, false, ZoneOffset.UTC), clock, quick(100));
        view.start();
        view.record(ACCEPTED);
        screen.await("taken 2.1 kB");
        clock.step(Duration.ofSeconds(9));
        view.say("", "nine");
        screen.await("nine");
        assertFalse(screen.text().contains("=="));
        clock.step(Duration.ofSeconds(1));
        screen.await("12:00:10 == taken 2  delivered 0  waiting 2  held 0  refused 0");
        view.close();
    }

    @Test
    void aSlowTerminalLosesLinesButNoCounts() {
        Screen screen = new Screen();
        LiveView view = view(screen, new ViewStyle(false, false, ZoneOffset.UTC), quick(3));
        for (int i = 0; i < 10; i++) {
            view.record(ACCEPTED);
        }
        view.start();
        view.close();
        assertTrue(screen.text().contains("(7 lines left out, the terminal was slow)"), screen.text());
        assertTrue(screen.lines().getLast().contains("== taken 20 "), screen.text());
    }

    @Test
    void fullWidthCountsTwoAndCombiningMarksNone() {
        assertEquals(6, Columns.width("関所a "));
        assertEquals(2, Columns.width("e\u0301x"));
        assertEquals(1, Columns.width("ｱ"));
        assertEquals("関所  ", Columns.fit("関所", 6));
        assertEquals("関.. ", Columns.fit("関所の朝", 5));
        assertEquals("関所..", Columns.fit("関所の朝", 6));
    }

    private static List<String> shown(ViewStyle style) {
        Screen screen = new Screen();
        LiveView view = view(screen, style, DemoLimits.DEFAULT);
        view.name("127.0.0.1:2501", "mail.hakone.example");
        EVENTS.forEach(view::record);
        view.start();
        view.close();
        return screen.lines().subList(4, screen.lines().size());
    }

    private static LiveView view(Screen screen, ViewStyle style, DemoLimits limits) {
        return new LiveView(screen.stream(), style, () -> NOON, limits);
    }

    static DemoLimits quick(int linesWaiting) {
        DemoLimits d = DemoLimits.DEFAULT;
        return new DemoLimits(
                d.sessions(),
                d.lineOctets(),
                d.contentOctets(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                d.connect(),
                3,
                Duration.ofMillis(5),
                Duration.ofMillis(1),
                Duration.ofMillis(3),
                d.trickleOctets(),
                linesWaiting,
                d.sendersKnown(),
                d.summary(),
                Duration.ofMillis(5),
                d.stopping());
    }
}
