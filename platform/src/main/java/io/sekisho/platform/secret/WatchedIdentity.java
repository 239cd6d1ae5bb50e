package io.sekisho.platform.secret;

import io.sekisho.smtp.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** Two files of an identity that may be renewed while we run. */
public final class WatchedIdentity {
    private final Path certificate;
    private final Path key;
    private Stamp read;
    private String said = "";

    private record Stamp(
            @Nullable FileTime certificate,
            long certificateSize,
            @Nullable FileTime key,
            long keySize) {}

    /** Watches files that have just been read. */
    public WatchedIdentity(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
        this.read = stamp();
    }

    /** What a look at the files gave. */
    public sealed interface Look {
        /** Nothing new. */
        record Same() implements Look {}

        /** Another identity than before. */
        record Renewed(TlsIdentity identity) implements Look {}

        /** Something that is no identity; said once, and looked at again each time. @param words which file, and what is wrong */
        record Bad(String words) implements Look {}
    }

    /** Looks at the files; one thread at a time. */
    public Look look() {
        Stamp now = stamp();
        if (now.equals(read)) {
            return new Look.Same();
        }
        return switch (IdentityFiles.read(certificate, key)) {
            case IdentityFiles.Read.Good(TlsIdentity identity) -> {
                read = now;
                said = "";
                yield new Look.Renewed(identity);
            }
            case IdentityFiles.Read.Bad(Path file, String why) -> {
                // perhaps only one of the two has been written yet: it is tried again at the next look
                String words = file + " " + why;
                boolean again = words.equals(said);
                said = words;
                yield again ? new Look.Same() : new Look.Bad(words);
            }
        };
    }

    private Stamp stamp() {
        BasicFileAttributes one = attributes(certificate);
        BasicFileAttributes two = attributes(key);
        return new Stamp(
                one == null ? null : one.lastModifiedTime(),
                one == null ? 0 : one.size(),
                two == null ? null : two.lastModifiedTime(),
                two == null ? 0 : two.size());
    }

    private static @Nullable BasicFileAttributes attributes(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException e) {
            return null;
        }
    }
}
