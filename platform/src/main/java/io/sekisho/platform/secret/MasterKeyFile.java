package io.sekisho.platform.secret;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The file with the master keys, {@code master.key} in the folder for secrets: a line a key, id and base64. The last one seals;
 * the ones before still open what they sealed. It is made at the first start, and only its owner may read it. Whoever loses it
 * loses what was sealed with it, so it belongs in the backup, apart from the database.
 */
public final class MasterKeyFile {
    private static final String NAME = "master.key";
    private static final String FIRST_LINE = "# Sekisho master keys. Secret. Keep a copy apart from the database.";
    private static final int MAX_OCTETS = 64 * 1024;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path folder;
    private final SecureRandom random;

    /** The file in a folder, which is made if it is not there. @param random where new keys come from */
    public MasterKeyFile(Path folder, SecureRandom random) {
        this.folder = folder;
        this.random = random;
    }

    /**
     * The keys, the one that seals last. A first key is made when there is no file.
     *
     * @throws MasterKeyException when the file cannot be read or written, may be read by others, or is not as it was written
     */
    public List<MasterKey> open() throws MasterKeyException {
        Path file = folder.resolve(NAME);
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                create(file);
            }
            onlyOwnerReads(file);
            return read(file);
        } catch (IOException e) {
            throw new MasterKeyException(
                    "The master key file " + file + " cannot be read or written: " + e
                            + ". Let the user that Sekisho runs as read and write it.",
                    e);
        }
    }

    private void create(Path file) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        byte[] id = new byte[MasterKey.ID_OCTETS];
        byte[] key = new byte[MasterKey.OCTETS];
        random.nextBytes(id);
        random.nextBytes(key);
        String text = FIRST_LINE + "\n" + HexFormat.of().formatHex(id) + " "
                + Base64.getEncoder().encodeToString(key) + "\n";
        Path next = folder.resolve(NAME + ".next");
        Files.deleteIfExists(next);
        try (FileChannel channel = FileChannel.open(
                next,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
        try {
            // a link, not a move: whoever was first keeps its key
            Files.createLink(file, next);
        } catch (FileAlreadyExistsException e) {
            // another process made one in between; that one counts
        } finally {
            Files.deleteIfExists(next);
        }
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static void onlyOwnerReads(Path file) throws IOException, MasterKeyException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new MasterKeyException("The master key file " + file + " may be used by others than its owner ("
                    + PosixFilePermissions.toString(permissions) + "). Take that away: chmod 600 " + file
                    + ". If others may have read it, make new keys for what it protects.");
        }
    }

    private static List<MasterKey> read(Path file) throws IOException, MasterKeyException {
        if (Files.size(file) > MAX_OCTETS) {
            throw notAsWritten(file, "it is longer than " + MAX_OCTETS + " octets");
        }
        List<MasterKey> keys = new ArrayList<>();
        try {
            int number = 0;
            for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    keys.add(key(file, number, line.strip()));
                }
            }
        } catch (MalformedInputException e) {
            throw notAsWritten(file, "it has other than ASCII characters");
        }
        if (keys.isEmpty()) {
            throw notAsWritten(file, "it has no key");
        }
        return List.copyOf(keys);
    }

    private static MasterKey key(Path file, int number, String line) throws MasterKeyException {
        int space = line.indexOf(' ');
        try {
            return new MasterKey(
                    HexFormat.of().parseHex(line.substring(0, Math.max(0, space))),
                    Base64.getDecoder().decode(line.substring(space + 1)));
        } catch (IllegalArgumentException e) {
            // the error would show the key
            throw notAsWritten(file, "line " + number + " is not an id and a key");
        }
    }

    private static MasterKeyException notAsWritten(Path file, String what) {
        return new MasterKeyException("The master key file " + file + " is not as it was written: " + what
                + ". Put back the copy from the backup.");
    }
}
