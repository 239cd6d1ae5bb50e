package io.sekisho.gateway.spool;

import io.sekisho.gateway.queue.DeliveryOutcome;
import io.sekisho.gateway.queue.Outcomes;
import io.sekisho.gateway.queue.Settlement;
import io.sekisho.platform.journal.Journal;
import io.sekisho.platform.journal.JournalUnavailableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Outcomes on their way: first a mark in the journal, then the message itself or, when it is filed, the database. */
final class Settlements implements Outcomes {
    private static final System.Logger LOG = System.getLogger(Settlements.class.getName());

    private final Journal journal;
    private final Unfiled unfiled;
    private final Runnable ready;
    private final int batch;
    private final Queue<Settlement> waiting = new ConcurrentLinkedQueue<>();

    /** @param ready is run when a whole batch waits for the filer */
    Settlements(Journal journal, Unfiled unfiled, int batch, Runnable ready) {
        this.journal = journal;
        this.unfiled = unfiled;
        this.batch = batch;
        this.ready = ready;
    }

    @Override
    public void settle(List<Settlement.Item> items) {
        for (RecordCodec.Mark mark : RecordCodec.outcomes(items)) {
            long position = worthMark(mark.items()) ? mark(mark.octets()) : Settlement.UNMARKED;
            JournalledMessage message = unfiled.get(mark.items().getFirst().message());
            if (message == null || !message.apply(mark.items(), position)) {
                waiting.add(new Settlement(position, mark.items()));
            } else if (unfiled.changed(message) == batch) {
                ready.run();
            }
        }
    }

    /** That nothing happened need not be remembered. */
    private static boolean worthMark(List<Settlement.Item> items) {
        return items.stream().anyMatch(i -> !(i.outcome() instanceof DeliveryOutcome.Returned));
    }

    private long mark(ByteBuffer octets) {
        try {
            return journal.mark(octets).position();
        } catch (JournalUnavailableException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "an outcome is kept in memory alone, a crash now would send its message again: {0}",
                    e.getMessage());
            return Settlement.UNMARKED;
        }
    }

    /** Outcomes for the database, put back or found by the filer. */
    void add(Settlement settlement) {
        waiting.add(settlement);
    }

    /** At most {@code limit} recipients' outcomes, or more when one settlement has more. */
    List<Settlement> take(int limit) {
        List<Settlement> taken = new ArrayList<>();
        int items = 0;
        while (items < limit) {
            @Nullable Settlement next = waiting.poll();
            if (next == null) {
                break;
            }
            taken.add(next);
            items += next.items().size();
        }
        return taken;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }
}
