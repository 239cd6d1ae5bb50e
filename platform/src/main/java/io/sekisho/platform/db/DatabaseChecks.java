package io.sekisho.platform.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/** Looks whether a database is one that we can use, and says in plain words why not. */
final class DatabaseChecks {
    /** The oldest version: 15. */
    private static final int OLDEST = 150_000;

    private static final int CONNECT_SECONDS = 10;

    private DatabaseChecks() {}

    /** One connection. @param what names the login or the server in messages */
    static Connection connect(String url, Credentials credentials, String what) throws DatabaseSetupException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        try {
            source.setUrl(url);
        } catch (IllegalArgumentException e) {
            throw new DatabaseSetupException(
                    "not an address of a PostgreSQL database: " + url
                            + "; it looks like jdbc:postgresql://host:5432/sekisho",
                    e);
        }
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setLoginTimeout(CONNECT_SECONDS);
        try {
            return source.getConnection(credentials.user(), credentials.password());
        } catch (SQLException e) {
            throw new DatabaseSetupException(words(e, url, credentials, what), e);
        }
    }

    private static String words(SQLException e, String url, Credentials credentials, String what) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case "28P01" ->
                "wrong password for the login " + credentials.user() + " (" + what
                        + "), or no such login: set its password, or let an administrator of the database make the logins";
            case "28000" ->
                "the database server does not let " + credentials.user() + " (" + what
                        + ") in from here: allow it in its pg_hba.conf";
            case "3D000" ->
                "there is no such database at " + place(url) + ": let an administrator of the database make it";
            case "53300" ->
                "the database server at " + place(url) + " has no free connection: raise its max_connections";
            case "57P03" -> "the database server at " + place(url) + " is just starting or stopping: try again";
            default ->
                state.startsWith("08")
                        ? "no database server answers at " + place(url) + ": is it running, and is the address right?"
                        : "cannot log in to the database at " + place(url) + " as " + credentials.user() + ": "
                                + e.getMessage();
        };
    }

    /** The address without its parameters, which may hold a password. */
    private static String place(String url) {
        int parameters = url.indexOf('?');
        return parameters < 0 ? url : url.substring(0, parameters);
    }

    /** Looks whether a commit on this server survives a loss of power. Closes the connection. */
    static void durable(Connection connection) throws DatabaseSetupException {
        try (connection) {
            require(connection, "fsync", "on");
            require(connection, "full_page_writes", "on");
            if (show(connection, "synchronous_commit").equals("off")) {
                throw new DatabaseSetupException("the database server has synchronous_commit = off:"
                        + " mail could be lost when it crashes; set it to on");
            }
        } catch (SQLException e) {
            throw new DatabaseSetupException("cannot read the settings of the database: " + e.getMessage(), e);
        }
    }

    private static void require(Connection connection, String setting, String value)
            throws SQLException, DatabaseSetupException {
        String found = show(connection, setting);
        if (!found.equals(value)) {
            throw new DatabaseSetupException("the database server has " + setting + " = " + found
                    + ": mail could be lost when it crashes; set it to " + value);
        }
    }

    /** Looks whether the login is the one that migrations give rights to, and the server is new enough. Closes the connection. */
    static void login(Connection connection, Login login) throws DatabaseSetupException {
        try (connection) {
            int version = Integer.parseInt(show(connection, "server_version_num"));
            if (version < OLDEST) {
                throw new DatabaseSetupException("the database server is PostgreSQL "
                        + show(connection, "server_version") + ": at least version " + OLDEST / 10_000 + " is needed");
            }
            String user = one(connection, "select current_user");
            if (!user.equals(login.role())) {
                throw new DatabaseSetupException("the login for " + login.setting() + " must be " + login.role()
                        + " and not " + user + ": rights are given by these names");
            }
            boolean bypasses = one(
                            connection, "select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
                    .equals("t");
            if (bypasses != (login == Login.OWNER)) {
                throw new DatabaseSetupException(
                        login == Login.OWNER
                                ? "the login " + user + " must have BYPASSRLS: alter role " + user + " bypassrls"
                                : "the login " + user + " must not be a superuser and must not have BYPASSRLS:"
                                        + " it would see the mail of all tenants");
            }
        } catch (SQLException e) {
            throw new DatabaseSetupException("cannot look at the database: " + e.getMessage(), e);
        }
    }

    private static String show(Connection connection, String setting) throws SQLException {
        return one(connection, "select current_setting('" + setting + "')");
    }

    private static String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
