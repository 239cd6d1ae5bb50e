package io.sekisho.app.database;

import io.sekisho.platform.db.Database;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The gateway's connections, to a database that may come up after mail does. Until then they fail as those of one that is gone. */
public final class LateDatabase implements DataSource {
    private volatile @Nullable Database database;

    /** It is up. */
    public void up(Database now) {
        database = now;
    }

    /** Whether it is up. */
    public boolean isUp() {
        return database != null;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Database now = database;
        if (now == null) {
            throw new SQLTransientConnectionException("the database is not up yet", "08001");
        }
        return now.gateway().getConnection();
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the gateway has one login");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("no java.util.logging");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("not a wrapper of " + type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
