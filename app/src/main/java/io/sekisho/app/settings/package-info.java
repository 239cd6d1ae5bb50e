/** What the operator wrote: the settings file and the routes file, read strictly, with all that is wrong said at once. */
@NullMarked
package io.sekisho.app.settings;

import org.jspecify.annotations.NullMarked;
