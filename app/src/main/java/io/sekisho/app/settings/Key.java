package io.sekisho.app.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The settings there are, in the order they are shown. */
enum Key {
    DATA("data", ".sekisho"),
    HOSTNAME("hostname", ""),
    LISTEN("smtp.listen", "127.0.0.1:2525"),
    SESSIONS("smtp.sessions", "12000"),
    SESSIONS_PER_ADDRESS("smtp.sessions-per-address", "1000"),
    MESSAGE_SIZE("smtp.message-size", "50MB"),
    RECIPIENTS("smtp.recipients", "1000"),
    TLS("tls", "on"),
    TLS_CERTIFICATE("tls.certificate", ""),
    TLS_KEY("tls.key", ""),
    TLS_ROOTS("tls.trusted-roots", ""),
    DNS_SERVERS("dns.servers", ""),
    DNS_TRUSTED("dns.trusted", "off"),
    NET_ALLOWED("net.allowed", ""),
    NET_SMTP_PORT("net.smtp-port", "25"),
    NET_HTTPS_PORT("net.https-port", "443"),
    NOTICES_FROM("notices.from", ""),
    ROUTES("routes", "routes.conf"),
    DATABASE("database", "embedded"),
    OWNER_USER("database.owner.user", "sekisho_owner"),
    OWNER_PASSWORD_FILE("database.owner.password-file", ""),
    APP_USER("database.app.user", "sekisho_app"),
    APP_PASSWORD_FILE("database.app.password-file", ""),
    GATEWAY_USER("database.gateway.user", "sekisho_gateway"),
    GATEWAY_PASSWORD_FILE("database.gateway.password-file", ""),
    OPERATOR_USER("database.operator.user", "sekisho_operator"),
    OPERATOR_PASSWORD_FILE("database.operator.password-file", ""),
    JOURNAL_BYTES("journal.max-bytes", "4GB"),
    JOURNAL_RECORDS("journal.max-records", "200000"),
    PER_LANE("delivery.per-lane", "20"),
    TOTAL("delivery.total", "500"),
    LIFETIME("delivery.lifetime", "10d"),
    LOG("log", "");

    /** The logins of an external database, each with its user and its password file. */
    static final List<Login> LOGINS = List.of(
            new Login("owner", OWNER_USER, OWNER_PASSWORD_FILE),
            new Login("app", APP_USER, APP_PASSWORD_FILE),
            new Login("gateway", GATEWAY_USER, GATEWAY_PASSWORD_FILE),
            new Login("operator", OPERATOR_USER, OPERATOR_PASSWORD_FILE));

    /** How it is written. */
    final String written;

    /** What holds when nothing is written; empty when that is worked out. */
    final String standard;

    Key(String written, String standard) {
        this.written = written;
        this.standard = standard;
    }

    /** A login. @param word its place in the names of its keys */
    record Login(String word, Key user, Key passwordFile) {}

    static Optional<Key> of(String written) {
        return Arrays.stream(values())
                .filter(key -> key.written.equals(written))
                .findFirst();
    }

    static List<String> all() {
        return Arrays.stream(values()).map(key -> key.written).toList();
    }
}
