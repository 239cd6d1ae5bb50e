package io.sekisho.platform.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Where a blob's file is, and how files and names are made durable. Two levels of 64 folders each, named by the last bits of
 * the id: these are random, while an id's first octets are its time.
 */
final class BlobFiles {
    private static final int BITS = 6;
    private static final int MASK = (1 << BITS) - 1;

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<PosixFilePermission> PRIVATE_FILE = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PRIVATE_FILE);

    private final Path root;
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    /** The files under the folder, which must be there. */
    BlobFiles(Path root) {
        this.root = root;
    }

    /** The folder of the store. */
    Path root() {
        return root;
    }

    /** The file of a blob. */
    Path file(UUID id) {
        HexFormat hex = HexFormat.of();
        long random = id.getLeastSignificantBits();
        return bodies().resolve(hex.toHexDigits((byte) (random & MASK)))
                .resolve(hex.toHexDigits((byte) (random >>> BITS & MASK)))
                .resolve(id.toString());
    }

    /** The folder of the blobs. */
    Path bodies() {
        return root.resolve("bodies");
    }

    /** The folder for what is not yet whole. */
    Path incoming() {
        return root.resolve("incoming");
    }

    /** The id that a file's name says, empty for a stranger's file. */
    static Optional<UUID> id(Path file) {
        String name = file.getFileName().toString();
        try {
            UUID id = UUID.fromString(name);
            return id.toString().equals(name) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Makes a folder and those above it up to the root, and their names durable. A folder counts as durable only after the
     * sync, so that nobody relies on one that another thread has just made.
     */
    void folder(Path folder) throws IOException {
        if (folder.equals(root) || durable.contains(folder)) {
            return;
        }
        Path above = folder.resolveSibling("");
        folder(above);
        try {
            Files.createDirectory(folder, PRIVATE_FOLDER);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
        syncNames(above);
        durable.add(folder);
    }

    /** Notes the folders that are there, made durable with one sync for each folder above them. */
    void note() throws IOException {
        folder(bodies());
        folder(incoming());
        List<Path> outer = folders(bodies());
        syncNames(bodies());
        durable.addAll(outer);
        for (Path folder : outer) {
            List<Path> inner = folders(folder);
            syncNames(folder);
            durable.addAll(inner);
        }
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).toList();
        }
    }

    /** Makes a new private file and opens it for writing. */
    static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE);
    }

    /** Makes a file private and its octets durable. */
    static void settle(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Files.setPosixFilePermissions(file, PRIVATE_FILE);
            channel.force(true);
        }
    }

    /** Makes the names in a folder durable. */
    static void syncNames(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
