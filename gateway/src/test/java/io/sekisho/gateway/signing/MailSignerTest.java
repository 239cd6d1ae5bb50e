package io.sekisho.gateway.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.dkim.SigningLimits;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.testkit.db.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailSignerTest {
    private static final TestDatabase TEST =
            TestDatabase.fresh(new TestDatabase.Migration("gateway", "classpath:db/gateway"));

    @TempDir
    private Path folder;

    private SigningFixture world;
    private DkimKeys keys;
    private MailSigner signer;

    @BeforeEach
    void node() throws SQLException {
        world = new SigningFixture(TEST, folder);
        world.run("truncate dkim_key");
        keys = world.node();
        keys.step();
        signer = new MailSigner(keys, () -> world.now, SigningLimits.DEFAULT);
    }

    @AfterAll
    static void close() throws Exception {
        TEST.close();
    }

    private static Content mail(String from) {
        byte[] octets = (from + "To: hanako@hakone.example\r\nSubject: notice\r\n\r\nhello\r\n")
                .getBytes(StandardCharsets.UTF_8);
        return new MemoryContent(octets, octets.length, false);
    }

    private static String text(Content content) throws IOException {
        try (var in = content.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void mailGoesUnsignedAsLongAsNoKeySigns() throws IOException {
        Content mail = mail("From: Sekisho <postmaster@gate.example>\r\n");
        assertSame(mail, signer.signed(mail));
    }

    @Test
    void everyKeySignsMailOfOurDomainAndOfThoseBelow() throws Exception {
        world.publishAll();
        keys.step();
        for (String from : List.of(
                "From: Sekisho <postmaster@gate.example>\r\n",
                "From: postmaster@GATE.example\r\n",
                "From: =?UTF-8?B?6Zai5omA?=\r\n <notice@mx.gate.example>\r\n")) {
            String text = text(signer.signed(mail(from)));
            List<String> fields =
                    List.of(text.substring(0, text.indexOf("From:")).split("(?=DKIM-Signature:)"));
            assertEquals(2, fields.size(), text);
            assertTrue(fields.getFirst().contains("a=rsa-sha256;"), text);
            assertTrue(fields.getFirst().contains("s=sekisho1;"), text);
            assertTrue(fields.getLast().contains("a=ed25519-sha256;"), text);
            assertTrue(fields.getLast().contains("s=sekisho-e1;"), text);
            assertTrue(fields.stream().allMatch(field -> field.contains(" d=gate.example;") && field.endsWith("\r\n")));
            assertTrue(text.endsWith(text(mail(from))), "the content itself is as it was");
        }
    }

    @Test
    void mailOfOthersIsNotSigned() throws Exception {
        world.publishAll();
        keys.step();
        for (String from : List.of(
                "From: alice@sender.example\r\n",
                "From: alice@agate.example\r\n",
                "From: alice@gate.example <alice@sender.example>\r\n",
                "From: nobody\r\n",
                "",
                "From: a@gate.example\r\nFrom: b@gate.example\r\n")) {
            assertEquals("", signer.fields(mail(from)), from);
        }
        assertFalse(signer.fields(mail("From: a@gate.example\r\n")).isEmpty());
    }
}
