package io.sekisho.platform.secret;

/** What opening a box came to. */
public sealed interface Unsealed {
    /** What was sealed. */
    final class Secret implements Unsealed {
        private final byte[] octets;

        Secret(byte[] octets) {
            this.octets = octets;
        }

        /** The octets; whoever asks may wipe them. */
        public byte[] octets() {
            return octets;
        }

        @Override
        public String toString() {
            return "a secret of " + octets.length + " octets";
        }
    }

    /** The box cannot be opened. @param words why, and what to do, for the administrator */
    record Closed(String words) implements Unsealed {}
}
