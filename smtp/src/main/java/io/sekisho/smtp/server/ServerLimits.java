package io.sekisho.smtp.server;

import java.time.Duration;

/**
 * Bounds of the server.
 *
 * @param sessions at once
 * @param sessionsPerAddress at once from one address
 * @param messageSize octets a message may have (RFC 1870)
 * @param recipients in one mail transaction
 * @param errors refused or malformed commands in one session
 * @param transactions in one session
 * @param commandLine octets of a command line with its end
 * @param inMemory octets of a message held in memory before a file is made
 * @param command how long we wait for a whole command line
 * @param data how long we wait for the next octets of content
 * @param session how long a session may last
 * @param acceptRetry wait after the system could not accept a connection
 */
public record ServerLimits(
        int sessions,
        int sessionsPerAddress,
        long messageSize,
        int recipients,
        int errors,
        int transactions,
        int commandLine,
        int inMemory,
        Duration command,
        Duration data,
        Duration session,
        Duration acceptRetry) {
    /** The product's bounds; time-outs of RFC 5321 section 4.5.3.2. */
    public static ServerLimits defaults() {
        return new ServerLimits(
                12_000,
                1_000,
                50L << 20,
                1_000,
                20,
                100_000,
                2_048,
                256 << 10,
                Duration.ofMinutes(5),
                Duration.ofMinutes(3),
                Duration.ofHours(1),
                Duration.ofMillis(200));
    }

    /** The same with what an operator may set. */
    public ServerLimits with(int allSessions, int perAddress, long size, int perTransaction) {
        return new ServerLimits(
                allSessions,
                perAddress,
                size,
                perTransaction,
                errors,
                transactions,
                commandLine,
                inMemory,
                command,
                data,
                session,
                acceptRetry);
    }
}
