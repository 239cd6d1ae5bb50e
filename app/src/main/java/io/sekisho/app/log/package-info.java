/** How events of mail are written down. */
@NullMarked
package io.sekisho.app.log;

import org.jspecify.annotations.NullMarked;
