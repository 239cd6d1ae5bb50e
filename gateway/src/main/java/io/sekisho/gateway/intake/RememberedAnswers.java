package io.sekisho.gateway.intake;

import io.sekisho.gateway.policy.DomainRoute;
import io.sekisho.mail.address.Mailbox;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Remembers what customers' servers said, and keeps a harvest attack on us from becoming one on them. */
final class RememberedAnswers implements CallForward {
    private final CallForward servers;
    private final InstantSource clock;
    private final CallForwardLimits limits;
    private final Map<String, Semaphore> asking = new ConcurrentHashMap<>();
    private final LinkedHashMap<String, Remembered> answers;

    private record Remembered(Answer answer, Instant until) {}

    RememberedAnswers(CallForward servers, InstantSource clock, CallForwardLimits limits) {
        this.servers = servers;
        this.clock = clock;
        this.limits = limits;
        this.answers = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
                return size() > limits.answers();
            }
        };
    }

    @Override
    public Answer ask(DomainRoute domain, Mailbox mailbox) {
        String key = domain.tenant() + "/" + mailbox.key();
        Instant now = clock.instant();
        synchronized (answers) {
            Remembered remembered = answers.get(key);
            if (remembered != null && now.isBefore(remembered.until())) {
                return remembered.answer();
            }
        }
        Semaphore permits = asking.computeIfAbsent(domain.domain().ascii(), d -> new Semaphore(limits.perDomain()));
        if (!permits.tryAcquire()) {
            return Answer.NO_ANSWER;
        }
        Answer answer;
        try {
            answer = servers.ask(domain, mailbox);
        } finally {
            permits.release();
        }
        synchronized (answers) {
            answers.remove(key);
            answers.put(key, new Remembered(answer, clock.instant().plus(kept(answer))));
        }
        return answer;
    }

    private Duration kept(Answer answer) {
        return switch (answer) {
            case KNOWN -> limits.known();
            case UNKNOWN -> limits.unknown();
            case NO_ANSWER -> limits.noAnswer();
        };
    }
}
