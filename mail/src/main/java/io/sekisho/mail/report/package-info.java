/** Notices about mail to those who sent it: delivery status notifications (RFC 3461, 3464, 6522, 6533). */
@NullMarked
package io.sekisho.mail.report;

import org.jspecify.annotations.NullMarked;
