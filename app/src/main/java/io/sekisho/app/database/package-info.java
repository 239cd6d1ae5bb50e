/** The database as the settings name it, and as the mail sees it while it is not up yet. */
@NullMarked
package io.sekisho.app.database;

import org.jspecify.annotations.NullMarked;
