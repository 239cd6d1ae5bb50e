/** DomainKeys Identified Mail: canonicalization and signing (RFC 6376, 8301, 8463). */
@NullMarked
package io.sekisho.mail.dkim;

import org.jspecify.annotations.NullMarked;
