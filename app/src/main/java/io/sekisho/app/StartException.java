package io.sekisho.app;

/** The program cannot start, for a reason that the operator can mend. Its message is all that is shown. */
public final class StartException extends Exception {
    private final ExitCode code;

    /** Says what is wrong and what to do, in whole sentences. */
    public StartException(ExitCode code, String message) {
        super(message);
        this.code = code;
    }

    /** The same, with a cause for the log. */
    public StartException(ExitCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** How the program ends. */
    public ExitCode code() {
        return code;
    }
}
