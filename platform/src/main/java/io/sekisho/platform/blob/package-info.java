/** Bodies of messages outside the database. */
@NullMarked
package io.sekisho.platform.blob;

import org.jspecify.annotations.NullMarked;
