package io.sekisho.platform.journal;

import java.io.IOException;

/** A record that had been synced cannot be read back. The program stops and says which file and place; it never guesses. */
public final class DamagedJournalException extends IOException {
    /** Says which file, which place, and what an administrator can do. */
    public DamagedJournalException(String message) {
        super(message);
    }
}
