package io.sekisho.platform.dns;

import io.sekisho.mail.dns.DnsAnswer;
import org.xbill.DNS.Message;

/** What asking one question of one server came to. */
sealed interface Reply {
    /**
     * It answered: there is something, there is nothing, or there is no such name.
     *
     * @param message the answer
     * @param octets its size
     * @param validated whether the server says that it has validated it
     */
    record Said(Message message, int octets, boolean validated) implements Reply {}

    /**
     * It gave no answer that can be used.
     *
     * @param cause why
     * @param detail the same for people
     */
    record Failed(DnsAnswer.Cause cause, String detail) implements Reply {}
}
