package io.sekisho.app.demo;

import java.time.Duration;

/**
 * Bounds of the demo.
 *
 * @param sessions a customer's server holds at once
 * @param lineOctets of a command or reply with its end
 * @param contentOctets of a message that a customer's server takes
 * @param idle how long either side waits for the other's next octets
 * @param session how long one connection may last
 * @param connect how long a sending host waits for a connection
 * @param tries a sending host makes with one mail
 * @param retryPause between two tries
 * @param trickleFirst the shortest pause between two mails of the trickle
 * @param trickleLast the longest one
 * @param trickleOctets the largest mail of the trickle, so that it may run for days
 * @param linesWaiting lines of the live view that wait for a slow terminal; more are counted and left out
 * @param sendersKnown messages whose sender the live view remembers
 * @param summary time between two summary lines
 * @param look how often the live view looks at the clock
 * @param stopping how long a part may take to stop
 */
public record DemoLimits(
        int sessions,
        int lineOctets,
        long contentOctets,
        Duration idle,
        Duration session,
        Duration connect,
        int tries,
        Duration retryPause,
        Duration trickleFirst,
        Duration trickleLast,
        int trickleOctets,
        int linesWaiting,
        int sendersKnown,
        Duration summary,
        Duration look,
        Duration stopping) {
    /** The bounds of {@code ./sekisho demo}. */
    public static final DemoLimits DEFAULT = new DemoLimits(
            100,
            2_048,
            64L << 20,
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofSeconds(5),
            5,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            256 << 10,
            10_000,
            10_000,
            Duration.ofSeconds(10),
            Duration.ofMillis(200),
            Duration.ofSeconds(5));
}
