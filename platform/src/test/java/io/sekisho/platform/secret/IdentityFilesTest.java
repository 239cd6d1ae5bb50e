package io.sekisho.platform.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.DomainName;
import io.sekisho.smtp.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Identities in files: read, made by us, renewed while we run. */
class IdentityFilesTest {
    private static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");
    private static final DomainName HOST = new DomainName("mx.gate.example");

    private static final WatchedIdentity.Look SAME = new WatchedIdentity.Look.Same();

    @TempDir
    Path folder;

    private Path certificate;
    private Path key;
    private TlsIdentity identity;

    @BeforeEach
    void make() throws IOException {
        identity = selfMade(folder, HOST, NOW);
        certificate = folder.resolve("certificate.pem");
        key = folder.resolve("key.pem");
    }

    private static TlsIdentity selfMade(Path directory, DomainName host, Instant now) throws IOException {
        return SelfMadeIdentity.in(directory, host, new SecureRandom(), () -> now);
    }

    private String wrong() {
        var bad = assertInstanceOf(IdentityFiles.Read.Bad.class, IdentityFiles.read(certificate, key));
        return bad.file().getFileName() + " " + bad.why();
    }

    private static void replace(Path file, String what, String with) throws IOException {
        String text = Files.readString(file);
        assertTrue(text.contains(what));
        Files.writeString(file, text.replace(what, with));
    }

    @Test
    void theSelfMadeOneIsMadeOnceAndForItsHost() throws Exception {
        assertEquals(new IdentityFiles.Read.Good(identity), IdentityFiles.read(certificate, key));
        assertEquals(
                PosixFilePermissions.fromString("rw-------"),
                Files.getPosixFilePermissions(key),
                "the key is ours alone");
        assertEquals("EC", identity.key().getAlgorithm());
        assertEquals(
                "[[2, mx.gate.example]]", String.valueOf(identity.certificate().getSubjectAlternativeNames()));
        identity.certificate().verify(identity.certificate().getPublicKey());
        assertTrue(NOW.isAfter(identity.certificate().getNotBefore().toInstant()));
        Instant inAYear = NOW.plus(Duration.ofDays(365));
        assertEquals(identity, selfMade(folder, HOST, inAYear), "kept");
        Instant inElevenYears = NOW.plus(Duration.ofDays(11 * 365));
        assertNotEquals(identity, selfMade(folder, HOST, inElevenYears), "it had ended");
        TlsIdentity other = selfMade(folder, new DomainName("other.example"), inElevenYears);
        assertEquals("[[2, other.example]]", String.valueOf(other.certificate().getSubjectAlternativeNames()));
        Files.writeString(key, "nonsense");
        assertNotEquals(other, selfMade(folder, new DomainName("other.example"), inElevenYears), "its key was lost");
    }

    @Test
    void aHostNameOfAnyLengthHasACertificate() throws Exception {
        var host = new DomainName("a".repeat(60) + "." + "b".repeat(60) + ".example");
        TlsIdentity made = selfMade(folder.resolve("long"), host, NOW);
        assertEquals("[[2, " + host + "]]", String.valueOf(made.certificate().getSubjectAlternativeNames()));
    }

    @Test
    void whatIsWrongIsSaidInWords() throws IOException {
        String good = Files.readString(key);
        Files.delete(key);
        assertEquals("key.pem does not exist", wrong());
        Files.createDirectory(key);
        assertEquals("key.pem is not a PEM file", wrong());
        Files.delete(key);
        Files.writeString(key, "hello");
        assertEquals("key.pem is not a PEM file: it has no line -----BEGIN …-----", wrong());
        Files.writeString(key, good.replace("PRIVATE KEY", "EC PRIVATE KEY"));
        assertTrue(wrong().startsWith("key.pem is a key in an older form; convert it with: openssl pkcs8"), wrong());
        Files.writeString(key, good.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));
        assertTrue(wrong().startsWith("key.pem is locked with a password"), wrong());
        Files.writeString(key, Files.readString(certificate));
        assertEquals("key.pem holds no private key; are the two files exchanged?", wrong());
        Files.writeString(key, good.replace("KEY-----\nM", "KEY-----\nA"));
        assertEquals("key.pem holds a key that is neither EC nor RSA", wrong());
        selfMade(folder.resolve("other"), HOST, NOW);
        Files.writeString(key, Files.readString(folder.resolve("other/key.pem")));
        assertEquals("key.pem is not the key of the certificate in " + certificate, wrong());
        Files.writeString(key, good);
        Files.writeString(certificate, good);
        assertEquals("certificate.pem holds no certificate; are the two files exchanged?", wrong());
    }

    @Test
    void aDamagedOrMixedUpChainIsSaidInWords() throws IOException {
        String good = Files.readString(certificate);
        Files.writeString(certificate, good.replace("CATE-----\nM", "CATE-----\nA"));
        assertTrue(wrong().startsWith("certificate.pem holds a damaged certificate"), wrong());
        selfMade(folder.resolve("other"), new DomainName("other.example"), NOW);
        Files.writeString(certificate, good + Files.readString(folder.resolve("other/certificate.pem")));
        assertTrue(wrong().contains("number 2 did not issue number 1; our own comes first"), wrong());
    }

    @Test
    void oneFileMayHoldBothAndWordsBetween() throws IOException {
        Files.writeString(
                certificate, "our certificate\n" + Files.readString(key) + "and\n" + Files.readString(certificate));
        assertEquals(new IdentityFiles.Read.Good(identity), IdentityFiles.read(certificate, certificate));
    }

    @Test
    void aRenewedIdentityIsTakenWhenBothFilesAreThere() throws IOException {
        var watched = new WatchedIdentity(certificate, key);
        assertEquals(SAME, watched.look(), "nothing is new");
        TlsIdentity renewed = selfMade(folder.resolve("new"), HOST, NOW);
        Files.writeString(certificate, Files.readString(folder.resolve("new/certificate.pem")));
        touched(certificate);
        assertEquals(
                new WatchedIdentity.Look.Bad(key + " is not the key of the certificate in " + certificate),
                watched.look(),
                "the key is not there yet");
        assertEquals(SAME, watched.look(), "it is said once");
        Files.writeString(key, Files.readString(folder.resolve("new/key.pem")));
        touched(key);
        assertEquals(new WatchedIdentity.Look.Renewed(renewed), watched.look());
        assertEquals(SAME, watched.look(), "taken");
        Files.delete(certificate);
        assertEquals(new WatchedIdentity.Look.Bad(certificate + " does not exist"), watched.look());
        replace(folder.resolve("new/certificate.pem"), "-----BEGIN", "a comment\n-----BEGIN");
        Files.copy(folder.resolve("new/certificate.pem"), certificate);
        assertEquals(new WatchedIdentity.Look.Renewed(renewed), watched.look());
    }

    private static void touched(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(NOW.plusSeconds(Files.size(file))));
    }
}
