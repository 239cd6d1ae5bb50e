/** Web servers on this machine that say exactly what they are told to. */
@NullMarked
package io.sekisho.testkit.web;

import org.jspecify.annotations.NullMarked;
