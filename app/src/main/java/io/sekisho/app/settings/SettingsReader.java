package io.sekisho.app.settings;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.platform.net.AddressRange;
import io.sekisho.platform.secret.IdentityFiles;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings file: lines of {@code key = value} in UTF-8, {@code #} begins a comment. Relative paths start at the
 * folder of the file. An unknown key, a key that stands twice and a value that cannot be meant are refused; all are reported.
 */
public final class SettingsReader {
    private static final long MAX_OCTETS = 1 << 20;
    private static final int MAX_LISTEN = 20;
    private static final Pattern ADDRESS_OF_DATABASE = Pattern.compile("jdbc:postgresql://[!-~]+/[!-~]+");

    private record Written(int line, String value) {}

    private final Path file;
    private final Path base;
    private final String localHostName;
    private final Map<Key, Written> written = new EnumMap<>(Key.class);
    private final List<Reading.Row> rows = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private SettingsReader(Path file, String localHostName) {
        this.file = file;
        this.base = Optional.ofNullable(file.toAbsolutePath().normalize().getParent())
                .orElse(Path.of("/"));
        this.localHostName = localHostName;
    }

    /** Reads a file. @param localHostName the machine's own name, for when {@code hostname} is not set */
    public static Reading<Settings> read(Path file, String localHostName) {
        SettingsReader reader = new SettingsReader(file, localHostName);
        reader.readLines(TextFile.read(file, "settings file", MAX_OCTETS, reader.problems));
        return reader.understand();
    }

    /** The settings that hold without a file. @param folder where relative paths start */
    public static Reading<Settings> standard(Path folder, String localHostName) {
        return new SettingsReader(folder.resolve("sekisho.conf"), localHostName).understand();
    }

    private void readLines(List<TextFile.Line> lines) {
        for (TextFile.Line line : lines) {
            String text = line.text();
            int equals = text.indexOf('=') >= 0 ? text.indexOf('=') : text.indexOf('\uff1d');
            if (equals < 0) {
                problem(line.number(), "\"" + text + "\" is no setting", "Write key = value, or # before a comment");
                continue;
            }
            String name = FullWidth.fold(text.substring(0, equals)).toLowerCase(Locale.ROOT);
            Optional<Key> key = Key.of(name);
            if (key.isEmpty()) {
                problem(
                        line.number(),
                        "there is no setting \"" + name + "\"",
                        Spelling.nearest(name, Key.all())
                                .map(near -> "Perhaps " + near + " is meant")
                                .orElse("The settings are " + String.join(", ", Key.all())));
                continue;
            }
            Written before = written.get(key.get());
            if (before != null) {
                problem(line.number(), name + " stands in line " + before.line + " already", "Delete one of the two");
                continue;
            }
            written.put(
                    key.get(),
                    new Written(line.number(), text.substring(equals + 1).strip()));
        }
    }

    private Reading<Settings> understand() {
        Path data = take(Key.DATA, Key.DATA.standard, this::path, Path::toString);
        String hostname = take(
                Key.HOSTNAME,
                usable(localHostName),
                text -> Names.domain(text).then(name -> new Value.Good<>(name.ascii())),
                name -> name);
        Settings.@Nullable Smtp smtp = smtp();
        Settings.@Nullable Tls tls = tls();
        Settings.@Nullable Net net = net();
        Mailbox from = noticesFrom(hostname);
        Path routes = take(Key.ROUTES, Key.ROUTES.standard, this::path, Path::toString);
        Settings.@Nullable Database database = database();
        Long journalBytes = octets(Key.JOURNAL_BYTES, 256_000_000L, 1L << 40);
        Integer journalRecords = number(Key.JOURNAL_RECORDS, 1000, 10_000_000);
        Integer perLane = number(Key.PER_LANE, 1, 1000);
        Integer total = number(Key.TOTAL, 1, 10_000);
        Duration lifetime = take(
                Key.LIFETIME,
                Key.LIFETIME.standard,
                text -> Sizes.span(text, Duration.ofDays(1), Duration.ofDays(30)),
                Sizes::show);
        String standardLog =
                data == null ? "log" : data.resolve("log/sekisho.log").toString();
        Path log = take(Key.LOG, standardLog, this::path, Path::toString);
        notAbove(Key.PER_LANE, perLane, Key.TOTAL, total);
        List<Problem> ordered =
                problems.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
        if (!ordered.isEmpty()
                || data == null
                || hostname == null
                || smtp == null
                || tls == null
                || net == null
                || from == null
                || routes == null
                || database == null
                || journalBytes == null
                || journalRecords == null
                || perLane == null
                || total == null
                || lifetime == null
                || log == null) {
            return new Reading<>(Optional.empty(), rows, ordered);
        }
        Settings settings = new Settings(
                data,
                hostname,
                smtp,
                tls,
                net,
                from,
                routes,
                database,
                new Settings.Journal(journalBytes, journalRecords),
                new Settings.Delivery(perLane, total, lifetime),
                log);
        return new Reading<>(Optional.of(settings), rows, ordered);
    }

    private Settings.@Nullable Smtp smtp() {
        List<ListenAddress> listen =
                take(Key.LISTEN, Key.LISTEN.standard, SettingsReader::addresses, SettingsReader::list);
        Integer sessions = number(Key.SESSIONS, 1, 100_000);
        Integer perAddress = number(Key.SESSIONS_PER_ADDRESS, 1, 100_000);
        Long size = octets(Key.MESSAGE_SIZE, 64 * 1024L, 1L << 30);
        Integer recipients = number(Key.RECIPIENTS, 100, 50_000);
        notAbove(Key.SESSIONS_PER_ADDRESS, perAddress, Key.SESSIONS, sessions);
        return listen == null || sessions == null || perAddress == null || size == null || recipients == null
                ? null
                : new Settings.Smtp(listen, sessions, perAddress, size, recipients);
    }

    private Settings.@Nullable Tls tls() {
        Boolean on = take(Key.TLS, Key.TLS.standard, SettingsReader::onOrOff, SettingsReader::word);
        Written certificate = written.get(Key.TLS_CERTIFICATE);
        Written key = written.get(Key.TLS_KEY);
        if (on != null && !on) {
            useless(Key.TLS_CERTIFICATE, "tls = off");
            useless(Key.TLS_KEY, "tls = off");
            return new Settings.Tls.Off();
        }
        if (certificate == null && key == null) {
            String selfMade = "made by us for the hostname, ECDSA P-256";
            rows.add(new Reading.Row(Key.TLS_CERTIFICATE.written, selfMade, "default"));
            return on == null ? null : new Settings.Tls.SelfMade();
        }
        if (certificate == null || key == null) {
            Key missing = certificate == null ? Key.TLS_CERTIFICATE : Key.TLS_KEY;
            problem(0, missing.written + " is not set", "A certificate and its key go together: name both PEM files");
            return null;
        }
        Path certificateFile = take(Key.TLS_CERTIFICATE, "", this::path, Path::toString);
        Path keyFile = take(Key.TLS_KEY, "", this::path, Path::toString);
        if (on == null || certificateFile == null || keyFile == null) {
            return null;
        }
        if (IdentityFiles.read(certificateFile, keyFile) instanceof IdentityFiles.Read.Bad(Path bad, String why)) {
            boolean ofKey = !bad.equals(certificateFile);
            problem(
                    ofKey ? key.line : certificate.line,
                    (ofKey ? Key.TLS_KEY : Key.TLS_CERTIFICATE).written + ": " + bad + " " + why,
                    "Mend the file, or delete both lines for a certificate that we make");
            return null;
        }
        return new Settings.Tls.Files(certificateFile, keyFile);
    }

    private @Nullable Mailbox noticesFrom(@Nullable String hostname) {
        String standard = "postmaster@" + (hostname == null ? "localhost" : hostname);
        return take(Key.NOTICES_FROM, standard, Names::mailbox, Mailbox::toString);
    }

    private Settings.@Nullable Net net() {
        List<InetSocketAddress> dns =
                optional(Key.DNS_SERVERS, "those of this machine", List.of(), Reachable::servers, Reachable::show);
        Boolean trusted =
                take(Key.DNS_TRUSTED, Key.DNS_TRUSTED.standard, SettingsReader::onOrOff, SettingsReader::word);
        List<AddressRange> allowed =
                optional(Key.NET_ALLOWED, "public addresses only", List.of(), Reachable::ranges, Reachable::show);
        Integer smtp = number(Key.NET_SMTP_PORT, 1, 65_535);
        Integer https = number(Key.NET_HTTPS_PORT, 1, 65_535);
        Optional<Path> roots = optional(
                Key.TLS_ROOTS,
                "those of the platform",
                Optional.<Path>empty(),
                text -> path(text).then(Reachable::roots),
                file -> file.map(Path::toString).orElse(""));
        return dns == null || trusted == null || allowed == null || smtp == null || https == null || roots == null
                ? null
                : new Settings.Net(dns, trusted, allowed, smtp, https, roots.orElse(null));
    }

    /** As {@link #take} for a key that need not be set. @param unset what the table then says */
    private <T> @Nullable T optional(
            Key key, String unset, T standard, Function<String, Value<T>> parse, Function<T, String> show) {
        if (written.containsKey(key)) {
            return take(key, "", parse, show);
        }
        rows.add(new Reading.Row(key.written, unset, "default"));
        return standard;
    }

    private static String word(boolean on) {
        return on ? "on" : "off";
    }

    private static Value<Boolean> onOrOff(String text) {
        return switch (FullWidth.fold(text).toLowerCase(Locale.ROOT)) {
            case "on" -> new Value.Good<>(true);
            case "off" -> new Value.Good<>(false);
            default -> new Value.Bad<>("must be on or off, not \"" + text + "\"");
        };
    }

    private Settings.@Nullable Database database() {
        String url = take(Key.DATABASE, Key.DATABASE.standard, SettingsReader::databaseUrl, text -> text);
        if (url == null) {
            return null;
        }
        boolean embedded = url.equals("embedded");
        Map<String, Settings.DatabaseLogin> logins = new LinkedHashMap<>();
        for (Key.Login login : Key.LOGINS) {
            if (embedded) {
                useless(login.user(), "database = embedded");
                useless(login.passwordFile(), "database = embedded");
                continue;
            }
            String user = take(login.user(), login.user().standard, SettingsReader::user, text -> text);
            Path password = passwordFile(login.passwordFile());
            if (user != null && password != null) {
                logins.put(login.word(), new Settings.DatabaseLogin(user, password));
            }
        }
        return embedded ? new Settings.Database.Embedded() : new Settings.Database.External(url, Map.copyOf(logins));
    }

    private @Nullable Path passwordFile(Key key) {
        if (!written.containsKey(key)) {
            problem(
                    0,
                    key.written + " is not set",
                    "A database of your own needs it: name a file that holds the password");
            return null;
        }
        return take(
                key,
                "",
                text -> path(text)
                        .then(path -> Files.isRegularFile(path) && Files.isReadable(path)
                                ? new Value.Good<>(path)
                                : new Value.Bad<Path>("must be a file that this user may read, not \"" + path + "\"")),
                Path::toString);
    }

    /** @param setting which makes the key useless, such as {@code tls = off} */
    private void useless(Key key, String setting) {
        Written there = written.get(key);
        if (there != null) {
            String other = setting.substring(0, setting.indexOf(' '));
            problem(there.line, key.written + " has no meaning with " + setting, "Delete it, or set " + other);
        }
    }

    private @Nullable Integer number(Key key, int min, int max) {
        return take(key, key.standard, text -> Sizes.number(text, min, max), String::valueOf);
    }

    private @Nullable Long octets(Key key, long min, long max) {
        return take(key, key.standard, text -> Sizes.octets(text, min, max), Sizes::show);
    }

    /** The value of a key, and a row of the table; null and a problem when it is bad. */
    private <T> @Nullable T take(Key key, String standard, Function<String, Value<T>> parse, Function<T, String> show) {
        Written there = written.get(key);
        String text = there == null ? standard : there.value;
        Value<T> value = text.isEmpty() ? new Value.Bad<>("has no value") : parse.apply(text);
        int line = there == null ? 0 : there.line;
        return switch (value) {
            case Value.Good<T>(T good) -> {
                rows.add(new Reading.Row(key.written, show.apply(good), line > 0 ? "line " + line : "default"));
                yield good;
            }
            case Value.Bad<T>(String why) -> {
                problem(line, key.written + " " + why, remedy(key));
                yield null;
            }
        };
    }

    private static String remedy(Key key) {
        return key.standard.isEmpty()
                ? "Correct it, or delete the line"
                : "Correct it, or delete the line for the default, " + key.standard;
    }

    private void notAbove(Key lower, @Nullable Integer low, Key upper, @Nullable Integer high) {
        Written there = written.getOrDefault(lower, written.get(upper));
        if (low != null && high != null && low > high && there != null) {
            problem(
                    there.line,
                    lower.written + " (" + low + ") is above " + upper.written + " (" + high + ")",
                    "Set " + lower.written + " to " + high + " or less");
        }
    }

    private void problem(int line, String what, String remedy) {
        problems.add(new Problem(file, line, what, remedy));
    }

    private Value<Path> path(String text) {
        try {
            return new Value.Good<>(base.resolve(text).normalize());
        } catch (InvalidPathException e) {
            return new Value.Bad<>("is not a path: \"" + text + "\"");
        }
    }

    private static String usable(String localHostName) {
        return Names.domain(localHostName) instanceof Value.Good ? localHostName : "localhost";
    }

    private static Value<List<ListenAddress>> addresses(String text) {
        List<ListenAddress> all = new ArrayList<>();
        for (String one : FullWidth.fold(text).split(",", -1)) {
            switch (Names.listen(one.strip())) {
                case Value.Good<ListenAddress>(ListenAddress address) -> {
                    if (all.contains(address)) {
                        return new Value.Bad<>("has " + address + " twice");
                    }
                    all.add(address);
                }
                case Value.Bad<ListenAddress>(String why) -> {
                    return new Value.Bad<>(why);
                }
            }
        }
        return all.size() > MAX_LISTEN
                ? new Value.Bad<>("has more than " + MAX_LISTEN + " addresses")
                : new Value.Good<>(List.copyOf(all));
    }

    private static String list(List<ListenAddress> addresses) {
        return String.join(", ", addresses.stream().map(ListenAddress::toString).toList());
    }

    private static Value<String> databaseUrl(String text) {
        String folded = FullWidth.fold(text);
        if (folded.equalsIgnoreCase("embedded")) {
            return new Value.Good<>("embedded");
        }
        if (!ADDRESS_OF_DATABASE.matcher(folded).matches()) {
            return new Value.Bad<>("must be \"embedded\" or jdbc:postgresql://host:5432/name, not \"" + text + "\"");
        }
        if (folded.matches(".*[?&](user|password)=.*")) {
            return new Value.Bad<>("must not hold a user or a password: they have settings of their own");
        }
        return new Value.Good<>(folded);
    }

    private static Value<String> user(String text) {
        String folded = FullWidth.fold(text);
        return folded.matches("[A-Za-z_][A-Za-z0-9_$-]{0,62}")
                ? new Value.Good<>(folded)
                : new Value.Bad<>("must be a PostgreSQL role name, not \"" + text + "\"");
    }
}
