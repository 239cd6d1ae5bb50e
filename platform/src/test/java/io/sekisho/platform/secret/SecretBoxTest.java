package io.sekisho.platform.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretBoxTest {
    private static final String PURPOSE = "dkim hakone.example s1";
    private static final byte[] SECRET = "the private key".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private final SecureRandom random = new SecureRandom();
    private Path secrets;
    private Path file;

    @BeforeEach
    void name() {
        secrets = folder.resolve("secret");
        file = secrets.resolve("master.key");
    }

    private List<MasterKey> keys() throws MasterKeyException {
        return new MasterKeyFile(secrets, random).open();
    }

    private SecretBox box() throws MasterKeyException {
        return new SecretBox(keys(), random);
    }

    private String closed(byte[] box, String purpose) throws MasterKeyException {
        return assertInstanceOf(Unsealed.Closed.class, box().open(box, purpose)).words();
    }

    @Test
    void aSecretComesBack() throws Exception {
        byte[] sealed = box().seal(SECRET, PURPOSE);
        assertFalse(new String(sealed, StandardCharsets.ISO_8859_1).contains("private"));
        Unsealed.Secret opened = assertInstanceOf(Unsealed.Secret.class, box().open(sealed, PURPOSE));
        assertArrayEquals(SECRET, opened.octets());
        assertFalse(opened.toString().contains("private"));
        assertFalse(Arrays.equals(sealed, box().seal(SECRET, PURPOSE)));
        byte[] empty = box().seal(new byte[0], PURPOSE);
        assertEquals(
                0,
                assertInstanceOf(Unsealed.Secret.class, box().open(empty, PURPOSE))
                        .octets()
                        .length);
    }

    @Test
    void anyChangedOctetIsSeen() throws Exception {
        byte[] sealed = box().seal(SECRET, PURPOSE);
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertInstanceOf(Unsealed.Closed.class, box().open(changed, PURPOSE), "octet " + i);
            assertInstanceOf(Unsealed.Closed.class, box().open(Arrays.copyOf(sealed, i), PURPOSE), i + " octets");
        }
        assertTrue(closed(sealed, "dkim arai.example s1").contains("sealed for something else"));
    }

    @Test
    void theFileIsForItsOwner() throws Exception {
        String id = keys().getFirst().id();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)));
        try (var files = Files.list(secrets)) {
            assertEquals(List.of(file), files.toList());
        }
        assertEquals(id, keys().getFirst().id());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        String words = String.valueOf(
                assertThrows(MasterKeyException.class, this::keys).getMessage());
        assertTrue(words.contains("chmod 600 " + file), words);
    }

    @Test
    void anOlderKeyStillOpens() throws Exception {
        byte[] sealed = box().seal(SECRET, PURPOSE);
        String old = Files.readString(file);
        Files.delete(file);
        keys();
        String words = closed(sealed, PURPOSE);
        assertTrue(words.contains("not in the master key file"), words);
        String added = Files.readAllLines(file).getLast();
        Files.writeString(file, old + added + "\n");
        assertEquals(2, keys().size());
        assertArrayEquals(
                SECRET,
                assertInstanceOf(Unsealed.Secret.class, box().open(sealed, PURPOSE))
                        .octets());
        assertTrue(box().sealedWithOlderKey(sealed));
        assertFalse(box().sealedWithOlderKey(box().seal(SECRET, PURPOSE)));
    }

    @Test
    void aFileThatIsNotAsItWasWrittenIsSaidInWords() throws Exception {
        keys();
        String good = Files.readAllLines(file).getLast();
        for (String bad :
                List.of("", "# only words", good.substring(4), good + "AAAA", "no key", "関", "x".repeat(70_000))) {
            Files.writeString(file, bad);
            String words = String.valueOf(
                    assertThrows(MasterKeyException.class, this::keys).getMessage());
            assertTrue(words.contains("not as it was written") && words.contains("backup"), words);
            assertFalse(words.contains(good.substring(20)), words);
        }
        Files.delete(file);
        Files.createDirectory(file);
        assertThrows(MasterKeyException.class, this::keys);
    }

    @Test
    void boxesNeedAKey() {
        assertThrows(IllegalArgumentException.class, () -> new SecretBox(List.of(), random));
    }
}
