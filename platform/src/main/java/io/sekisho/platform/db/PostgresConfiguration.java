package io.sekisho.platform.db;

/** The configuration files of the embedded PostgreSQL. They are written anew at each start, so that ours is what counts. */
final class PostgresConfiguration {
    private PostgresConfiguration() {}

    /** The settings. */
    static String settings(PostgresHome home, int port, EmbeddedLimits limits) {
        return """
                # Written by Sekisho at each start: changes here are lost.
                hba_file = '%s'
                listen_addresses = '127.0.0.1'
                port = %d
                unix_socket_directories = ''
                max_connections = %d
                superuser_reserved_connections = 3
                password_encryption = 'scram-sha-256'
                authentication_timeout = 10s

                # Durability: the journal lets go of a message once its rows are committed.
                fsync = on
                synchronous_commit = on
                full_page_writes = on
                wal_level = minimal
                max_wal_senders = 0
                wal_compression = on
                max_wal_size = 1GB
                min_wal_size = 128MB
                checkpoint_timeout = 15min
                checkpoint_completion_target = 0.9

                shared_buffers = %dMB
                work_mem = 8MB
                maintenance_work_mem = 64MB
                huge_pages = off
                io_method = sync
                jit = off
                max_parallel_workers_per_gather = 0
                max_parallel_maintenance_workers = 0
                max_logical_replication_workers = 0
                autovacuum = on
                autovacuum_max_workers = 2
                idle_in_transaction_session_timeout = 5min

                timezone = 'UTC'
                lc_messages = 'C'
                log_timezone = 'UTC'
                logging_collector = on
                log_destination = 'stderr'
                log_directory = 'log'
                log_filename = 'postgresql-%%a.log'
                log_rotation_age = 1d
                log_rotation_size = 0
                log_truncate_on_rotation = on
                log_checkpoints = off
                log_min_messages = warning
                # Statements hold addresses of customers, and passwords of logins: neither belongs in a log.
                log_min_error_statement = panic
                log_error_verbosity = terse
                """.formatted(quoted(home.access()), port, limits.connections(), limits.sharedBuffersMegabytes());
    }

    /** Who may log in: everybody with a password, from this machine. */
    static String access() {
        return """
                # Written by Sekisho at each start: changes here are lost.
                host all all 127.0.0.1/32 scram-sha-256
                """;
    }

    private static String quoted(Object value) {
        return value.toString().replace("'", "''");
    }
}
