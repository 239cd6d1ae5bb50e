/** What must stay secret on disk and in the database: keys, certificates and passwords in files, a master key, and boxes that only it opens. */
@NullMarked
package io.sekisho.platform.secret;

import org.jspecify.annotations.NullMarked;
