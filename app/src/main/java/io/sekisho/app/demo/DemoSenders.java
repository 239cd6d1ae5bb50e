package io.sekisho.app.demo;

import io.sekisho.smtp.client.Connector;
import io.sekisho.smtp.client.NextHop;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The sending hosts of the pretend internet. First each host sends its mails over one connection, all hosts at once and as
 * fast as they are answered; then one mail after the other trickles in until the end.
 */
final class DemoSenders implements Closeable {
    private final Connector connector;
    private final NextHop gateway;
    private final List<DemoMail> mails;
    private final RandomGenerator random;
    private final DemoLimits limits;
    private final Observer observer;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch firstRound;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, List<DemoMail>> byHost = new LinkedHashMap<>();

    /** Is told what became of each mail, by several threads. */
    @FunctionalInterface
    interface Observer {
        /** One mail has come to an answer. */
        void sent(DemoMail mail, SendResult result);
    }

    /** Senders. @param random used by one thread, for the trickle */
    DemoSenders(
            Connector connector,
            NextHop gateway,
            List<DemoMail> mails,
            RandomGenerator random,
            DemoLimits limits,
            Observer observer) {
        this.connector = connector;
        this.gateway = gateway;
        this.mails = List.copyOf(mails);
        this.random = random;
        this.limits = limits;
        this.observer = observer;
        mails.forEach(mail ->
                byHost.computeIfAbsent(mail.host(), host -> new ArrayList<>()).add(mail));
        firstRound = new CountDownLatch(byHost.size());
    }

    void start() {
        byHost.forEach((host, its) -> threads.add(Thread.ofVirtual().name(host).start(() -> round(host, its))));
        threads.add(Thread.ofVirtual().name("trickle").start(this::trickle));
    }

    /** Waits until every mail has been sent once. @return whether that happened within the time */
    boolean awaitFirstRound(long seconds) throws InterruptedException {
        return firstRound.await(seconds, TimeUnit.SECONDS);
    }

    private void round(String host, List<DemoMail> its) {
        Line line = new Line(host);
        try (line) {
            for (DemoMail mail : its) {
                if (stopped.getCount() == 0) {
                    return;
                }
                observer.sent(mail, deliver(line, mail));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            firstRound.countDown();
        }
    }

    private void trickle() {
        try {
            firstRound.await();
            List<DemoMail> small = mails.stream()
                    .filter(mail -> mail.octets().get().length <= limits.trickleOctets())
                    .toList();
            while (!small.isEmpty()
                    && !pause(random.nextLong(
                            limits.trickleFirst().toMillis(),
                            limits.trickleLast().toMillis() + 1))) {
                DemoMail mail = small.get(random.nextInt(small.size()));
                try (Line line = new Line(mail.host())) {
                    observer.sent(mail, deliver(line, mail));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends until there is an answer for good, within the tries. */
    private SendResult deliver(Line line, DemoMail mail) throws InterruptedException {
        SendResult result = new SendResult.NotYet("not tried");
        for (int tried = 0; tried < limits.tries(); tried++) {
            if (tried > 0 && pause(limits.retryPause().toMillis())) {
                return result;
            }
            result = line.send(mail);
            if (!(result instanceof SendResult.NotYet)) {
                return result;
            }
        }
        return result;
    }

    /** Waits. @return whether the senders were stopped */
    private boolean pause(long millis) throws InterruptedException {
        return stopped.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Stops sending; a mail that is on its way is broken off. Returns when all threads have ended, or after a bound. */
    @Override
    public void close() {
        stopped.countDown();
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                if (!thread.join(limits.stopping())) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A host's way to the gateway: a connection that is kept while it works. */
    private final class Line implements Closeable {
        private final String host;
        private @Nullable SendingSession session;

        Line(String host) {
            this.host = host;
        }

        SendResult send(DemoMail mail) {
            try {
                SendingSession open = session;
                if (open == null) {
                    open = SendingSession.open(connector.connect(gateway, limits.connect()), host, limits);
                    session = open;
                }
                SendResult result = open.send(mail);
                if (result instanceof SendResult.NotYet) {
                    close();
                }
                return result;
            } catch (IOException e) {
                close();
                return new SendResult.NotYet(String.valueOf(e.getMessage()));
            }
        }

        @Override
        public void close() {
            SendingSession open = session;
            session = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
