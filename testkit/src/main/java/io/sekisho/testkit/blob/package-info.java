/** What every store of blobs must do. */
@NullMarked
package io.sekisho.testkit.blob;

import org.jspecify.annotations.NullMarked;
