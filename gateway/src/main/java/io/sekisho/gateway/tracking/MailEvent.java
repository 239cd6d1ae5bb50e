package io.sekisho.gateway.tracking;

import io.sekisho.mail.address.Mailbox;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Something that happened to a message, or to an attempt to bring us one. */
public sealed interface MailEvent {
    /** When, by the gateway's clock. */
    Instant at();

    /**
     * A client was refused in the dialogue: nothing was taken into custody.
     *
     * @param peer its address
     * @param sender the reverse-path, empty when none was given yet
     * @param recipient the forward-path the refusal was about, empty when about none
     * @param reply what we said
     */
    record Refused(Instant at, String peer, String sender, String recipient, String reply) implements MailEvent {}

    /**
     * A message is durable in our custody and its client has, or is about to get, a 250.
     *
     * @param id the message
     * @param tenant whose it is
     * @param peer address it came from
     * @param sender reverse-path, empty for the null one
     * @param recipients all forward-paths
     * @param size octets
     * @param tls protocol and cipher it came by, empty without TLS
     */
    record Accepted(
            Instant at,
            UUID id,
            UUID tenant,
            String peer,
            String sender,
            List<Mailbox> recipients,
            long size,
            String tls)
            implements MailEvent {}

    /**
     * The next hop took it for a recipient.
     *
     * @param server address and port that took it
     * @param reply what that server said
     * @param delay since we took it into custody
     * @param tls protocol and cipher it went by, empty without TLS
     */
    record Delivered(Instant at, UUID id, Mailbox recipient, String server, String reply, Duration delay, String tls)
            implements MailEvent {}

    /**
     * It was not delivered for now.
     *
     * @param detail remote reply or what else happened
     * @param next when it is tried again at the latest known time
     */
    record Deferred(Instant at, UUID id, Mailbox recipient, String nextHop, String detail, Instant next)
            implements MailEvent {}

    /**
     * It is held: no further attempt without an administrator.
     *
     * @param reason why
     * @param detail remote reply or what else happened
     */
    record Held(Instant at, UUID id, Mailbox recipient, Reason reason, String detail) implements MailEvent {}

    /**
     * A next hop could not be reached; its lane waits and no message of it is touched.
     *
     * @param until when it is tried again
     */
    record RouteDown(Instant at, String nextHop, String detail, Instant until) implements MailEvent {}

    /** A next hop that was down takes mail again. @param nextHop which */
    record RouteUp(Instant at, String nextHop) implements MailEvent {}

    /**
     * Mail came for a domain that is still in set-up, and was put off: its MX points here already.
     *
     * @param tenant who sets the domain up
     * @param recipients put off since the last such event
     */
    record Early(Instant at, UUID tenant, String domain, long recipients) implements MailEvent {}
}
