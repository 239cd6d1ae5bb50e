package io.sekisho.platform.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The logins and the database as an administrator of the server makes them: as text for a DBA, and done by us where we are the DBA. */
public final class DatabaseSetup {
    private static final String LOGINS = "sekisho_owner, sekisho_app, sekisho_gateway, sekisho_operator";

    private DatabaseSetup() {}

    /** What the administrator of an external server runs once with psql; the four passwords are to be filled in. */
    public static String sql() {
        StringBuilder sql = new StringBuilder("""
                -- To be run once with psql, as a superuser. Fill in four passwords first.
                """);
        for (Login login : Login.values()) {
            sql.append("create role %s;%n".formatted(login.role()))
                    .append(role(login, "PASSWORD-OF-" + login.setting().toUpperCase(Locale.ROOT)))
                    .append(";\n");
        }
        sql.append("""
                create database sekisho owner sekisho_owner template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C';
                """);
        rights("sekisho").forEach(s -> sql.append(s).append(";\n"));
        sql.append("\\connect sekisho\n");
        inside().forEach(s -> sql.append(s).append(";\n"));
        return sql.toString();
    }

    private static String role(Login login, String password) {
        return "alter role %s login nosuperuser nocreatedb nocreaterole noreplication %s password '%s'"
                .formatted(
                        login.role(), login == Login.OWNER ? "bypassrls" : "nobypassrls", password.replace("'", "''"));
    }

    /** Who may connect to the database: statements for any database of the server. */
    private static List<String> rights(String database) {
        return List.of(
                "revoke all on database " + database + " from public",
                "grant connect on database " + database + " to " + LOGINS);
    }

    /** Statements inside the database: nobody but the owner makes anything there. */
    private static List<String> inside() {
        return List.of("revoke all on schema public from public", "grant usage on schema public to " + LOGINS);
    }

    /**
     * Makes the logins where they are missing and sets their passwords. May be repeated.
     *
     * @param superuser a connection of a superuser to any database
     */
    public static void logins(Connection superuser, Map<Login, String> passwords) throws SQLException {
        for (Login login : Login.values()) {
            String password = passwords.get(login);
            if (password == null) {
                throw new IllegalArgumentException("no password for " + login.setting());
            }
            execute(
                    superuser,
                    "do $$ begin if not exists (select from pg_roles where rolname = '%1$s') then create role %1$s; end if; end $$"
                            .formatted(login.role()));
            execute(superuser, role(login, password));
        }
    }

    /**
     * Makes the database if it is missing and says who may connect to it. May be repeated.
     *
     * @param superuser a connection of a superuser to another database
     * @param database its name, of letters, digits and low lines
     * @param template the database to copy, usually the standard one; nobody may be connected to it
     */
    public static void database(Connection superuser, String database, String template) throws SQLException {
        named(database);
        named(template);
        try (Statement statement = superuser.createStatement();
                var found = statement.executeQuery("select from pg_database where datname = '" + database + "'")) {
            if (!found.next()) {
                execute(superuser, "create database " + database + " owner sekisho_owner template " + template);
            }
        }
        for (String sql : rights(database)) {
            execute(superuser, sql);
        }
    }

    /** Sets the rights inside the database. May be repeated. @param superuser a connection of a superuser to the database itself */
    public static void schema(Connection superuser) throws SQLException {
        for (String sql : inside()) {
            execute(superuser, sql);
        }
    }

    private static void named(String database) {
        if (!database.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("not a name of a database: " + database);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
