package io.sekisho.app.demo;

import io.sekisho.gateway.tracking.MailEvent;
import io.sekisho.gateway.tracking.MailLog;
import java.io.Closeable;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Shows what happens to each message, one short line for each event, and sums from time to time. Events are counted and put
 * into a bounded queue at once; a thread of its own writes them, so that a slow terminal holds up no mail.
 */
public final class LiveView implements MailLog, Closeable {
    private final PrintStream out;
    private final LiveText text;
    private final InstantSource clock;
    private final DemoLimits limits;
    private final Map<String, String> hopNames = new ConcurrentHashMap<>();
    private final BlockingQueue<String> lines;
    private final LongAdder leftOut = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, String> senders;
    private long taken;
    private long delivered;
    private long held;
    private long refused;
    private volatile boolean closing;
    private volatile @Nullable Thread writer;

    /** A view; {@link #start} makes it write. @param out where to; used by one thread */
    public LiveView(PrintStream out, ViewStyle style, InstantSource clock, DemoLimits limits) {
        this.out = out;
        this.clock = clock;
        this.limits = limits;
        this.text = new LiveText(style, server -> hopNames.getOrDefault(server, server));
        this.lines = new ArrayBlockingQueue<>(limits.linesWaiting());
        this.senders = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<UUID, String> eldest) {
                return size() > limits.sendersKnown();
            }
        };
    }

    /** Writes the legend, then everything that comes. */
    public void start() {
        text.legend().forEach(out::println);
        writer = Thread.ofVirtual().name("live-view").start(this::writeLines);
    }

    /** Shows this name in place of an address and port. */
    void name(String server, String name) {
        hopNames.put(server, name);
    }

    /** Writes a line in the reader's language. */
    void say(String ja, String en) {
        offer(text.say(ja, en));
    }

    @Override
    public void record(MailEvent event) {
        offer(text.line(event, count(event)));
    }

    /** Says what a sample mail shows and, where it was not taken, what its sender was told. */
    void sample(DemoMail mail, SendResult result) {
        String note = text.say(mail.noteJa(), mail.noteEn());
        Instant now = clock.instant();
        offer(
                switch (result) {
                    case SendResult.Taken taken ->
                        text.sample(
                                now,
                                shortId(taken.reply()),
                                mail,
                                note,
                                taken.refusals().stream().findFirst().orElse(""));
                    case SendResult.Refused refusal -> text.sample(now, "-", mail, note, refusal.reply());
                    case SendResult.NotYet notYet -> text.sample(now, "-", mail, note, notYet.detail());
                });
    }

    /** The end of the id that ends the reply to the content, as in the other lines; a dash where there is none. */
    private static String shortId(String reply) {
        String last = reply.substring(reply.lastIndexOf(' ') + 1);
        return last.length() < LiveText.ID ? "-" : last.substring(last.length() - LiveText.ID);
    }

    /** Counts an event. @return the sender of its message, "?" when it is not known any more */
    private String count(MailEvent event) {
        lock.lock();
        try {
            return switch (event) {
                case MailEvent.Accepted e -> {
                    taken += e.recipients().size();
                    senders.put(e.id(), e.sender().isEmpty() ? "<>" : e.sender());
                    yield e.sender();
                }
                case MailEvent.Delivered e -> {
                    delivered++;
                    yield sender(e.id());
                }
                case MailEvent.Held e -> {
                    held++;
                    yield sender(e.id());
                }
                case MailEvent.Refused e -> {
                    refused++;
                    yield e.sender();
                }
                case MailEvent.Deferred e -> sender(e.id());
                case MailEvent.RouteDown e -> e.nextHop();
                case MailEvent.RouteUp e -> e.nextHop();
                case MailEvent.Early e -> e.domain();
            };
        } finally {
            lock.unlock();
        }
    }

    private String sender(UUID id) {
        return senders.getOrDefault(id, "?");
    }

    /** What was counted so far. */
    LiveText.Totals totals() {
        lock.lock();
        try {
            // mail from before this start is delivered without having been taken in it
            long waiting = Math.max(0, taken - delivered - held);
            return new LiveText.Totals(taken, delivered, waiting, held, refused);
        } finally {
            lock.unlock();
        }
    }

    private void offer(String line) {
        if (!lines.offer(line)) {
            leftOut.increment();
        }
    }

    private void writeLines() {
        Instant nextSummary = clock.instant().plus(limits.summary());
        try {
            while (true) {
                String line = lines.poll(limits.look().toMillis(), TimeUnit.MILLISECONDS);
                if (line != null) {
                    out.println(line);
                } else if (closing) {
                    return;
                }
                Instant now = clock.instant();
                long missing = leftOut.sumThenReset();
                if (missing > 0) {
                    out.println(text.leftOut(now, missing));
                }
                if (!now.isBefore(nextSummary)) {
                    out.println(text.summary(now, totals()));
                    nextSummary = now.plus(limits.summary());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes what is left, the sums last. Waits for a slow terminal within a bound. */
    @Override
    public void close() {
        closing = true;
        Thread writing = writer;
        try {
            if (writing != null && writing.join(limits.stopping())) {
                out.println(text.summary(clock.instant(), totals()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        out.flush();
    }
}
