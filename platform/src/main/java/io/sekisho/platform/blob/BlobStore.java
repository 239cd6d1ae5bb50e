package io.sekisho.platform.blob;

import io.sekisho.mail.message.Content;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Predicate;

/** Bodies of messages, by the message's id. Written whole, never changed, deleted when the last recipient has ended. */
public interface BlobStore {
    /**
     * Stores the content durably: when this returns, a crash does not lose it. Storing the same id again with the same
     * content is no error. A {@link io.sekisho.mail.message.FileContent} on the same file system is moved, not copied.
     */
    void put(UUID id, Content content) throws IOException;

    /** The content. @throws java.nio.file.NoSuchFileException when there is none of that id */
    Content get(UUID id, boolean eightBit) throws IOException;

    /** Deletes it; no error when there is none. */
    void delete(UUID id) throws IOException;

    /** Deletes every blob that the predicate calls unknown: what a crash left behind. @return how many */
    int sweep(Predicate<UUID> unknown) throws IOException;
}
