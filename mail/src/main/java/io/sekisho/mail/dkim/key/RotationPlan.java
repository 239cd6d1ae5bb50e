package io.sekisho.mail.dkim.key;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the keys of a domain at a time, before the steps are done.
 *
 * @param signing the key that signs; null when none does yet
 * @param published the keys whose records must be in DNS
 * @param steps what is to be done now, in this order
 */
public record RotationPlan(@Nullable DkimKey signing, List<DkimKey> published, List<RotationStep> steps) {
    /** Copies the lists. */
    public RotationPlan {
        published = List.copyOf(published);
        steps = List.copyOf(steps);
    }
}
