package io.sekisho.mail.dkim.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.dkim.key.RotationStep.Activate;
import io.sekisho.mail.dkim.key.RotationStep.Create;
import io.sekisho.mail.dkim.key.RotationStep.Remove;
import io.sekisho.mail.dkim.key.RotationStep.Retire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DkimRotationTest {
    private static final Selector ONE = new Selector("s1");
    private static final Selector TWO = new Selector("s2");
    private static final Set<Selector> BOTH = Set.of(ONE, TWO);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final RotationLimits LIMITS =
            new RotationLimits(Duration.ofDays(90), Duration.ofDays(3), Duration.ofDays(14));

    private final DkimRotation rotation = new DkimRotation(ONE, TWO, LIMITS);

    private static Instant day(int day) {
        return START.plus(Duration.ofDays(day));
    }

    private static DkimKey key(Selector selector, int created, @Nullable Integer from, @Nullable Integer until) {
        return new DkimKey(
                selector,
                DkimAlgorithm.RSA_SHA256,
                day(created),
                from == null ? null : day(from),
                until == null ? null : day(until));
    }

    @Test
    void theFirstKeySignsAsSoonAsItIsSeen() {
        assertEquals(
                List.of(new Create(ONE)),
                rotation.plan(List.of(), Set.of(), START).steps());
        DkimKey first = key(ONE, 0, null, null);
        RotationPlan waiting = rotation.plan(List.of(first), Set.of(TWO), day(30));
        assertEquals(List.of(), waiting.steps());
        assertNull(waiting.signing());
        assertEquals(List.of(first), waiting.published());
        assertEquals(
                List.of(new Activate(first)),
                rotation.plan(List.of(first), Set.of(ONE), START).steps());
    }

    @Test
    void theNextIsPublishedBeforeAndTheLastStaysAfter() {
        DkimKey first = key(ONE, 0, 0, null);
        assertEquals(List.of(), rotation.plan(List.of(first), BOTH, day(86)).steps());
        assertEquals(
                List.of(new Create(TWO)),
                rotation.plan(List.of(first), BOTH, day(87)).steps());
        DkimKey second = key(TWO, 87, null, null);
        RotationPlan before = rotation.plan(List.of(first, second), BOTH, day(89));
        assertEquals(List.of(), before.steps());
        assertEquals(first, before.signing());
        assertEquals(
                List.of(new Activate(second), new Retire(first)),
                rotation.plan(List.of(first, second), BOTH, day(90)).steps());
        DkimKey signing = second.activated(day(90));
        DkimKey retired = first.retired(day(90));
        RotationPlan after = rotation.plan(List.of(retired, signing), BOTH, day(103));
        assertEquals(signing, after.signing());
        assertEquals(List.of(retired, signing), after.published());
        assertEquals(List.of(), after.steps());
        RotationPlan gone = rotation.plan(List.of(retired, signing), BOTH, day(104));
        assertEquals(List.of(new Remove(retired)), gone.steps());
        assertEquals(List.of(signing), gone.published());
    }

    @Test
    void aKeyThatIsNotSeenDoesNotFollow() {
        List<DkimKey> keys = List.of(key(ONE, 0, 0, null), key(TWO, 87, null, null));
        RotationPlan plan = rotation.plan(keys, Set.of(ONE), day(200));
        assertEquals(keys.getFirst(), plan.signing());
        assertEquals(List.of(), plan.steps());
    }

    @Test
    void aKeyTakenOutOfUseIsFollowedAtOnce() {
        DkimKey broken = key(ONE, 0, 0, 10);
        assertEquals(
                List.of(new Create(TWO)),
                rotation.plan(List.of(broken), BOTH, day(10)).steps());
        DkimKey next = key(TWO, 10, null, null);
        assertEquals(
                List.of(new Activate(next)),
                rotation.plan(List.of(broken, next), BOTH, day(10)).steps());
    }

    @Test
    void ofTwoThatSignTheOlderIsRetired() {
        DkimKey old = key(ONE, 0, 0, null);
        DkimKey planned = key(TWO, 5, 20, null);
        assertEquals(old, rotation.plan(List.of(old, planned), BOTH, day(19)).signing());
        RotationPlan plan = rotation.plan(List.of(old, planned), BOTH, day(20));
        assertEquals(planned, plan.signing());
        assertEquals(List.of(new Retire(old)), plan.steps());
    }

    @Test
    void whatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> new DkimRotation(ONE, ONE, LIMITS));
        assertThrows(
                IllegalArgumentException.class,
                () -> new RotationLimits(Duration.ofDays(17), Duration.ofDays(3), Duration.ofDays(14)));
        assertThrows(IllegalArgumentException.class, () -> key(ONE, 5, 4, null));
        assertThrows(IllegalArgumentException.class, () -> key(ONE, 5, null, 4));
    }

    /** Whenever the job runs: once a key signed there is always one, published long enough; two selectors are enough. */
    @Property(tries = 60)
    void overTheYears(@ForAll @Size(min = 50, max = 150) List<@IntRange(min = 1, max = 240) Integer> hours) {
        List<DkimKey> keys = new ArrayList<>();
        Instant now = START;
        Map<Selector, Instant> published = new HashMap<>();
        Map<Selector, Instant> lastSigned = new HashMap<>();
        boolean signed = false;
        for (int step : hours) {
            now = now.plus(Duration.ofHours(step));
            Set<Selector> seen = keys.stream().map(DkimKey::selector).collect(Collectors.toSet());
            RotationPlan plan = rotation.plan(keys, seen, now);
            for (RotationStep one : plan.steps()) {
                switch (one) {
                    case Create(Selector selector) -> {
                        assertFalse(keys.stream().anyMatch(key -> key.selector().equals(selector)));
                        keys.add(new DkimKey(selector, DkimAlgorithm.RSA_SHA256, now, null, null));
                        published.put(selector, now);
                    }
                    case Activate(DkimKey key) -> {
                        keys.set(keys.indexOf(key), key.activated(now));
                        Duration ahead = Duration.between(published.get(key.selector()), now);
                        assertTrue(!signed || ahead.compareTo(LIMITS.publishedBefore()) >= 0);
                    }
                    case Retire(DkimKey key) -> {
                        keys.set(keys.indexOf(key), key.retired(now));
                        lastSigned.put(key.selector(), now);
                    }
                    case Remove(DkimKey key) -> {
                        keys.remove(key);
                        Duration after = Duration.between(lastSigned.get(key.selector()), now);
                        assertTrue(after.compareTo(LIMITS.publishedAfter()) >= 0);
                    }
                }
            }
            RotationPlan done = rotation.plan(keys, seen, now);
            assertTrue(done.steps().isEmpty() || !signed && done.steps().getFirst() instanceof Create, done::toString);
            assertTrue(keys.size() <= 2);
            signed |= done.signing() != null;
            assertTrue(!signed || done.signing() != null);
            if (signed) {
                Instant began = Objects.requireNonNull(
                        Objects.requireNonNull(done.signing()).activeFrom());
                // the job may be late by one run, and then wait for the record
                assertTrue(Duration.between(began, now).compareTo(Duration.ofDays(90 + 3 + 20)) <= 0);
            }
        }
        assertTrue(signed);
    }
}
