package io.sekisho.gateway.policy;

/** How many messages are taken in a minute; a recipient counts as one message. */
public sealed interface RateLimit {
    /** As many as come. */
    record None() implements RateLimit {
        @Override
        public String toString() {
            return "none";
        }
    }

    /**
     * So many in a minute in the long run, and so many at once after a minute of rest: never more than twice as many within any
     * minute.
     *
     * @param messages 1 to {@value #MOST}; who shall get no mail at all is suspended instead
     */
    record PerMinute(int messages) implements RateLimit {
        /** The largest limit there is. Beyond it, none is meant. */
        public static final int MOST = 1_000_000;

        /** Checks the number. @throws IllegalArgumentException when it is out of range */
        public PerMinute {
            if (messages < 1 || messages > MOST) {
                throw new IllegalArgumentException("a limit is 1 to " + MOST + " messages a minute, or none");
            }
        }

        @Override
        public String toString() {
            return String.valueOf(messages);
        }
    }
}
