/** The journal: append-only segments with checksums, one sync for many records. */
@NullMarked
package io.sekisho.platform.journal;

import org.jspecify.annotations.NullMarked;
