/** Keys of DKIM: algorithms, records in DNS, and when a key signs, is published and goes (RFC 6376 sections 3.3, 3.6; 8301; 8463). */
@NullMarked
package io.sekisho.mail.dkim.key;

import org.jspecify.annotations.NullMarked;
