package io.sekisho.platform.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Under which account PostgreSQL runs; it refuses to run as root. */
sealed interface ServerAccount {
    /** What stands before the command so that it runs under the account. */
    List<String> prefix();

    /** Makes the file or directory the account's own. */
    void own(Path path) throws IOException;

    /** The command under the account. */
    default List<String> command(String... command) {
        List<String> whole = new ArrayList<>(prefix());
        whole.addAll(List.of(command));
        return whole;
    }

    /** We are not root: the server runs as we do. */
    record Ours() implements ServerAccount {
        @Override
        public List<String> prefix() {
            return List.of();
        }

        @Override
        public void own(Path path) {}
    }

    /** We are root: the server runs as another user, who owns the cluster. */
    record Other(int user, int group) implements ServerAccount {
        @Override
        public List<String> prefix() {
            return List.of(
                    "setpriv",
                    "--reuid",
                    Integer.toString(user),
                    "--regid",
                    Integer.toString(group),
                    "--clear-groups",
                    "--no-new-privs",
                    "--");
        }

        @Override
        public void own(Path path) throws IOException {
            Files.setAttribute(path, "unix:gid", group, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /**
     * We are root and no other user can reach the folder: the server runs in a user name space of its own, in which root goes
     * by the name of another user and has no capabilities.
     */
    record Mapped(int user, int group) implements ServerAccount {
        @Override
        public List<String> prefix() {
            return List.of("unshare", "--user", "--map-user=" + user, "--map-group=" + group, "--");
        }

        @Override
        public void own(Path path) {}
    }

    /** The name of a user made for this purpose; without it {@code nobody} is taken. */
    String USER = "sekisho-postgres";

    /** The choice for this folder. @throws DatabaseSetupException when we are root and there is no way to run as another */
    static ServerAccount choose(PostgresHome home) throws IOException, InterruptedException, DatabaseSetupException {
        if (owner(Path.of("/proc/self")) != 0) {
            return new Ours();
        }
        List<String> users = Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.UTF_8);
        if (Files.isDirectory(home.cluster())) {
            int owner = owner(home.cluster());
            if (owner == 0) {
                return mapped(home, users);
            }
            Other other = new Other(owner, (Integer) Files.getAttribute(home.cluster(), "unix:gid"));
            if (!reaches(other, home.root())) {
                throw unreachable(home);
            }
            return other;
        }
        for (String name : List.of(USER, "nobody")) {
            for (String[] user : users.stream().map(l -> l.split(":")).toList()) {
                if (user.length > 3 && user[0].equals(name)) {
                    Other other = new Other(Integer.parseInt(user[2]), Integer.parseInt(user[3]));
                    return reaches(other, home.root()) ? other : mapped(home, users);
                }
            }
        }
        throw new DatabaseSetupException("PostgreSQL does not run as root, and there is no user to run it: add a user "
                + USER + ", or start this program as an ordinary user");
    }

    private static ServerAccount mapped(PostgresHome home, List<String> users)
            throws InterruptedException, DatabaseSetupException {
        for (String[] user : users.stream().map(l -> l.split(":")).toList()) {
            if (user.length > 3 && (user[0].equals(USER) || user[0].equals("nobody"))) {
                Mapped mapped = new Mapped(Integer.parseInt(user[2]), Integer.parseInt(user[3]));
                if (reaches(mapped, home.root())) {
                    return mapped;
                }
            }
        }
        throw unreachable(home);
    }

    private static DatabaseSetupException unreachable(PostgresHome home) {
        return new DatabaseSetupException("PostgreSQL does not run as root, and no other user can reach " + home.root()
                + ": allow passing through its parents (chmod o+x on each), or choose another folder,"
                + " or start this program as an ordinary user");
    }

    private static int owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }

    /** Tries it, since permissions, access lists and name spaces all have a say. */
    private static boolean reaches(ServerAccount account, Path directory) throws InterruptedException {
        try {
            Process trial = new ProcessBuilder(account.command("sh", "-c", "cd \"$0\"", directory.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!trial.waitFor(10, TimeUnit.SECONDS)) {
                trial.destroyForcibly();
                return false;
            }
            return trial.exitValue() == 0;
        } catch (IOException e) {
            return false; // the program that changes the account is not there
        }
    }
}
