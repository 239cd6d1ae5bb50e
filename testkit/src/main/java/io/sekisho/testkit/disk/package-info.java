/** A disk that loses what was not synced. */
@NullMarked
package io.sekisho.testkit.disk;

import org.jspecify.annotations.NullMarked;
