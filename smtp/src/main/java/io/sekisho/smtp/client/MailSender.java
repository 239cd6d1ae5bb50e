package io.sekisho.smtp.client;

import io.sekisho.mail.message.Content;
import io.sekisho.smtp.tls.TlsPolicy;

/** Hands a message to a next hop. The SMTP client in the product; a port so that the simulation can be the network. */
@FunctionalInterface
public interface MailSender {
    /**
     * Sends the content to all recipients of the envelope, in one mail transaction unless the server's limits (RFC 9422) want
     * more; never throws for what the network does.
     *
     * @param tls how much TLS the delivery needs
     * @throws java.io.UncheckedIOException when the content cannot be read; the server was not given the end of it
     */
    Transmission send(NextHop hop, TlsPolicy tls, Envelope envelope, Content content);

    /** Sends with TLS where it is offered. */
    default Transmission send(NextHop hop, Envelope envelope, Content content) {
        return send(hop, new TlsPolicy.Opportunistic(), envelope, content);
    }
}
