/** Keys, certificates and passwords in files: read with words for what is wrong, written whole, readable by us alone. */
@NullMarked
package io.sekisho.platform.secret;

import org.jspecify.annotations.NullMarked;
