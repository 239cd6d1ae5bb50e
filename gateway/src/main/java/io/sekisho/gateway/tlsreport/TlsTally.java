package io.sekisho.gateway.tlsreport;

import io.sekisho.gateway.world.TlsFacts;
import io.sekisho.platform.db.SqlFailures;
import java.net.InetAddress;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Counts what TLS came to, in memory, and adds it to the table in {@link #step}, which one thread calls about twice a minute and
 * once more at the end. A crash loses the counts since the last step, which are statistics and no mail. When the answer to
 * a commit is lost, its counts may be added twice. While the database is down, counts wait in memory, as far as they fit.
 */
public final class TlsTally implements TlsObserver {
    private static final System.Logger LOG = System.getLogger(TlsTally.class.getName());

    private final TlsFactStore store;
    private final InstantSource clock;
    private final TallyLimits limits;
    private Map<TlsCount, Long> counts = new HashMap<>();
    private long dropped;

    /** A tally that has counted nothing. @param gateway connections of the gateway's login @param clock the day of an attempt */
    public TlsTally(DataSource gateway, InstantSource clock, TallyLimits limits) {
        this.store = new TlsFactStore(gateway);
        this.clock = clock;
        this.limits = limits;
    }

    @Override
    public void observed(TlsFacts facts, String mxHost, @Nullable InetAddress address, TlsResult result) {
        TlsCount count = new TlsCount(
                today(),
                facts.domain().text(),
                facts.type(),
                TlsCount.lines(facts.policy(), limits.policyCharacters()),
                TlsCount.lines(facts.mxPatterns(), limits.policyCharacters()),
                mxHost,
                address == null ? "" : address.getHostAddress(),
                result);
        add(count, 1);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private synchronized void add(TlsCount count, long sessions) {
        if (counts.size() >= limits.counts() && !counts.containsKey(count)) {
            dropped += sessions;
            return;
        }
        counts.merge(count, sessions, Long::sum);
    }

    /**
     * Adds what was counted to the table, and deletes rows that are too old.
     *
     * @return whether the database was there; without it the counts are kept
     */
    public boolean step() {
        SortedMap<TlsCount, Long> taken = take();
        try {
            if (!taken.isEmpty()) {
                store.add(taken);
            }
        } catch (SQLException e) {
            return failed(taken, e);
        }
        try {
            store.forget(today().minusDays(limits.kept().toDays()));
            return true;
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "old TLS statistics are not deleted now: {0}", e.getMessage());
            return false;
        }
    }

    private boolean failed(SortedMap<TlsCount, Long> taken, SQLException e) {
        if (SqlFailures.kind(e) == SqlFailures.Kind.MISTAKE) {
            // the same again would fail again, and keep all later ones out
            LOG.log(
                    System.Logger.Level.ERROR,
                    "TLS statistics of {0} counts cannot be kept and are lost: {1}",
                    taken.size(),
                    e.getMessage());
            return true;
        }
        taken.forEach(this::add);
        LOG.log(System.Logger.Level.DEBUG, "TLS statistics wait in memory: {0}", e.getMessage());
        return false;
    }

    private SortedMap<TlsCount, Long> take() {
        long lost;
        Map<TlsCount, Long> taken;
        synchronized (this) {
            taken = counts;
            counts = new HashMap<>();
            lost = dropped;
            dropped = 0;
        }
        if (lost > 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "TLS statistics: {0} attempts were not counted, more than {1} different counts wait",
                    lost,
                    limits.counts());
        }
        return new TreeMap<>(taken);
    }
}
