package io.sekisho.gateway.spool;

import io.sekisho.gateway.queue.QueueStore;
import io.sekisho.platform.blob.BlobStore;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Bodies of messages that outlive the journal: written before their rows, deleted after their last recipient has ended. */
final class Bodies {
    private static final System.Logger LOG = System.getLogger(Bodies.class.getName());
    private static final int BURY = 500;

    private final BlobStore blobs;
    private final QueueStore store;
    private final Unfiled unfiled;
    private final ExecutorService writers;

    /** @param writers write several bodies at once, each with its own sync */
    Bodies(BlobStore blobs, QueueStore store, Unfiled unfiled, ExecutorService writers) {
        this.blobs = blobs;
        this.store = store;
        this.unfiled = unfiled;
        this.writers = writers;
    }

    /** Copies the bodies from the journal to the blob store. @return ids of those that could not be written */
    Set<UUID> store(List<JournalledMessage> messages) {
        List<JournalledMessage> copied =
                messages.stream().filter(m -> !m.inBlob()).toList();
        List<Future<?>> writes = new ArrayList<>(copied.size());
        for (JournalledMessage message : copied) {
            writes.add(writers.submit(() -> {
                blobs.put(message.facts().id(), message.journalled());
                message.bodyStored();
                return null;
            }));
        }
        Set<UUID> unstored = new HashSet<>();
        for (int i = 0; i < writes.size(); i++) {
            if (!done(writes.get(i))) {
                unstored.add(copied.get(i).facts().id());
            }
        }
        return unstored;
    }

    private static boolean done(Future<?> write) {
        try {
            write.get();
            return true;
        } catch (ExecutionException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a body cannot be written, its message stays in the journal: {0}",
                    String.valueOf(e.getCause()));
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Deletes the blobs that have tombstones. @return how many */
    int bury() throws SQLException {
        List<UUID> dead = store.tombstones(BURY);
        List<UUID> gone = new ArrayList<>(dead.size());
        for (UUID id : dead) {
            try {
                blobs.delete(id);
                gone.add(id);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot delete the body of {0}: {1}", id, e.getMessage());
            }
        }
        if (!gone.isEmpty()) {
            store.bury(gone);
        }
        return gone.size();
    }

    /**
     * Deletes blobs that a crash left without a record: those older than the start that neither journal nor database knows.
     *
     * @return how many
     */
    int sweep(Instant start) throws IOException, SQLException {
        try {
            return blobs.sweep(id ->
                    id.getMostSignificantBits() >>> 16 < start.toEpochMilli() && !unfiled.contains(id) && !known(id));
        } catch (LookUpFailedException e) {
            throw new SQLException("cannot look up a body", e);
        }
    }

    private boolean known(UUID id) {
        try {
            return store.knowsBody(id);
        } catch (SQLException e) {
            throw new LookUpFailedException(e);
        }
    }

    private static final class LookUpFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LookUpFailedException(SQLException cause) {
            super(cause);
        }
    }
}
