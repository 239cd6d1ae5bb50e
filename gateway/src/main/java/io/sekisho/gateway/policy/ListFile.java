package io.sekisho.gateway.policy;

import io.sekisho.platform.secret.SecretFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The recipients of one domain on disk: what they are, whose, the key of the hashes, the hashes as they are in memory, and a CRC-32C
 * of all that. The name has the checksum in it, so that a file never changes: other recipients are another file.
 */
final class ListFile {
    /** How the names end. */
    static final String SUFFIX = ".list";

    private static final long LIST = 0x53656b_6c697374L;
    private static final int VERSION = 1;
    private static final int CHECKSUM = 4;
    /** Octets before the domain's name: what it is, version, key, tenant, length of the name. */
    static final int HEADER = 8 + 4 + 16 + 16 + 4;

    private static final int PIECE = 64 * 1024;
    /** A large file goes to disk in parts, so that the journal's syncs do not have to wait for all of it. */
    private static final int FORCED = 4 * 1024 * 1024;

    private ListFile() {}

    /** What is to be done with the octets, piece by piece. */
    private interface Pieces {
        void take(ByteBuffer piece) throws IOException;
    }

    /** The octets that the file of a list has. */
    static long size(DomainKey domain, RecipientSet set) {
        return HEADER + (long) name(domain).length + (long) Long.BYTES * set.size() + CHECKSUM;
    }

    private static byte[] name(DomainKey domain) {
        return domain.name().getBytes(StandardCharsets.UTF_8);
    }

    private static void pieces(DomainKey domain, RecipientSet set, Pieces pieces) throws IOException {
        byte[] name = name(domain);
        pieces.take(ByteBuffer.allocate(HEADER + name.length)
                .putLong(LIST)
                .putInt(VERSION)
                .putLong(set.key().k0())
                .putLong(set.key().k1())
                .putLong(domain.tenant().getMostSignificantBits())
                .putLong(domain.tenant().getLeastSignificantBits())
                .putInt(name.length)
                .put(name)
                .flip());
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        for (long hash : set.hashes()) {
            if (!piece.hasRemaining()) {
                pieces.take(piece.flip());
                piece.clear();
            }
            piece.putLong(hash);
        }
        pieces.take(piece.flip());
    }

    /** The checksum of the file of a list. */
    static int checksum(DomainKey domain, RecipientSet set) {
        var crc = new CRC32C();
        try {
            pieces(domain, set, crc::update);
        } catch (IOException e) {
            throw new IllegalStateException("a checksum cannot fail", e);
        }
        return (int) crc.getValue();
    }

    /** The file of a list. */
    static Path in(Path folder, DomainKey domain, int checksum) {
        HexFormat hex = HexFormat.of();
        UUID whose = UUID.nameUUIDFromBytes((domain.tenant() + " " + domain.name()).getBytes(StandardCharsets.UTF_8));
        return folder.resolve(whose + "-" + hex.toHexDigits(checksum) + SUFFIX);
    }

    /** Writes a list, unless it is there and whole. */
    static void write(Path folder, DomainKey domain, RecipientSet set, int checksum) throws IOException {
        Path file = in(folder, domain, checksum);
        if (Files.exists(file)) {
            try {
                read(folder, domain, checksum);
                return;
            } catch (IOException e) {
                // damaged: it is written anew
            }
        }
        SecretFile.write(
                file,
                channel -> {
                    var at = new Progress();
                    pieces(domain, set, piece -> at.write(channel, piece));
                    at.write(
                            channel,
                            ByteBuffer.allocate(CHECKSUM).putInt(checksum).flip());
                },
                "rw-------");
    }

    private static final class Progress {
        private int notForced;

        void write(FileChannel channel, ByteBuffer piece) throws IOException {
            notForced += piece.remaining();
            SecretFile.writeAll(channel, piece);
            if (notForced >= FORCED) {
                channel.force(false);
                notForced = 0;
            }
        }
    }

    /** Reads a list. @throws IOException when it is not there, or not exactly what was written for this domain */
    static RecipientSet read(Path folder, DomainKey domain, int checksum) throws IOException {
        Path file = in(folder, domain, checksum);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "it is not there");
        }
        ByteBuffer octets = ByteBuffer.wrap(Files.readAllBytes(file));
        SettingsCodec.check(octets, LIST, VERSION);
        if (octets.getInt(octets.limit() - CHECKSUM) != checksum) {
            throw new IOException("it is another list");
        }
        octets.position(Long.BYTES + Integer.BYTES).limit(octets.limit() - CHECKSUM);
        byte[] name = name(domain);
        if (octets.remaining() < HEADER - Long.BYTES - Integer.BYTES + name.length) {
            throw new IOException("it is too short");
        }
        var key = new SipHash(octets.getLong(), octets.getLong());
        boolean ours = new UUID(octets.getLong(), octets.getLong()).equals(domain.tenant());
        if (!ours
                || octets.getInt() != name.length
                || !octets.slice(octets.position(), name.length).equals(ByteBuffer.wrap(name))) {
            throw new IOException("it is the list of another domain");
        }
        octets.position(octets.position() + name.length);
        if (octets.remaining() % Long.BYTES != 0) {
            throw new IOException("it ends within a recipient");
        }
        long[] hashes = new long[octets.remaining() / Long.BYTES];
        octets.asLongBuffer().get(hashes);
        return RecipientSet.of(key, hashes);
    }
}
