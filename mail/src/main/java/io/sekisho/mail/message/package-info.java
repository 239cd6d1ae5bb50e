/** The octets of a message: held in memory, then in a file, always replayable. */
@NullMarked
package io.sekisho.mail.message;

import org.jspecify.annotations.NullMarked;
