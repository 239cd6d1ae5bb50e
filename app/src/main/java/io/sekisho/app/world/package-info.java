/** The world outside, as the settings want it reached. */
@NullMarked
package io.sekisho.app.world;

import org.jspecify.annotations.NullMarked;
