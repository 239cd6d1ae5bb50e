package io.sekisho.app.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.smtp.client.NextHop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The routes file and the lists it names. */
class RoutesReaderTest {
    private static final List<ListenAddress> OURS = List.of(new ListenAddress("127.0.0.1", 2525));

    @TempDir
    Path folder;

    @Test
    void aLineSaysWhoseWhereAndWho() throws IOException {
        Files.writeString(folder.resolve("hakone.txt"), """
                # the people of Hakone
                hanako
                Taro@Hakone.example
                HANAKO@hakone.example   # twice
                "odd name"@hakone.example
                """);
        List<RouteLine> lines = good("""
                # domain        tenant  routes                               recipients
                Hakone.Example  hakone  [192.0.2.10]:2525, mx2.hakone.example,[2001:db8::5]  recipients=hakone.txt
                arai.example    arai    192.0.2.20  recipients=*
                """);
        RouteLine hakone = lines.getFirst();
        assertEquals(2, hakone.line());
        assertEquals("hakone.example", hakone.domain().ascii());
        assertEquals("hakone", hakone.tenant());
        assertEquals(
                List.of(
                        new NextHop("192.0.2.10", 2525),
                        new NextHop("mx2.hakone.example", 25),
                        new NextHop("2001:db8:0:0:0:0:0:5", 25)),
                hakone.routes());
        assertEquals(
                new RouteLine.Recipients.Listed(
                        folder.resolve("hakone.txt"),
                        List.of(
                                new Mailbox("hanako", "hakone.example"),
                                new Mailbox("Taro", "hakone.example"),
                                new Mailbox("odd name", "hakone.example"))),
                hakone.recipients());
        assertInstanceOf(RouteLine.Recipients.Everyone.class, lines.get(1).recipients());
        assertEquals(List.of(new NextHop("192.0.2.20", 25)), lines.get(1).routes());
    }

    @Test
    void textOfAJapaneseInputMethodIsUnderstood() throws IOException {
        Files.writeString(folder.resolve("名簿.txt"), "ｈａｎａｋｏ＠ｈａｋｏｎｅ．ｅｘａｍｐｌｅ\n");
        RouteLine line =
                good("ｈａｋｏｎｅ．ｅｘａｍｐｌｅ　ｈａｋｏｎｅ　１９２．０．２．１０：２５　ｒｅｃｉｐｉｅｎｔｓ＝名簿.txt\n").getFirst();
        assertEquals(List.of(new NextHop("192.0.2.10", 25)), line.routes());
        assertEquals(
                List.of(new Mailbox("hanako", "hakone.example")),
                ((RouteLine.Recipients.Listed) line.recipients()).mailboxes());
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() throws IOException {
        Files.writeString(folder.resolve("bad.txt"), "hanako\nhanako@other.example\nfoo..bar\n花子\n");
        List<String> said = bad("""
                hakone.example hakone
                https://arai.example arai 192.0.2.20 recipients=*
                a.example Under_Score 192.0.2.20 recipients=*
                b.example b 192.0.2.999,mx.b.example:99999,,2001:db8::1 recipients=*
                c.example c 127.0.0.1:2525 recipients=*
                d.example d 192.0.2.1,192.0.2.1 recipients=
                e.example e 192.0.2.1 recipients=bad.txt
                e.example e 192.0.2.1 recipients=none.txt
                """);
        List<String> expected = List.of(
                "routes.conf:1: the line does not have its four parts",
                "routes.conf:2: the domain must be a domain name alone, not a web address",
                "routes.conf:3: the tenant \"Under_Score\" is not",
                "routes.conf:4: the route must be a domain name such as hakone.example, not \"192.0.2.999\"",
                "routes.conf:4: the route has a port that is no number from 1 to 65535: \"mx.b.example:99999\"",
                "routes.conf:4: the route must be a domain name such as hakone.example, not \"\"",
                "routes.conf:4: the route must have an IPv6 address in brackets: [2001:db8::1]:25",
                "routes.conf:5: the route 127.0.0.1:2525 is where this gateway listens",
                "routes.conf:6: the route 192.0.2.1:25 stands there twice",
                "routes.conf:6: recipients= names neither a file nor *",
                "routes.conf:8: e.example stands in line 7 already",
                "bad.txt:2: \"hanako@other.example\" is not an address of e.example",
                "bad.txt:3: \"foo..bar\" is not an address",
                "bad.txt:4: \"花子\" has \"花\" (U+82B1) before the @",
                "none.txt: the list of recipients does not exist");
        assertEquals(expected.size(), said.size(), String.join("\n", said));
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(said.get(i).startsWith(expected.get(i)), said.get(i));
        }
    }

    @Test
    void anEmptyFileOrListIsNotTakenForPermissionToRefuseEverybody() throws IOException {
        assertTrue(bad("# nothing\n").getFirst().contains("no domain stands in the routes file"));
        Files.writeString(folder.resolve("empty.txt"), "# nobody yet\n");
        assertTrue(
                bad("a.example a 192.0.2.1 recipients=empty.txt\n").getFirst().contains("the list names nobody"));
    }

    @Test
    void boundsHold() throws IOException {
        RoutesLimits small = new RoutesLimits(1000, 2, 2, 2, 3);
        Files.writeString(folder.resolve("list.txt"), "a\nb\nc\n");
        Path file = folder.resolve("routes.conf");
        Files.writeString(file, "a.example a 192.0.2.1,192.0.2.2,192.0.2.3 recipients=list.txt\n");
        List<Problem> problems = RoutesReader.read(file, OURS, small).problems();
        assertEquals("there are more than 2 routes", problems.getFirst().what());
        assertEquals("the list has more than 2 recipients", problems.get(1).what());
        Files.writeString(file, "x\n".repeat(10));
        problems = RoutesReader.read(file, OURS, small).problems();
        assertEquals(4, problems.size());
        assertEquals("7 more problems are not shown", problems.getLast().what());
        Files.writeString(
                file,
                "a.example a h.example recipients=*\nb.example a h.example recipients=*\nc.example a h.example recipients=*\n");
        assertTrue(RoutesReader.read(file, OURS, small)
                .problems()
                .getFirst()
                .what()
                .contains("more than 2 domains"));
        Files.writeString(file, "#".repeat(1001));
        assertTrue(RoutesReader.read(file, OURS, small)
                .problems()
                .getFirst()
                .what()
                .contains("more than 1 KB"));
    }

    private List<RouteLine> good(String text) throws IOException {
        Reading<List<RouteLine>> reading = read(text);
        assertEquals(List.of(), reading.problems());
        return reading.value().orElseThrow();
    }

    private List<String> bad(String text) throws IOException {
        Reading<List<RouteLine>> reading = read(text);
        assertTrue(reading.value().isEmpty(), "was taken: " + text);
        return reading.problems().stream()
                .map(problem -> problem.toString().substring(folder.toString().length() + 1))
                .toList();
    }

    private Reading<List<RouteLine>> read(String text) throws IOException {
        Path file = folder.resolve("routes.conf");
        Files.writeString(file, text);
        return RoutesReader.read(file, OURS, new RoutesLimits(1 << 20, 1000, 20, 1000, 50));
    }
}
