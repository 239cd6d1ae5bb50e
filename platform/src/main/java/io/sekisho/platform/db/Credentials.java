package io.sekisho.platform.db;

/**
 * A name and password at the database.
 *
 * @param user the name
 * @param password the password; never shown
 */
public record Credentials(String user, String password) {
    @Override
    public String toString() {
        return user;
    }
}
