/** What tenants are told by mail: our own mail, which goes out as any other does. */
@NullMarked
package io.sekisho.control.notices;

import org.jspecify.annotations.NullMarked;
