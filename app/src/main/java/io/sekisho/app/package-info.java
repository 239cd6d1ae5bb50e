/** The program: command line, settings, and the one place where its parts are put together. */
@NullMarked
package io.sekisho.app;

import org.jspecify.annotations.NullMarked;
