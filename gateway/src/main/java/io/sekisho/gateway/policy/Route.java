package io.sekisho.gateway.policy;

import io.sekisho.smtp.client.NextHop;

/**
 * A mail server of a customer.
 *
 * @param preference the lower, the earlier it is asked; servers of equal preference share the mail (as RFC 5321 section 5.1 has it for MX)
 * @param hop the server
 */
public record Route(int preference, NextHop hop) {}
