package io.sekisho.platform.secret;

/** The master key cannot be used. The message is for the administrator: what is wrong, and what to do. */
public final class MasterKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong and what to do. */
    public MasterKeyException(String message) {
        super(message);
    }

    /** Says what is wrong and what to do, with the error behind it. */
    public MasterKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
