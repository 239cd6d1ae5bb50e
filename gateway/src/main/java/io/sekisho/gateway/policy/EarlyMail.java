package io.sekisho.gateway.policy;

import io.sekisho.gateway.tracking.MailEvent;
import io.sekisho.gateway.tracking.MailLog;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Counts mail that comes for domains still in set-up: their MX points here already, and it is put off. Sessions only count in
 * memory; a round brings the counts to the log and to the database, from where those who set the domains up are told.
 */
public final class EarlyMail {
    private static final System.Logger LOG = System.getLogger(EarlyMail.class.getName());
    /** Domains counted between two rounds; more are not counted: their senders come again. */
    private static final int MOST = 10_000;
    /** A domain is brought to the log and the database no more often. */
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final EarlyMailStore store;
    private final MailLog log;
    private final InstantSource clock;
    private final Map<DomainKey, Counted> counts = new HashMap<>();

    private static final class Counted {
        long recipients;
        Instant again = Instant.EPOCH;
    }

    /** Counts nothing yet. @param gateway connections of the gateway's login */
    public EarlyMail(DataSource gateway, MailLog log, InstantSource clock) {
        this.store = new EarlyMailStore(gateway);
        this.log = log;
        this.clock = clock;
    }

    /** A recipient of the domain was put off. @param claimants who sets the domain up */
    public synchronized void note(String domain, Set<UUID> claimants) {
        for (UUID tenant : claimants) {
            DomainKey key = new DomainKey(tenant, domain);
            if (counts.size() < MOST || counts.containsKey(key)) {
                counts.computeIfAbsent(key, k -> new Counted()).recipients++;
            }
        }
    }

    /** Brings the counts on; called about once a second, by one thread. What cannot be brought waits for the next time. */
    public void step() {
        Instant now = clock.instant();
        List<EarlyMailStore.Count> due = due(now);
        if (due.isEmpty()) {
            return;
        }
        try {
            store.add(due, now);
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "early mail is not noted now: {0}", e.getMessage());
            return;
        }
        for (EarlyMailStore.Count count : due) {
            log.record(new MailEvent.Early(
                    now, count.domain().tenant(), count.domain().name(), count.recipients()));
        }
        noted(due, now);
    }

    private synchronized List<EarlyMailStore.Count> due(Instant now) {
        List<EarlyMailStore.Count> due = new ArrayList<>();
        counts.entrySet().removeIf(entry -> entry.getValue().recipients == 0 && !now.isBefore(entry.getValue().again));
        counts.forEach((domain, counted) -> {
            if (counted.recipients > 0 && !now.isBefore(counted.again)) {
                due.add(new EarlyMailStore.Count(domain, counted.recipients));
            }
        });
        return due;
    }

    private synchronized void noted(List<EarlyMailStore.Count> due, Instant now) {
        for (EarlyMailStore.Count count : due) {
            counts.computeIfPresent(count.domain(), (domain, counted) -> {
                counted.recipients -= count.recipients();
                counted.again = now.plus(EVERY);
                return counted;
            });
        }
    }
}
