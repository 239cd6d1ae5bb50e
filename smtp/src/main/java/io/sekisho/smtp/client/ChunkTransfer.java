package io.sekisho.smtp.client;

import io.sekisho.mail.message.Content;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Sends the content of one message as it is, in chunks (RFC 3030 section 2): one when it is small, else several, the next
 * without waiting for the reply to the one before where the server allows it. What stands in the content cannot end it.
 */
final class ChunkTransfer implements ContentSink {
    /** Takes the replies to chunks. */
    interface Replies {
        /** Takes the next reply, waiting for it. @return whether the server goes on taking chunks */
        boolean take() throws IOException;
    }

    /** Octets that a BDAT command has at most. */
    private static final int COMMAND = 32;

    private final ClientSession session;
    private final Replies replies;
    private final long size;
    private long sent;
    private int left;
    private int unanswered;

    /** @param size octets of the content */
    ChunkTransfer(ClientSession session, long size, Replies replies) {
        this.session = session;
        this.size = size;
        this.replies = replies;
    }

    /**
     * All of the content; the end of it is still in the session's buffer.
     *
     * @return false when the server refused a chunk, and the rest was not sent
     * @throws IOException when the connection fails
     * @throws UncheckedIOException when the content cannot be read or is not as long as it said: our own trouble; the last
     *     chunk has not been completed, and the connection must be closed
     */
    boolean send(Content content) throws IOException {
        session.room((int) Math.min(size + COMMAND, session.limits().block()));
        if (size == 0) {
            begin();
        }
        if (!ContentTransfer.pour(content, this)) {
            return false;
        }
        if (sent != size) {
            throw ContentTransfer.unreadable(new IOException("the content has " + sent + " octets instead of " + size));
        }
        return true;
    }

    /** Replies to chunks before the last that have not been taken. */
    int unanswered() {
        return unanswered;
    }

    @Override
    public boolean write(byte[] from, int offset, int count) throws IOException {
        if (count > size - sent) {
            throw ContentTransfer.unreadable(new IOException("the content has more octets than " + size));
        }
        int at = offset;
        int rest = count;
        while (rest > 0) {
            if (left == 0 && !begin()) {
                return false;
            }
            int now = Math.min(left, rest);
            session.append(from, at, now);
            left -= now;
            sent += now;
            at += now;
            rest -= now;
        }
        return true;
    }

    /** Begins the next chunk, when the replies that are there say that the server wants it. */
    private boolean begin() throws IOException {
        ClientLimits limits = session.limits();
        if (sent > 0) {
            unanswered++;
            boolean pipelining = session.capabilities().pipelining();
            if (!pipelining) {
                session.flush(ContentTransfer.SENDING);
            }
            int most = pipelining ? limits.batch() : 1;
            while (unanswered > 0 && (unanswered >= most || session.replyArrived())) {
                if (unanswered >= most && session.pending() > 0) {
                    session.flush(ContentTransfer.SENDING);
                }
                unanswered--;
                if (!replies.take()) {
                    return false;
                }
            }
        }
        left = (int) Math.min(size - sent, limits.chunk());
        String command = "BDAT " + left + (left == size - sent ? " LAST\r\n" : "\r\n");
        if (session.pending() + command.length() > limits.block()) {
            session.flush(ContentTransfer.SENDING);
        }
        session.appendAscii(command);
        return true;
    }
}
