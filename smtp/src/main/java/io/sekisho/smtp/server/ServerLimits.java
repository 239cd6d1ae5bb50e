package io.sekisho.smtp.server;

import java.time.Duration;

/**
 * Every bound of the SMTP server.
 *
 * @param sessions how many sessions, and what one may do
 * @param messages how large a message may be
 * @param waits how long the server waits
 * @param memory how much memory sessions may hold
 */
public record ServerLimits(Sessions sessions, Messages messages, Waits waits, Memory memory) {
    /**
     * Sessions.
     *
     * @param all sessions at one time; beyond, connections wait in the system's queue
     * @param perAddress sessions from one address at one time; beyond, 421 4.7.0
     * @param errors commands answered with an error of the client before 421 4.7.0
     * @param refusedRecipients recipients refused for good in one session before 421 4.7.0
     * @param transactions mail transactions in one session before 421 4.7.0
     * @param commandLine octets in a command line without its CR LF
     * @param discardedLine octets of an over-long command line that are read and dropped before the connection is closed
     */
    public record Sessions(
            int all,
            int perAddress,
            int errors,
            int refusedRecipients,
            int transactions,
            int commandLine,
            int discardedLine) {}

    /**
     * Messages.
     *
     * @param size octets of content (RFC 1870); of more, as much again is read and dropped, then the connection is closed
     * @param recipients accepted recipients in one mail transaction; beyond, 452 4.5.3
     */
    public record Messages(long size, int recipients) {}

    /**
     * Waits.
     *
     * @param command for a whole command line, however it trickles (RFC 5321 section 4.5.3.2.7)
     * @param content for some octets of content
     * @param transaction from MAIL to the final dot
     * @param session after which a session gets 421 between two mail transactions
     * @param parting for a client to go after our last word
     * @param acceptRetry between two tries when the system cannot accept a connection
     */
    public record Waits(
            Duration command,
            Duration content,
            Duration transaction,
            Duration session,
            Duration parting,
            Duration acceptRetry) {}

    /**
     * Memory.
     *
     * @param perMessage octets of one message before it is written to a file
     * @param allMessages octets of all messages that are being received; beyond, they go to files early
     * @param input octets of the input buffer of an idle session
     * @param block octets of the block that is lent to a session while it receives content, above 4,096
     * @param blocks blocks lent at one time; beyond, sessions get small ones
     */
    public record Memory(int perMessage, long allMessages, int input, int block, int blocks) {}

    /** Checks the numbers. @throws IllegalArgumentException when one is too small to work with */
    public ServerLimits {
        if (sessions.all < 1 || sessions.perAddress < 1 || sessions.errors < 1 || sessions.commandLine < 512) {
            throw new IllegalArgumentException("limits too small: " + sessions);
        }
        if (messages.size < 1 || messages.recipients < 1 || memory.input < 16 || memory.block <= 4096) {
            throw new IllegalArgumentException("limits too small: " + messages + ", " + memory);
        }
    }

    /** The limits of the product. */
    public static ServerLimits defaults() {
        return new ServerLimits(
                new Sessions(12_000, 1_000, 20, 1_000, 1_000_000, 2048, 64 * 1024),
                new Messages(50L * 1024 * 1024, 1_000),
                new Waits(
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(3),
                        Duration.ofMinutes(30),
                        Duration.ofHours(1),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(200)),
                new Memory(256 * 1024, 96L * 1024 * 1024, 1024, 64 * 1024, 512));
    }
}
