/** From an SMTP mail transaction to the spool. */
@NullMarked
package io.sekisho.gateway.intake;

import org.jspecify.annotations.NullMarked;
