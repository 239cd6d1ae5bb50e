package io.sekisho.platform.journal;

/** The journal cannot take a record now: the client is told 451 and keeps its message. */
public final class JournalUnavailableException extends Exception {
    /** Says why, in words for an administrator. */
    public JournalUnavailableException(String message) {
        super(message);
    }

    /** Says why, with the disk's own error. */
    public JournalUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
