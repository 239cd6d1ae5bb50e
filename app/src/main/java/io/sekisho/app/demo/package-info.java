/** The demo: a pretend internet around the real gateway, with sample mail and a live view in plain text. */
@NullMarked
package io.sekisho.app.demo;

import org.jspecify.annotations.NullMarked;
