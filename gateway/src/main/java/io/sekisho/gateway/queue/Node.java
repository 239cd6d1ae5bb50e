package io.sekisho.gateway.queue;

/**
 * This process, as leases name it.
 *
 * @param name of the node
 * @param boot how often it has started; leases of older boots are void
 */
public record Node(String name, long boot) {}
