package io.sekisho.platform.db;

import java.nio.file.Path;

/**
 * The folder of the embedded PostgreSQL. All but the cluster belongs to us; the cluster belongs to the account that the server
 * runs under, and we never write in it.
 *
 * @param root the folder
 */
record PostgresHome(Path root) {
    /** The data directory. */
    Path cluster() {
        return root.resolve("cluster");
    }

    /** The data directory while it is being made. */
    Path unfinishedCluster() {
        return root.resolve("cluster.new");
    }

    /** The programs of one version. */
    Path programs(String version) {
        return root.resolve(version);
    }

    /** Our configuration file; written at each start. */
    Path configuration() {
        return root.resolve("postgresql.conf");
    }

    /** Who may log in from where; written at each start. */
    Path access() {
        return root.resolve("pg_hba.conf");
    }

    /** The port, chosen once. */
    Path port() {
        return root.resolve("port");
    }

    /** The superuser's password. */
    Path superuser() {
        return root.resolve("superuser");
    }

    /** The passwords of the four logins. */
    Path logins() {
        return root.resolve("logins");
    }

    /** Locked while a program of ours uses the folder. */
    Path lock() {
        return root.resolve("lock");
    }

    /** What the server said before its log was open. */
    Path startLog() {
        return root.resolve("start.log");
    }

    /** The server's own note of its process and state. */
    Path postmasterFile() {
        return cluster().resolve("postmaster.pid");
    }
}
