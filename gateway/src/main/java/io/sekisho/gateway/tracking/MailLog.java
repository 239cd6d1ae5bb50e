package io.sekisho.gateway.tracking;

/** Takes events. Called on hot paths by many threads: returns quickly and never throws. */
@FunctionalInterface
public interface MailLog {
    /** Takes one event. */
    void record(MailEvent event);
}
