package io.sekisho.mail.dkim.key;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rule by which the keys of one domain and one algorithm follow each other. Two selectors take turns: while one signs, the
 * other's record is prepared, or kept for mail still under way. Customers delegate both by CNAME once and are not asked again.
 * A key never signs before its record was seen in DNS, so a missing delegation stops the rotation and breaks no mail.
 */
public final class DkimRotation {
    private final List<Selector> selectors;
    private final RotationLimits limits;

    /** A rule with the two selectors that take turns. @throws IllegalArgumentException when they are the same */
    public DkimRotation(Selector first, Selector second, RotationLimits limits) {
        if (first.equals(second)) {
            throw new IllegalArgumentException("two selectors take turns; both are " + first);
        }
        this.selectors = List.of(first, second);
        this.limits = limits;
    }

    /**
     * What holds now and what is to be done. Asked again after the steps were done, it says nothing new until time passes.
     *
     * @param keys all keys that were not removed
     * @param seen selectors under which DNS shows the record of the key that has it
     */
    public RotationPlan plan(List<DkimKey> keys, Set<Selector> seen, Instant now) {
        List<RotationStep> steps = new ArrayList<>();
        List<DkimKey> kept = new ArrayList<>();
        for (DkimKey key : keys) {
            if (removable(key, now)) {
                steps.add(new RotationStep.Remove(key));
            } else {
                kept.add(key);
            }
        }
        DkimKey signing = signing(kept, now);
        DkimKey waiting = waiting(kept, now);
        if (waiting == null) {
            Selector free = free(kept);
            if (free != null && nextIsNeeded(signing, now)) {
                steps.add(new RotationStep.Create(free));
            }
        } else if (seen.contains(waiting.selector()) && mayFollow(waiting, signing, now)) {
            steps.add(new RotationStep.Activate(waiting));
            kept.stream().filter(key -> key.signsAt(now)).forEach(key -> steps.add(new RotationStep.Retire(key)));
            return new RotationPlan(signing, kept, steps);
        }
        // a key whose time was decided in advance has begun by itself
        kept.stream()
                .filter(key -> key.signsAt(now) && !key.equals(signing))
                .forEach(key -> steps.add(new RotationStep.Retire(key)));
        return new RotationPlan(signing, kept, steps);
    }

    private boolean removable(DkimKey key, Instant now) {
        Instant retired = key.retiredAt();
        return retired != null && !retired.plus(limits.publishedAfter()).isAfter(now);
    }

    /** Of several the one that began last. */
    private static @Nullable DkimKey signing(List<DkimKey> keys, Instant now) {
        return keys.stream()
                .filter(key -> key.signsAt(now))
                .max(Comparator.comparing(DkimRotation::begin)
                        .thenComparing(key -> key.selector().name()))
                .orElse(null);
    }

    /** Of several the one that was made first. */
    private static @Nullable DkimKey waiting(List<DkimKey> keys, Instant now) {
        return keys.stream()
                .filter(key -> key.waitsAt(now))
                .min(Comparator.comparing(DkimKey::created)
                        .thenComparing(key -> key.selector().name()))
                .orElse(null);
    }

    private @Nullable Selector free(List<DkimKey> keys) {
        return selectors.stream()
                .filter(selector ->
                        keys.stream().noneMatch(key -> key.selector().equals(selector)))
                .findFirst()
                .orElse(null);
    }

    private boolean nextIsNeeded(@Nullable DkimKey signing, Instant now) {
        return signing == null
                || !begin(signing)
                        .plus(limits.signs())
                        .minus(limits.publishedBefore())
                        .isAfter(now);
    }

    /** The first key of a domain need only be seen: nothing is broken by it. One whose time is decided begins by itself. */
    private boolean mayFollow(DkimKey waiting, @Nullable DkimKey signing, Instant now) {
        if (waiting.activeFrom() != null) {
            return false;
        }
        return signing == null
                || !waiting.created().plus(limits.publishedBefore()).isAfter(now)
                        && !begin(signing).plus(limits.signs()).isAfter(now);
    }

    private static Instant begin(DkimKey key) {
        Instant activeFrom = key.activeFrom();
        return activeFrom == null ? key.created() : activeFrom;
    }
}
