package io.sekisho.app.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.DomainName;
import io.sekisho.platform.secret.SelfMadeIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings file: what is understood, and what is said about the rest. */
class SettingsReaderTest {
    @TempDir
    Path folder;

    Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("sekisho.conf");
    }

    @Test
    void nothingWrittenMeansTheDefaults() throws IOException {
        Settings settings = good("# only a comment\n\n");
        assertEquals(folder.resolve(".sekisho"), settings.data());
        assertEquals("gate.example", settings.hostname());
        assertEquals(
                new Settings.Smtp(List.of(new ListenAddress("127.0.0.1", 2525)), 12_000, 1000, 50_000_000, 1000),
                settings.smtp());
        assertEquals(new Settings.Tls.SelfMade(), settings.tls());
        assertEquals(folder.resolve("routes.conf"), settings.routes());
        assertEquals(new Settings.Database.Embedded(), settings.database());
        assertEquals(new Settings.Journal(4_000_000_000L, 200_000), settings.journal());
        assertEquals(new Settings.Delivery(20, 500, Duration.ofDays(10)), settings.delivery());
        assertEquals(folder.resolve(".sekisho/log/sekisho.log"), settings.log());
        assertEquals(folder.resolve(".sekisho/log/mail.log"), settings.mailLog());
        assertEquals(
                settings,
                SettingsReader.standard(folder, "gate.example").value().orElseThrow());
    }

    @Test
    void everySettingIsTaken() throws IOException {
        Settings settings = good("""
                data = /var/lib/sekisho
                hostname = MX.Gate.Example.
                smtp.listen = *:25, [2001:db8::1]:2525
                smtp.sessions = 300 # a small machine
                smtp.sessions-per-address = 30
                smtp.message-size = 10 MiB
                smtp.recipients = 100
                routes = conf/ours.conf
                journal.max-bytes = 1GiB
                journal.max-records = 5000
                delivery.per-lane = 2
                delivery.total = 2
                delivery.lifetime = 36h
                log = /var/log/sekisho/system.log
                """);
        assertEquals(Path.of("/var/lib/sekisho"), settings.data());
        assertEquals("mx.gate.example", settings.hostname());
        assertEquals(
                List.of(new ListenAddress("*", 25), new ListenAddress("2001:db8::1", 2525)),
                settings.smtp().listen());
        assertEquals(300, settings.smtp().sessions());
        assertEquals(30, settings.smtp().sessionsPerAddress());
        assertEquals(10L * 1024 * 1024, settings.smtp().messageSize());
        assertEquals(folder.resolve("conf/ours.conf"), settings.routes());
        assertEquals(1L << 30, settings.journal().maxBytes());
        assertEquals(Duration.ofHours(36), settings.delivery().lifetime());
        assertEquals(Path.of("/var/log/sekisho/mail.log"), settings.mailLog());
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    @Test
    void theWorldIsReachedAsItIsSet() throws IOException {
        assertEquals(Settings.Net.DEFAULT, good("").net());
        Settings.Net net = good("""
                dns.servers = 192.0.2.53, ２００１:db8::53, [::1]:5353
                dns.trusted = on
                net.allowed = 10.0.0.0/8, fd00::/8
                net.smtp-port = 2525
                """).net();
        assertEquals(List.of(at("192.0.2.53", 53), at("2001:db8::53", 53), at("::1", 5353)), net.dns());
        assertTrue(net.dnsTrusted());
        assertEquals(2, net.allowed().size());
        assertEquals(2525, net.smtpPort());
        assertEquals(
                List.of(
                        ":1: dns.servers must be an address such as 192.0.2.53 or [2001:db8::53]:5353, not \"dns.example\"."
                                + " Correct it, or delete the line.",
                        ":2: net.allowed must be ranges such as 10.0.0.0/8 or 2001:db8::/32, without any bit set behind the"
                                + " shared ones, not \"10.0.0.1/8\". Correct it, or delete the line."),
                bad("dns.servers = dns.example\nnet.allowed = 10.0.0.1/8\n"));
    }

    @Test
    void furtherRootsAreAPemFile() throws IOException {
        SelfMadeIdentity.in(
                folder.resolve("pem"), new DomainName("mx.gate.example"), new SecureRandom(), Clock.systemUTC());
        assertNull(good("").net().roots());
        assertEquals(
                folder.resolve("pem/certificate.pem"),
                good("tls.trusted-roots = pem/certificate.pem\n").net().roots());
        Files.writeString(folder.resolve("none.pem"), "not a certificate\n");
        assertEquals(
                List.of(":1: tls.trusted-roots must be a PEM file of certificates; " + folder.resolve("none.pem")
                        + " cannot be understood. Correct it, or delete the line."),
                bad("tls.trusted-roots = none.pem\n"));
    }

    @Test
    void noticesComeFromAnAddress() throws IOException {
        assertEquals(
                "hostmaster@gate.example",
                good("notices.from = hostmaster@gate.example\n").noticesFrom().toString());
        assertEquals(
                List.of(
                        ":1: notices.from must have an @ and a domain, such as postmaster@mx.example, not \"hostmaster\"."
                                + " Correct it, or delete the line."),
                bad("notices.from = hostmaster\n"));
    }

    @Test
    void tlsIsOffOrHasBothFiles() throws IOException {
        assertEquals(new Settings.Tls.Off(), good("tls = OFF\n").tls());
        assertEquals(new Settings.Tls.SelfMade(), good("tls = on\n").tls());
        SelfMadeIdentity.in(
                folder.resolve("pem"), new DomainName("mx.gate.example"), new SecureRandom(), Clock.systemUTC());
        String both = "tls.certificate = pem/certificate.pem\ntls.key = pem/key.pem\n";
        assertEquals(
                new Settings.Tls.Files(folder.resolve("pem/certificate.pem"), folder.resolve("pem/key.pem")),
                good(both).tls());
        assertEquals(
                List.of(
                        ":1: tls must be on or off, not \"yes\". Correct it, or delete the line for the default, on.",
                        ":2: tls.key: " + folder.resolve("none.pem")
                                + " does not exist. Mend the file, or delete both lines for a certificate that we make."),
                Stream.concat(
                                bad("tls = yes\n").stream(),
                                bad("tls.certificate = pem/certificate.pem\ntls.key = none.pem\n").stream())
                        .toList());
        assertEquals(
                List.of(
                        ":2: tls.certificate has no meaning with tls = off. Delete it, or set tls.",
                        ":3: tls.key has no meaning with tls = off. Delete it, or set tls."),
                bad("tls = off\n" + both));
        assertEquals(
                List.of(": tls.key is not set. A certificate and its key go together: name both PEM files."),
                bad("tls.certificate = pem/certificate.pem\n"));
    }

    @Test
    void textOfAJapaneseInputMethodIsUnderstood() throws IOException {
        Settings settings = good("""
                ｓｍｔｐ．ｓｅｓｓｉｏｎｓ　＝　３０００
                hostname＝ｍｘ。ｇａｔｅーｗａｙ。ｅｘａｍｐｌｅ
                smtp.message-size = ２０ＭＢ
                smtp.listen = １２７．０．０．１：２５、［::1］：２６
                delivery.lifetime = ５日
                　＃ 全角の注釈
                """);
        assertEquals(3000, settings.smtp().sessions());
        assertEquals("mx.gate-way.example", settings.hostname());
        assertEquals(20_000_000, settings.smtp().messageSize());
        assertEquals(
                List.of(new ListenAddress("127.0.0.1", 25), new ListenAddress("::1", 26)),
                settings.smtp().listen());
        assertEquals(Duration.ofDays(5), settings.delivery().lifetime());
    }

    @Test
    void namesOfFilesKeepTheirCharacters() throws IOException {
        assertEquals(folder.resolve("データ　ＡＢ"), good("data = データ　ＡＢ\n").data());
    }

    @Test
    void allThatIsWrongIsSaidAtOnceWithItsLine() throws IOException {
        List<String> said = bad("""
                smtp.sesions = 10
                smtp.sessions = many
                colour = blue
                smtp.sessions = 10
                just words
                hostname = 関所.example
                """);
        assertEquals(
                List.of(
                        ":1: there is no setting \"smtp.sesions\". Perhaps smtp.sessions is meant.",
                        ":2: smtp.sessions must be a whole number from 1 to 100000, not \"many\"."
                                + " Correct it, or delete the line for the default, 12000.",
                        ":3: there is no setting \"colour\". The settings are " + String.join(", ", Key.all()) + ".",
                        ":4: smtp.sessions stands in line 2 already. Delete one of the two.",
                        ":5: \"just words\" is no setting. Write key = value, or # before a comment.",
                        ":6: hostname has \"関\" (U+95A2), which a domain name cannot have;"
                                + " write it in A-labels: xn--8ous75i.example. Correct it, or delete the line."),
                said);
    }

    @Test
    void valuesOutOfTheirBoundsAreNamedWithTheBounds() throws IOException {
        assertTrue(bad("smtp.message-size = 50M\n").getFirst().contains("from 64 KiB to 1 GiB, not \"50M\""));
        assertTrue(bad("smtp.message-size = 2GB\n").getFirst().contains("from 64 KiB to 1 GiB"));
        assertTrue(bad("delivery.lifetime = 31d\n").getFirst().contains("from 1 d to 30 d, not \"31d\""));
        assertTrue(bad("delivery.lifetime = 10\n").getFirst().contains("a unit (s, m, h, d)"));
        assertTrue(bad("smtp.sessions = 12,000\n").getFirst().contains("without separators: 12000"));
        assertTrue(bad("smtp.sessions = 99999999999999999999\n").getFirst().contains("from 1 to 100000"));
        assertTrue(bad("journal.max-bytes = 999999999999999TB\n").getFirst().contains("journal.max-bytes must be"));
        assertTrue(bad("smtp.sessions =\n").getFirst().contains("smtp.sessions has no value"));
        assertTrue(bad("smtp.listen = mx.gate.example:25\n").getFirst().contains("a host name is not an address"));
        assertTrue(bad("smtp.listen = 127.0.0.1:25,127.0.0.1:25\n").getFirst().contains("has 127.0.0.1:25 twice"));
        assertTrue(bad("smtp.listen = ::1:25\n").getFirst().contains("IPv6 address in brackets"));
    }

    @Test
    void boundsThatContradictEachOtherAreRefused() throws IOException {
        assertTrue(bad("smtp.sessions = 100\n")
                .getFirst()
                .contains(":1: smtp.sessions-per-address (1000) is above smtp.sessions (100)"));
        assertTrue(bad("delivery.per-lane = 501\n").getFirst().contains("Set delivery.per-lane to 500 or less"));
    }

    @Test
    void anExternalDatabaseWantsItsPasswords() throws IOException {
        String url = "database = jdbc:postgresql://db.example:5432/sekisho\n";
        List<String> said = bad(url);
        assertEquals(4, said.size(), said.toString());
        assertTrue(said.getFirst().contains("database.owner.password-file is not set"));
        Files.writeString(folder.resolve("pw"), "secret\n");
        StringBuilder all = new StringBuilder(url).append("database.app.user = other\n");
        for (String login : List.of("owner", "app", "gateway", "operator")) {
            all.append("database.").append(login).append(".password-file = pw\n");
        }
        Settings.Database.External external =
                (Settings.Database.External) good(all.toString()).database();
        assertEquals("jdbc:postgresql://db.example:5432/sekisho", external.url());
        assertEquals(
                Map.of(
                        "owner", login("sekisho_owner"),
                        "app", login("other"),
                        "gateway", login("sekisho_gateway"),
                        "operator", login("sekisho_operator")),
                external.logins());
    }

    @Test
    void whatHasNoMeaningIsRefused() throws IOException {
        assertTrue(bad("database.owner.user = me\n").getFirst().contains("no meaning with database = embedded"));
        assertTrue(bad("database = mysql://x/y\n").getFirst().contains("must be \"embedded\" or jdbc:postgresql://"));
        assertTrue(bad("database = jdbc:postgresql://x/y?password=z\n")
                .getFirst()
                .contains("must not hold a user or a password"));
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Reading<Settings> missing = SettingsReader.read(folder.resolve("none.conf"), "gate.example");
        assertTrue(missing.value().isEmpty());
        assertTrue(missing.problems().getFirst().what().contains("does not exist"));
        Files.write(file, "data = ok\n# 注釈".getBytes(Charset.forName("Shift_JIS")));
        Problem wrong = read().problems().getFirst();
        assertEquals(2, wrong.line());
        assertTrue(wrong.what().contains("is not UTF-8"), wrong.toString());
        assertTrue(SettingsReader.read(folder, "x").problems().getFirst().what().contains("is a folder"));
    }

    @Test
    void byteOrderMarkAndForeignLineEndsDoNoHarm() throws IOException {
        Files.write(file, "\ufeffdata = a\r\nlog = b\r\n".getBytes(StandardCharsets.UTF_8));
        Settings settings = read().value().orElseThrow();
        assertEquals(folder.resolve("a"), settings.data());
        assertEquals(folder.resolve("b"), settings.log());
    }

    @Test
    void aMachineWithAStrangeNameIsLocalhost() {
        assertEquals(
                "localhost",
                SettingsReader.standard(folder, "Hanako の PC")
                        .value()
                        .orElseThrow()
                        .hostname());
    }

    @Test
    void rowsSayWhereAValueComesFrom() throws IOException {
        Files.writeString(file, "\ndelivery.total = 60\n");
        List<Reading.Row> rows = read().rows();
        assertTrue(rows.contains(new Reading.Row("delivery.total", "60", "line 2")), rows.toString());
        assertTrue(rows.contains(new Reading.Row("smtp.message-size", "50 MB", "default")), rows.toString());
    }

    private Settings.DatabaseLogin login(String user) {
        return new Settings.DatabaseLogin(user, folder.resolve("pw"));
    }

    private Settings good(String text) throws IOException {
        Files.writeString(file, text);
        Reading<Settings> reading = read();
        assertEquals(List.of(), reading.problems());
        return reading.value().orElseThrow();
    }

    /** What is said, without the name of the file. */
    private List<String> bad(String text) throws IOException {
        Files.writeString(file, text);
        Reading<Settings> reading = read();
        assertTrue(reading.value().isEmpty(), "was taken: " + text);
        return reading.problems().stream()
                .map(problem -> problem.toString().substring(file.toString().length()))
                .toList();
    }

    private Reading<Settings> read() {
        return SettingsReader.read(file, "gate.example");
    }
}
