package io.sekisho.gateway.policy;

import io.sekisho.mail.address.DomainName;
import io.sekisho.smtp.client.NextHop;
import java.util.UUID;

/**
 * Whose a domain is and where its mail goes.
 *
 * @param domain the domain
 * @param tenant whose it is
 * @param hop the customer's mail server
 * @param recipients who exists there
 */
public record DomainRoute(DomainName domain, UUID tenant, NextHop hop, RecipientSet recipients) {}
