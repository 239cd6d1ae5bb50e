/** Certificates and authorities for tests, made when they are needed. */
@NullMarked
package io.sekisho.testkit.tls;

import org.jspecify.annotations.NullMarked;
