package io.sekisho.gateway.policy;

import io.sekisho.gateway.policy.Recipients.Presence;
import io.sekisho.gateway.policy.SettingsStore.TenantSettings;
import io.sekisho.platform.secret.SecretFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The last known settings on disk, for a start while the database is away: a file with the tenants, and one for each list of
 * recipients that was in use. What is damaged, of another version or too old is said once and not used; it never keeps the
 * program from starting.
 */
public final class SettingsCache {
    private static final System.Logger LOG = System.getLogger(SettingsCache.class.getName());
    private static final String NAME = "settings";
    private static final String PRIVATE = "rw-------";

    private final Path folder;
    private final CacheLimits limits;
    /** What was read at the start, and is good until the database answers. */
    private final Map<DomainKey, Integer> readable = new ConcurrentHashMap<>();

    private final Map<DomainKey, Written> written = new HashMap<>();
    private @Nullable KnownSettings last;
    private volatile Instant confirmed = Instant.EPOCH;

    /** A list that is on disk. */
    private record Written(RecipientSet set, int checksum) {}

    /** The settings in a folder, which is made when they are written. */
    public SettingsCache(Path folder, CacheLimits limits) {
        this.folder = folder;
        this.limits = limits;
    }

    /** What was known when this was last written; null when there is nothing that can be used. */
    @Nullable
    KnownSettings read(Instant now) {
        Path file = folder.resolve(NAME);
        try {
            if (Files.size(file) > limits.octets()) {
                throw new IOException("it is larger than " + limits.octets() + " octets");
            }
            KnownSettings known = SettingsCodec.decode(Files.readAllBytes(file));
            if (known.confirmed().plus(limits.usable()).isBefore(now)) {
                throw new IOException("it is older than " + limits.usable().toDays() + " days");
            }
            confirmed = known.confirmed();
            readable.putAll(known.lists());
            return known;
        } catch (NoSuchFileException e) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "no settings were kept in {0}: until the database answers, mail for tenants is put off",
                    folder);
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the settings kept in {0} are not used: {1}. Until the database answers, mail for tenants is put off",
                    file,
                    e.getMessage());
        }
        return null;
    }

    /**
     * The recipients of a domain as they were written; null when they cannot be read. Who is not among them may have been added
     * since, so after a while nobody is refused by them.
     */
    @Nullable
    Recipients list(DomainKey domain, InstantSource clock) {
        Integer checksum = readable.get(domain);
        if (checksum == null) {
            return null;
        }
        try {
            RecipientSet set = ListFile.read(folder, domain, checksum);
            return mailbox -> set.contains(mailbox)
                    ? Presence.THERE
                    : refuses(clock.instant()) ? Presence.NOT_THERE : Presence.NOT_KNOWN_NOW;
        } catch (IOException e) {
            readable.remove(domain);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the recipients of {0} kept in {1} are not used: {2}",
                    domain.name(),
                    folder,
                    e.getMessage());
            return null;
        }
    }

    /** Whether what is written is recent enough; not if it is from the future, for then nobody knows how old it is. */
    private boolean refuses(Instant now) {
        Duration age = Duration.between(confirmed, now);
        return !age.isNegative() && age.compareTo(limits.refusing()) <= 0;
    }

    /** The database has answered: what was read at the start is not asked for any more. */
    void forget() {
        readable.clear();
    }

    /**
     * Writes what is known, as far as it has changed. Lists first: the file with the tenants names those that are there.
     *
     * @param tenants not changed any more
     * @param lists those in use
     * @throws IOException when it cannot be written; what was there before is as it was
     */
    synchronized void write(
            Instant now, SipHash key, Map<UUID, TenantSettings> tenants, Map<DomainKey, RecipientSet> lists)
            throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        written.keySet().retainAll(lists.keySet());
        Map<DomainKey, Integer> named = lists(lists);
        KnownSettings before = last;
        boolean same = before != null
                && before.tenants().equals(tenants)
                && before.lists().equals(named);
        if (before != null && same && now.isBefore(before.confirmed().plus(limits.reconfirmed()))) {
            return;
        }
        KnownSettings known = new KnownSettings(now, key, tenants, named);
        SecretFile.write(folder.resolve(NAME), ByteBuffer.wrap(SettingsCodec.encode(known)), PRIVATE);
        last = known;
        if (!same) {
            clear(named);
        }
    }

    /** Writes lists that are new. @return those that are on disk */
    private Map<DomainKey, Integer> lists(Map<DomainKey, RecipientSet> lists) throws IOException {
        Map<DomainKey, Integer> named = new HashMap<>();
        int left = limits.listsAtOnce();
        for (Map.Entry<DomainKey, RecipientSet> list : lists.entrySet()) {
            DomainKey domain = list.getKey();
            RecipientSet set = list.getValue();
            Written there = written.get(domain);
            if ((there == null || there.set() != set) && left > 0 && ListFile.size(domain, set) <= limits.octets()) {
                int checksum = ListFile.checksum(domain, set);
                ListFile.write(folder, domain, set, checksum);
                there = new Written(set, checksum);
                written.put(domain, there);
                left--;
            }
            if (there != null && there.set() == set) {
                named.put(domain, there.checksum());
            }
        }
        return named;
    }

    /** Deletes lists that nothing names any more, and files that a crash left half written. */
    private void clear(Map<DomainKey, Integer> named) throws IOException {
        Set<Path> kept = new HashSet<>();
        named.forEach((domain, checksum) -> kept.add(ListFile.in(folder, domain, checksum)));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.toString();
                if (name.endsWith(".next") || name.endsWith(ListFile.SUFFIX) && !kept.contains(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
