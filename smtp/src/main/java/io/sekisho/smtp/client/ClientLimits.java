package io.sekisho.smtp.client;

import java.time.Duration;

/**
 * Every bound of the SMTP client.
 *
 * @param waits how long it waits
 * @param replies how much a server may say
 * @param kept how many connections are kept, and how long
 * @param batch commands that are written before their replies are read, 1 or more; small enough that the replies fit into the
 *     receive buffer of the system, so that neither side waits for the other to read (RFC 2920 section 3.1)
 * @param block octets of content in one write, at least 1,024
 * @param chunk octets of content in one BDAT, at least 1,024
 */
public record ClientLimits(Waits waits, Replies replies, Kept kept, int batch, int block, int chunk) {
    /** Checks the numbers. @throws IllegalArgumentException when one is too small to work with */
    public ClientLimits {
        if (batch < 1 || block < 1024 || chunk < 1024) {
            throw new IllegalArgumentException(
                    "limits too small: batch " + batch + ", block " + block + ", chunk " + chunk);
        }
    }

    /**
     * How long the client waits. The time-outs are those of RFC 5321 section 4.5.3.2; each is for a whole reply.
     *
     * @param connect for each address of a next hop
     * @param greeting for the greeting
     * @param hello for the reply to EHLO or HELO
     * @param mail for the reply to MAIL or RSET
     * @param recipient for the reply to RCPT
     * @param data for the 354
     * @param block for the server to take one block of content or one batch of commands
     * @param finalDot for the reply to the content
     * @param transmission for everything together, from connecting to the last reply
     * @param parting for the reply to QUIT, and for last words on a broken connection; nobody's mail waits for it
     */
    public record Waits(
            Duration connect,
            Duration greeting,
            Duration hello,
            Duration mail,
            Duration recipient,
            Duration data,
            Duration block,
            Duration finalDot,
            Duration transmission,
            Duration parting) {}

    /**
     * How much a server may say in one reply.
     *
     * @param lineOctets octets in a line without its end; RFC 5321 section 4.5.3.1.5 allows 512, more is met in practice
     * @param lines lines
     * @param octets octets in all lines
     */
    public record Replies(int lineOctets, int lines, int octets) {}

    /**
     * Connections kept for the next message.
     *
     * @param perHop idle connections to one next hop
     * @param all idle connections to all next hops
     * @param idle how long one is kept without a message
     * @param messages messages sent over one connection before it is given up
     * @param buffer octets of buffer that an idle connection may hold
     * @param partings connections that wait for the reply to QUIT at one time; beyond, they are closed without waiting
     */
    public record Kept(int perHop, int all, Duration idle, int messages, int buffer, int partings) {}

    /** The limits of the product. */
    public static ClientLimits defaults() {
        return new ClientLimits(
                new Waits(
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(3),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(30),
                        Duration.ofSeconds(5)),
                new Replies(2048, 100, 32 * 1024),
                new Kept(50, 1000, Duration.ofSeconds(10), 1000, 16 * 1024, 100),
                100,
                64 * 1024,
                1024 * 1024);
    }
}
