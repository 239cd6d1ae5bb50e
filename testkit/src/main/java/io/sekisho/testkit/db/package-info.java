/** Databases for tests, and connections that fail when told to. */
@NullMarked
package io.sekisho.testkit.db;

import org.jspecify.annotations.NullMarked;
