/** A DNS server on this machine that can be told to misbehave. */
@NullMarked
package io.sekisho.testkit.dns;

import org.jspecify.annotations.NullMarked;
