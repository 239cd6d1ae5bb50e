/** Custody: from the journal record behind a 250 to the row in the database, written once. */
@NullMarked
package io.sekisho.gateway.spool;

import org.jspecify.annotations.NullMarked;
