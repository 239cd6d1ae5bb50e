package io.sekisho.app.simulation;

import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.platform.blob.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/** A blob store whose blobs survive power cuts once {@link #put} has returned. */
final class SimulatedBlobs implements BlobStore {
    private final Map<UUID, byte[]> blobs = new TreeMap<>();
    private final Faults faults;

    SimulatedBlobs(Faults faults) {
        this.faults = faults;
    }

    @Override
    public void put(UUID id, Content content) throws IOException {
        faults.place("before a blob");
        if (faults.blobsFail) {
            throw new IOException("no space left");
        }
        try (InputStream in = content.open()) {
            blobs.put(id, in.readAllBytes());
        }
        faults.place("after a blob");
    }

    @Override
    public Content get(UUID id, boolean eightBit) throws IOException {
        byte[] octets = blobs.get(id);
        if (octets == null) {
            throw new NoSuchFileException(id.toString());
        }
        return new MemoryContent(octets, octets.length, eightBit);
    }

    @Override
    public void delete(UUID id) {
        faults.place("before a blob is deleted");
        blobs.remove(id);
    }

    @Override
    public int sweep(Predicate<UUID> unknown) {
        List<UUID> dead = new ArrayList<>();
        blobs.keySet().stream().filter(unknown).forEach(dead::add);
        dead.forEach(blobs::remove);
        return dead.size();
    }

    int count() {
        return blobs.size();
    }
}
