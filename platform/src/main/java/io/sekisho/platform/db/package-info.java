/** The database: the embedded PostgreSQL, logins and pools, migrations. */
@NullMarked
package io.sekisho.platform.db;

import org.jspecify.annotations.NullMarked;
