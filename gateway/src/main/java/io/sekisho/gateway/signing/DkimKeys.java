package io.sekisho.gateway.signing;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dkim.key.DkimAlgorithm;
import io.sekisho.mail.dkim.key.DkimRotation;
import io.sekisho.mail.dkim.key.KeyMaker;
import io.sekisho.mail.dkim.key.KeyRecord;
import io.sekisho.mail.dkim.key.RotationLimits;
import io.sekisho.mail.dkim.key.Selector;
import io.sekisho.mail.dkim.key.SigningKey;
import io.sekisho.mail.dns.Resolver;
import io.sekisho.platform.secret.SecretBox;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The keys that sign mail of our own domain: one of each algorithm signs, and two selectors of each take turns. One thread calls
 * {@link #step} about twice a minute, on every node; any number ask for {@link #active()}. A key signs only after DNS has shown
 * its record. While the database is down, the keys known last go on signing.
 */
public final class DkimKeys {
    private static final System.Logger LOG = System.getLogger(DkimKeys.class.getName());

    private final SigningStore store;
    private final DomainName domain;
    private final KeyBoxes boxes;
    private final SeenRecords dns;
    private final InstantSource clock;
    private final Map<DkimAlgorithm, DkimRotation> rotations;
    /** What was complained of and still is so: each is logged once. */
    private Set<String> complaints = Set.of();

    private boolean down;
    private volatile List<SigningKey> active = List.of();

    /**
     * Keys that are not read yet: until the first step, none signs.
     *
     * @param gateway connections of the gateway's login
     * @param domain the signing domain, that of the addresses our mail is from (RFC 6376 section 3.5, d=)
     * @param box seals private keys
     * @param maker makes new ones
     * @param resolver asked whether records are published
     */
    public DkimKeys(
            DataSource gateway,
            DomainName domain,
            SecretBox box,
            KeyMaker maker,
            Resolver resolver,
            InstantSource clock,
            RotationLimits limits) {
        this.store = new SigningStore(gateway);
        this.domain = domain;
        this.boxes = new KeyBoxes(domain, box, maker);
        this.dns = new SeenRecords(resolver, domain);
        this.clock = clock;
        this.rotations = Map.of(
                DkimAlgorithm.RSA_SHA256,
                new DkimRotation(new Selector("sekisho1"), new Selector("sekisho2"), limits),
                DkimAlgorithm.ED25519_SHA256,
                new DkimRotation(new Selector("sekisho-e1"), new Selector("sekisho-e2"), limits));
    }

    /** The signing domain. */
    public DomainName domain() {
        return domain;
    }

    /** The keys that sign now: at most one of each algorithm, RSA first. */
    public List<SigningKey> active() {
        return active;
    }

    /**
     * Makes, activates, retires and removes keys as it is time to, and takes what other nodes did.
     *
     * @return whether the database was there; without it nothing has changed
     */
    public boolean step() {
        Complaints now = new Complaints(complaints);
        try {
            // before the transaction: nobody waits for the DNS under a lock
            Map<Selector, KeyRecord> seen = look(store.keys(domain), now);
            List<StoredKey> keys = store.change(domain, before -> after(before, seen, now));
            active = signing(keys, now);
            complaints = now.made();
            down = false;
            return true;
        } catch (SQLException e) {
            LOG.log(
                    down ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "the DKIM keys of {0} cannot be read now, those known before go on signing: {1}",
                    domain,
                    e.getMessage());
            down = true;
            return false;
        }
    }

    /** Complaints of one step; each is logged when it is new. */
    private record Complaints(Set<String> before, Set<String> made) {
        Complaints(Set<String> before) {
            this(before, new HashSet<>());
        }

        void add(String text) {
            if (made.add(text) && !before.contains(text)) {
                LOG.log(System.Logger.Level.WARNING, text);
            }
        }
    }

    /** The records that DNS shows as they were made, by selector. */
    private Map<Selector, KeyRecord> look(List<StoredKey> keys, Complaints wrong) {
        Instant now = clock.instant();
        Map<Selector, KeyRecord> seen = new HashMap<>();
        for (StoredKey key : keys) {
            boolean signs = key.key().signsAt(now);
            if (!signs && !key.key().waitsAt(now)) {
                continue;
            }
            switch (dns.look(key.selector(), key.record())) {
                case AS_MADE -> seen.put(key.selector(), key.record());
                case OTHERWISE -> {
                    if (signs) {
                        wrong.add("the DKIM record " + key.selector().recordName(domain)
                                + " is no longer in DNS as it was made: what we sign cannot be verified until it is");
                    }
                }
                case UNKNOWN -> {}
            }
        }
        return seen;
    }

    /** The keys after all steps that are due. @param seen what DNS showed before; only equal records count */
    private List<StoredKey> after(List<StoredKey> before, Map<Selector, KeyRecord> seen, Complaints wrong) {
        // the precision of the database, so that what is read again is equal
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        List<StoredKey> after = new ArrayList<>();
        for (DkimAlgorithm algorithm : DkimAlgorithm.values()) {
            List<StoredKey> own = new ArrayList<>();
            for (StoredKey key : before) {
                if (key.key().algorithm() == algorithm) {
                    boolean shown = key.record().equals(seen.get(key.selector()));
                    own.add(boxes.resealed(shown && key.seenAt() == null ? key.seen(now) : key));
                }
            }
            after.addAll(rotated(algorithm, own, seen, now, wrong));
        }
        return after;
    }

    private List<StoredKey> rotated(
            DkimAlgorithm algorithm,
            List<StoredKey> keys,
            Map<Selector, KeyRecord> seen,
            Instant now,
            Complaints wrong) {
        Set<Selector> usable = new HashSet<>();
        for (StoredKey key : keys) {
            // a key that cannot sign must not take the place of one that can
            if (key.record().equals(seen.get(key.selector())) && opened(key, wrong) != null) {
                usable.add(key.selector());
            }
        }
        DkimRotation rotation = rotations.get(algorithm);
        if (rotation == null) {
            return keys;
        }
        Rotated result = new Rotated(keys, now, boxes);
        rotation.plan(keys.stream().map(StoredKey::key).toList(), usable, now)
                .steps()
                .forEach(step -> LOG.log(System.Logger.Level.INFO, result.carryOut(algorithm, step)));
        return result.keys();
    }

    private List<SigningKey> signing(List<StoredKey> keys, Complaints wrong) {
        Instant now = clock.instant();
        List<SigningKey> signing = new ArrayList<>();
        for (DkimAlgorithm algorithm : DkimAlgorithm.values()) {
            keys.stream()
                    .filter(key ->
                            key.key().algorithm() == algorithm && key.key().signsAt(now))
                    .findFirst()
                    .ifPresent(key -> {
                        SigningKey opened = opened(key, wrong);
                        if (opened != null) {
                            signing.add(opened);
                        }
                    });
        }
        return List.copyOf(signing);
    }

    private @Nullable SigningKey opened(StoredKey key, Complaints wrong) {
        return switch (boxes.open(key)) {
            case KeyBoxes.Opened.Key(SigningKey opened) -> opened;
            case KeyBoxes.Opened.Closed(String words) -> {
                wrong.add("the DKIM key " + key.selector().recordName(domain) + " does not sign: " + words);
                yield null;
            }
        };
    }
}
