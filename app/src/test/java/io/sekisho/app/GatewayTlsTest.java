package io.sekisho.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.app.settings.ListenAddress;
import io.sekisho.app.settings.Settings;
import io.sekisho.app.world.Roots;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.platform.secret.SelfMadeIdentity;
import io.sekisho.smtp.server.TlsOffer;
import io.sekisho.smtp.tls.ServerTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayTlsTest {
    private static final String HOST = "mx.gate.example";

    @TempDir
    Path folder;

    private GatewayTls tls(Settings.Tls tls) throws StartException {
        Settings settings = new Settings(
                folder,
                HOST,
                new Settings.Smtp(List.of(new ListenAddress("127.0.0.1", 0)), 10, 10, 1000, 100),
                tls,
                Settings.Net.DEFAULT,
                new Mailbox("postmaster", HOST),
                folder.resolve("routes.conf"),
                new Settings.Database.Embedded(),
                new Settings.Journal(1L << 30, 1000),
                new Settings.Delivery(1, 1, Duration.ofDays(1)),
                folder.resolve("log"));
        return new GatewayTls(settings, new Roots(null, Clock.systemUTC()), new SecureRandom(), Clock.systemUTC());
    }

    private static ServerTls side(GatewayTls tls) {
        return assertInstanceOf(TlsOffer.StartTls.class, tls.offer()).tls().get();
    }

    @Test
    void offOffersNothing() throws StartException {
        GatewayTls off = tls(new Settings.Tls.Off());
        assertEquals(new TlsOffer.None(), off.offer());
        off.look();
        assertTrue(Files.notExists(folder.resolve("tls")), "and makes nothing");
    }

    @Test
    void theSelfMadeCertificateIsKeptInTheDataFolder() throws Exception {
        GatewayTls made = tls(new Settings.Tls.SelfMade());
        assertSame(side(made), side(made));
        byte[] first = Files.readAllBytes(folder.resolve("tls/certificate.pem"));
        tls(new Settings.Tls.SelfMade());
        assertEquals(-1, Arrays.mismatch(first, Files.readAllBytes(folder.resolve("tls/certificate.pem"))));
    }

    @Test
    void aRenewedCertificateIsTakenAndABadOneIsNot() throws Exception {
        var files = new Settings.Tls.Files(folder.resolve("pem/certificate.pem"), folder.resolve("pem/key.pem"));
        StartException none = assertThrows(StartException.class, () -> tls(files));
        assertTrue(String.valueOf(none.getMessage()).contains("does not exist"), none.toString());
        SelfMadeIdentity.in(folder.resolve("pem"), new DomainName(HOST), new SecureRandom(), Clock.systemUTC());
        GatewayTls tls = tls(files);
        ServerTls before = side(tls);
        tls.look();
        assertSame(before, side(tls));
        SelfMadeIdentity.in(folder.resolve("new"), new DomainName(HOST), new SecureRandom(), Clock.systemUTC());
        for (String name : List.of("certificate.pem", "key.pem")) {
            Path renewed = folder.resolve("pem").resolve(name);
            Files.copy(folder.resolve("new").resolve(name), renewed, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(renewed, FileTime.from(Instant.EPOCH));
        }
        tls.look();
        assertNotSame(before, side(tls));
    }
}
