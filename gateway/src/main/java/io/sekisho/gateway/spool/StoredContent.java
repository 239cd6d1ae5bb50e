package io.sekisho.gateway.spool;

import io.sekisho.gateway.queue.MailFacts;
import io.sekisho.mail.message.Content;
import io.sekisho.platform.blob.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;

/**
 * A message's octets in the blob store, looked for when they are opened.
 *
 * @param blobs where
 * @param id of the message
 * @param size octets
 * @param eightBit whether any octet is above 127
 */
public record StoredContent(BlobStore blobs, UUID id, long size, boolean eightBit) implements Content {
    /** The octets of this message. */
    public static StoredContent of(BlobStore blobs, MailFacts facts) {
        return new StoredContent(blobs, facts.id(), facts.size(), facts.eightBit());
    }

    @Override
    public InputStream open() throws IOException {
        return blobs.get(id, eightBit).open();
    }
}
