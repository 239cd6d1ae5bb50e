package io.sekisho.smtp.server;

import io.sekisho.smtp.Connection;
import java.io.IOException;

/**
 * The octets that have arrived and are not yet used: in a small array of its own while commands come, in a lent block while
 * content comes, so that an idle session costs little.
 */
final class SessionInput {
    private final Connection connection;
    private final ReceiveMemory memory;
    private final byte[] own;
    private boolean small = true;
    private boolean lent;
    private byte[] octets;
    private int from;
    private int to;

    SessionInput(Connection connection, ReceiveMemory memory, int size) {
        this.connection = connection;
        this.memory = memory;
        this.own = new byte[size];
        this.octets = own;
    }

    /** The array; unused octets stand from {@link #from()} to {@link #to()}. Valid until the next {@link #fill}. */
    byte[] octets() {
        return octets;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    boolean empty() {
        return from == to;
    }

    /** Everything before the index has been used. */
    void usedUpTo(int index) {
        from = index;
    }

    /** Whether octets have arrived in the system that a {@link #fill} would get at once. */
    boolean readable() throws IOException {
        return connection.readable();
    }

    /** Makes room for at least one octet, then reads. @return false when the client has ended the stream */
    boolean fill() throws IOException {
        if (from == to) {
            from = 0;
            to = 0;
        } else if (to == octets.length) {
            makeRoom();
        }
        int got = connection.read(octets, to, octets.length - to);
        if (got < 0) {
            return false;
        }
        to += got;
        return true;
    }

    private void makeRoom() {
        if (from == 0) {
            swap(new byte[octets.length * 2]);
        } else {
            System.arraycopy(octets, from, octets, 0, to - from);
            to -= from;
            from = 0;
        }
    }

    /** Reads into a lent block from now on. */
    void borrow() {
        if (lent) {
            return;
        }
        byte[] block = memory.lend();
        if (block.length < to - from) {
            // more than a small block holds came before: the array at hand is as good
            memory.giveBack(block);
            return;
        }
        swap(block);
        lent = true;
    }

    /** Goes back to the small array as soon as what is unused fits into it. */
    void relax() {
        if (!small && to - from <= own.length) {
            swap(own);
            small = true;
        }
    }

    /** Gives a lent block back; nothing is read after this. */
    void release() {
        from = to;
        relax();
    }

    private void swap(byte[] other) {
        byte[] before = octets;
        int length = to - from;
        System.arraycopy(before, from, other, 0, length);
        octets = other;
        small = false;
        from = 0;
        to = length;
        if (lent) {
            lent = false;
            memory.giveBack(before);
        }
    }
}
