package io.sekisho.platform.secret;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Small files that are written whole and durably, and passwords to put in them. */
public final class SecretFile {
    private static final int PASSWORD_OCTETS = 24;

    private SecretFile() {}

    /** A password of 192 random bits in letters, digits, minus and underscore. */
    public static String password(RandomGenerator random) {
        byte[] octets = new byte[PASSWORD_OCTETS];
        random.nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    /** Writes what a file shall hold, from its first octet on. */
    @FunctionalInterface
    public interface Octets {
        /** Writes all of it. The file is forced to disk afterwards. */
        void writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Writes the file durably, or leaves the old one as it was.
     *
     * @param mode permissions in the form {@code rw-------}
     */
    public static void write(Path file, String text, String mode) throws IOException {
        write(file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), mode);
    }

    /** Writes the file durably, or leaves the old one as it was. @param mode permissions in the form {@code rw-------} */
    public static void write(Path file, ByteBuffer octets, String mode) throws IOException {
        write(file, channel -> writeAll(channel, octets), mode);
    }

    /** Writes the file durably, or leaves the old one as it was. @param mode permissions in the form {@code rw-------} */
    public static void write(Path file, Octets octets, String mode) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        try (FileChannel channel = FileChannel.open(
                next,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            octets.writeTo(channel);
            channel.force(true);
        }
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString(mode));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(file.resolveSibling(""));
    }

    /** Writes what remains in the buffer. */
    public static void writeAll(FileChannel channel, ByteBuffer octets) throws IOException {
        while (octets.hasRemaining()) {
            channel.write(octets);
        }
    }

    /** Makes the names in a directory durable. */
    public static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
