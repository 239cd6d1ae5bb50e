package io.sekisho.smtp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.smtp.DsnOptions;
import io.sekisho.smtp.MailParameters;
import io.sekisho.smtp.RecipientParameters;
import io.sekisho.smtp.RecipientParameters.Notify;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CommandParserTest {
    private final CommandParser parser = new CommandParser("mx.hakone.example");

    private void assertRefused(String line, String reply) {
        var malformed = assertInstanceOf(Command.Malformed.class, parser.parse(line), line);
        assertTrue(malformed.reply().toString().startsWith(reply), () -> line + " gave " + malformed);
    }

    private void assertSender(String line, ReversePath path, long size, boolean eightBit) {
        assertEquals(new Command.Mail(path, new MailParameters(size, eightBit)), parser.parse(line), line);
    }

    private void assertRecipient(String line, String local, String domain) {
        assertEquals(new Command.Rcpt(new Mailbox(local, domain), RecipientParameters.NONE), parser.parse(line), line);
    }

    @Test
    void verbsInAnyCase() {
        assertInstanceOf(Command.Data.class, parser.parse("data"));
        assertInstanceOf(Command.Rset.class, parser.parse("RsEt"));
        assertInstanceOf(Command.Quit.class, parser.parse("quit  "));
        assertInstanceOf(Command.Noop.class, parser.parse("noop x y"));
        assertInstanceOf(Command.Help.class, parser.parse("help"));
        assertInstanceOf(Command.Vrfy.class, parser.parse("vrfy x"));
        assertEquals(new Command.Ehlo("[192.0.2.1]"), parser.parse("ehlo [192.0.2.1]"));
        assertEquals(new Command.Helo("my_pc"), parser.parse("HELO my_pc "));
    }

    @Test
    void argumentsThatMustOrMustNotBe() {
        assertRefused("DATA now", "501 5.5.4");
        assertRefused("RSET now", "501 5.5.4");
        assertRefused("QUIT now", "501 5.5.4");
        assertRefused("STARTTLS now", "501 5.5.4");
        assertRefused("VRFY", "501 5.5.4");
        assertRefused("EHLO", "501 5.5.4");
        assertRefused("HELO   ", "501 5.5.4");
        assertRefused("EHLO " + "x".repeat(256), "501 5.5.4");
        assertRefused("MAIL", "501 5.5.4");
        assertRefused("RCPT FROM:<a@b.example>", "501 5.5.4");
        assertRefused("MAIL TO:<a@b.example>", "501 5.5.4");
        assertRefused("MAIL FROM <a@b.example>", "501 5.5.4");
    }

    @Test
    void unknownCommands() {
        for (String line : List.of(
                "", " ", "MAI", "MAILFROM:<>", "DATAX", "RCPX x", "\"", "....", "@@@@", "LHLO x", "XEXCH50 1")) {
            assertRefused(line, "500 5.5.1");
        }
        for (String line : List.of("EXPN x", "AUTH PLAIN", "TURN", "SEND x", "SOML x", "SAML x", "ETRN x")) {
            assertRefused(line, "502 5.5.1");
        }
    }

    @Test
    void senders() {
        var alice = new ReversePath.Of(new Mailbox("alice", "sender.example"));
        assertSender("MAIL FROM:<alice@sender.example>", alice, 0, false);
        assertSender("mail from:<alice@SENDER.example.>", alice, 0, false);
        assertSender("MAIL FROM: <alice@sender.example> ", alice, 0, false);
        assertSender("MAIL FROM:<@a.example,@b.example:alice@sender.example>", alice, 0, false);
        assertSender("MAIL FROM:<> BODY=8bitmime  SIZE=12", new ReversePath.Null(), 12, true);
        assertSender("MAIL FROM:<> SIZE=99999999999999999999 BODY=7BIT", new ReversePath.Null(), Long.MAX_VALUE, false);
        assertRefused("MAIL FROM:<postmaster>", "501 5.1.7");
        assertRefused("MAIL FROM:alice@sender.example", "501 5.1.7");
        assertRefused("MAIL FROM:<alice@sender.example", "501 5.1.7");
        assertRefused("MAIL FROM:<alice@sender.example>x", "501 5.5.4");
        assertRefused("MAIL FROM:<@a.example:>", "501 5.1.7");
        assertRefused("MAIL FROM:<@a.example,b.example:alice@sender.example>", "501 5.1.7");
        assertRefused("MAIL FROM:<alice@>", "501 5.1.7");
        assertRefused("MAIL FROM:<@sender.example>", "501 5.1.7");
        assertRefused("MAIL FROM:<al ice@sender.example>", "501 5.1.7");
        assertRefused("MAIL FROM:<alice@-sender.example>", "501 5.1.7");
        assertRefused("MAIL FROM:<alice@a..b>", "501 5.1.7");
        assertRefused("MAIL FROM:<\"alice@sender.example>", "501 5.1.7");
        assertRefused("MAIL FROM:<" + "x".repeat(256) + "@sender.example>", "501 5.1.7");
        assertRefused("MAIL FROM:<alice@" + "x.".repeat(200) + "example>", "501 5.1.7");
    }

    @Test
    void parametersOfMail() {
        assertRefused("MAIL FROM:<> SIZE=", "501 5.5.4");
        assertRefused("MAIL FROM:<> SIZE=-1", "501 5.5.4");
        assertRefused("MAIL FROM:<> SIZE=1 SIZE=1", "501 5.5.4");
        assertRefused("MAIL FROM:<> SIZE=123456789012345678901", "501 5.5.4");
        assertRefused("MAIL FROM:<> BODY=BINARYMIME", "501 5.5.4");
        assertRefused("MAIL FROM:<> BODY=7BIT BODY=7BIT", "501 5.5.4");
        assertRefused("MAIL FROM:<> SIZE", "555 5.5.4");
        assertRefused("MAIL FROM:<> AUTH=<>", "555 5.5.4");
        assertRefused("MAIL FROM:<> NOTIFY=NEVER", "555 5.5.4");
        assertRefused("MAIL FROM:<> SMTPUTF8=1", "501 5.5.4");
        assertRefused("MAIL FROM:<> SMTPUTF8 SMTPUTF8", "501 5.5.4");
        assertRefused("MAIL FROM:<> RET=ALL", "501 5.5.4");
        assertRefused("MAIL FROM:<> RET=FULL RET=FULL", "501 5.5.4");
        assertRefused("MAIL FROM:<> ENVID=", "501 5.5.4");
        assertRefused("MAIL FROM:<> ENVID=a ENVID=b", "501 5.5.4");
        assertRefused("MAIL FROM:<> ENVID=+0A", "501 5.5.4");
        assertRefused("MAIL FROM:<> ENVID=+2", "501 5.5.4");
        assertRefused("MAIL FROM:<> ENVID=" + "x".repeat(101), "501 5.5.4");
        assertRefused("RCPT TO:<a@b.example> SIZE=1", "555 5.5.4");
        assertRefused("RCPT TO:<a@b.example> NOTIFY", "555 5.5.4");
        assertRefused("RCPT TO:<a@b.example>NOTIFY=NEVER", "501 5.5.4");
        for (String notify : List.of("", "NEVER,FAILURE", "SUCCESS,SUCCESS", "SUCCESS,", "ALWAYS")) {
            assertRefused("RCPT TO:<a@b.example> NOTIFY=" + notify, "501 5.5.4");
        }
        assertRefused("RCPT TO:<a@b.example> NOTIFY=NEVER NOTIFY=NEVER", "501 5.5.4");
        for (String original :
                List.of("", "rfc822", "rfc822;", ";a", "rfc822;+", "rfc822;+0g", "rfc822;a=b", "a b;c")) {
            assertTrue(parser.parse("RCPT TO:<a@b.example> ORCPT=" + original) instanceof Command.Malformed, original);
        }
        assertRefused("RCPT TO:<a@b.example> ORCPT=rfc822;" + "x".repeat(494), "501 5.5.4");
        assertRefused("RCPT TO:<a@b.example> ORCPT=rfc822;a ORCPT=rfc822;a", "501 5.5.4");
    }

    @Test
    void parametersOfNotices() {
        var dsn = new DsnOptions(DsnOptions.Returned.HDRS, "QQ314159+20x");
        assertEquals(
                new Command.Mail(new ReversePath.Null(), new MailParameters(5, true, true, dsn)),
                parser.parse("MAIL FROM:<> ret=hdrs SIZE=5 smtputf8 ENVID=QQ314159+20x BODY=8BITMIME"));
        var asked = new RecipientParameters(Set.of(Notify.SUCCESS, Notify.DELAY), "rfc822;Bob+40+2Bx@a.example");
        var taro = new Mailbox("taro", "hakone.example");
        assertEquals(
                new Command.Rcpt(taro, asked),
                parser.parse("RCPT TO:<taro@hakone.example> notify=delay,SUCCESS ORCPT=rfc822;Bob+40+2Bx@a.example"));
        assertEquals("Bob@+x@a.example", asked.originalAddress());
        assertEquals(" NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Bob+40+2Bx@a.example", asked.toCommand(false));
        var never = assertInstanceOf(Command.Rcpt.class, parser.parse("RCPT TO:<taro@hakone.example> NOTIFY=NEVER"));
        assertEquals(Set.of(Notify.NEVER), never.parameters().notices());
    }

    @Test
    void chunks() {
        assertEquals(new Command.Bdat(86, false), parser.parse("BDAT 86"));
        assertEquals(new Command.Bdat(0, true), parser.parse("bdat 0 last "));
        assertEquals(new Command.Bdat(Long.MAX_VALUE, true), parser.parse("BDAT 99999999999999999999 LAST"));
        for (String line : List.of(
                "BDAT",
                "BDAT LAST",
                "BDAT x",
                "BDAT -1",
                "BDAT +1",
                "BDAT 1 2",
                "BDAT 1 LAST x",
                "BDAT 1LAST",
                "BDAT 1 LASTLY",
                "BDAT 123456789012345678901",
                "BDAT 0x10 LAST",
                "BDAT 1.5")) {
            assertInstanceOf(Command.Unframed.class, parser.parse(line), line);
        }
    }

    private Command parseUtf8(String line) {
        return parser.parse(new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    @Test
    void addressesBeyondAscii() {
        var hanako = new Mailbox("花子", "例え.example");
        assertEquals(
                new Command.Mail(new ReversePath.Of(hanako), new MailParameters(0, false, true, DsnOptions.NONE)),
                parseUtf8("MAIL FROM:<花子@例え.example.> SMTPUTF8"));
        assertEquals(
                new Command.Rcpt(hanako, RecipientParameters.NONE),
                parseUtf8("RCPT TO:<@経由.example:\"花子\"@例え.example>"));
        assertEquals("xn--r8jz45g.example", hanako.asciiDomain());
        for (String line : List.of(
                "MAIL FROM:<花子@hakone.example>",
                "MAIL FROM:<hanako@例え.example> BODY=8BITMIME",
                "VRFY 花子",
                "VRFY 花子SMTPUTF8")) {
            var refused = assertInstanceOf(Command.Malformed.class, parseUtf8(line), line);
            assertTrue(refused.reply().toString().startsWith("553 5.6.7"), line);
        }
        assertInstanceOf(Command.Vrfy.class, parseUtf8("VRFY 花子 SMTPUTF8"));
        for (String path : List.of(
                "<花\u0085子@hakone.example>",
                "<花\u2028@hakone.example>",
                "<花子@\uff48akone.example>",
                "<花子@例\u3002example>",
                "<花子@-例.example>",
                "<花子@\u0301a.example>",
                "<花子@a\u200db.example>",
                "<" + "花".repeat(86) + "@hakone.example>",
                "<花子@" + "例".repeat(63) + ".example>")) {
            var refused = assertInstanceOf(Command.Malformed.class, parseUtf8("MAIL FROM:" + path + " SMTPUTF8"), path);
            assertTrue(refused.reply().toString().startsWith("501 5.1.7"), path);
        }
        var original = "utf-8;花子\\x{5C}@例え.example";
        var rcpt = assertInstanceOf(Command.Rcpt.class, parseUtf8("RCPT TO:<taro@hakone.example> ORCPT=" + original));
        assertTrue(rcpt.international());
        assertEquals("花子\\@例え.example", rcpt.parameters().originalAddress());
        assertEquals(
                "utf-8;\\x{82B1}\\x{5B50}\\x{5C}@\\x{4F8B}\\x{3048}.example",
                rcpt.parameters().asciiOriginalRecipient());
        assertInstanceOf(
                Command.Malformed.class, parseUtf8("RCPT TO:<taro@hakone.example> ORCPT=rfc822;花子@hakone.example"));
    }

    @Test
    void recipients() {
        assertRecipient("RCPT TO:<Hanako@Hakone.EXAMPLE>", "Hanako", "hakone.example");
        assertRecipient("RCPT TO:<\"a b\\\"c\\\\d\"@hakone.example>", "a b\"c\\d", "hakone.example");
        assertRecipient("RCPT TO:<\"@\"@hakone.example>", "@", "hakone.example");
        assertRecipient("RCPT TO:<a..b.@hakone.example>", "a..b.", "hakone.example");
        assertRecipient("RCPT TO:<a@[192.0.2.1]>", "a", "[192.0.2.1]");
        assertRecipient("RCPT TO:<a@[IPv6:2001:DB8::1]>", "a", "[ipv6:2001:db8::1]");
        assertRecipient("RCPT TO:<PostMaster>", "postmaster", "mx.hakone.example");
        assertRefused("RCPT TO:<>", "501 5.1.3");
        assertRefused("RCPT TO:<hanako>", "501 5.1.3");
        for (String literal :
                List.of("1.2.3", "1.2.3.256", "1.2.3.4.5", "1.2.3.", "", "x:1", "IPv6:1", "IPv6:::1%lo", "IPv6:g::")) {
            assertRefused("RCPT TO:<a@[" + literal + "]>", "501 5.1.3");
        }
    }

    @Test
    void octetsThatNoCommandHolds() {
        assertRefused("NOOP\n", "500 5.5.2 bare CR or bare LF");
        assertRefused("NOOP\rx", "500 5.5.2 bare CR or bare LF");
        assertRefused("NO\0P", "500 5.5.2 control");
        assertRefused("NOOP\u007f", "500 5.5.2 control");
        assertRefused("NOOP \u00e9", "500 5.5.2 a command is in ASCII");
        assertRefused("M\u00c1IL FROM:<>", "500 5.5.2 a command is in ASCII");
        assertRefused("MAIL FROM:<\u00e9@sender.example>", "553 5.6.7");
        assertRefused("RCPT TO:<a@\u00e9.example>", "553 5.6.7");
        assertRefused("RCPT TO:<\"\u00e9\"@hakone.example>", "553 5.6.7");
    }

    @Property(tries = 2_000)
    void neverThrows(@ForAll("lines") String line) {
        assertNotNull(parser.parse(line));
    }

    @Provide
    Arbitrary<String> lines() {
        Arbitrary<String> words = Arbitraries.of(
                "MAIL FROM:",
                "RCPT TO:",
                "EHLO ",
                "HELO",
                "DATA",
                "<",
                ">",
                "<>",
                "@",
                "\"",
                "\\",
                "[",
                "]",
                "[IPv6:",
                "a",
                "b.example",
                ":",
                ",",
                " ",
                "SIZE=",
                "BODY=",
                "9",
                "\r",
                "\n",
                "\0",
                "\u00e9",
                "postmaster",
                "BDAT 7",
                " LAST",
                " SMTPUTF8",
                " ENVID=",
                " ORCPT=utf-8;",
                " NOTIFY=",
                "+2B",
                "\\x{",
                "}",
                "\u00e3\u0081\u0082",
                ".",
                "-");
        Arbitrary<String> any =
                Arbitraries.strings().withCharRange((char) 0, (char) 255).ofMaxLength(40);
        return Arbitraries.oneOf(words.list().ofMaxSize(12).map(list -> String.join("", list)), any);
    }

    @Property(tries = 2_000)
    void mailboxesAreReadAsTheyAreWritten(@ForAll("mailboxes") Mailbox mailbox) {
        assertEquals(new Command.Rcpt(mailbox, RecipientParameters.NONE), parser.parse("RCPT TO:<" + mailbox + ">"));
        assertEquals(
                new Command.Mail(new ReversePath.Of(mailbox), new MailParameters(7, false)),
                parser.parse("MAIL FROM:<@a.example:" + mailbox + "> SIZE=7"));
    }

    @Provide
    Arbitrary<Mailbox> mailboxes() {
        Arbitrary<String> local =
                Arbitraries.strings().withCharRange(' ', '~').ofMinLength(1).ofMaxLength(64);
        Arbitrary<String> domain = Arbitraries.of(
                "hakone.example", "a.b.c.example", "xn--r8jz45g.example", "[192.0.2.1]", "[ipv6:2001:db8::1]");
        return Combinators.combine(local, domain).as(Mailbox::new);
    }
}
