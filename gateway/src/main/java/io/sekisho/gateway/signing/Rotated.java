package io.sekisho.gateway.signing;

import io.sekisho.mail.dkim.key.DkimAlgorithm;
import io.sekisho.mail.dkim.key.DkimKey;
import io.sekisho.mail.dkim.key.RotationStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The keys of one algorithm while the steps of a rotation are carried out. */
final class Rotated {
    private final List<StoredKey> keys;
    private final Instant now;
    private final KeyBoxes boxes;

    Rotated(List<StoredKey> before, Instant now, KeyBoxes boxes) {
        this.keys = new ArrayList<>(before);
        this.now = now;
        this.boxes = boxes;
    }

    List<StoredKey> keys() {
        return keys;
    }

    /** Does a step. @return what was done, for the log */
    String carryOut(DkimAlgorithm algorithm, RotationStep step) {
        return switch (step) {
            case RotationStep.Create create -> {
                keys.add(boxes.make(create.selector(), algorithm, now));
                yield "a new DKIM key for " + algorithm.tag() + " waits until its record is published at "
                        + create.selector().recordName(boxes.domain());
            }
            case RotationStep.Activate activate -> {
                DkimKey key = activate.key();
                replace(key, key.activated(after(key)));
                yield "the DKIM key " + key.selector() + " signs from now on";
            }
            case RotationStep.Retire retire -> {
                DkimKey key = retire.key();
                replace(key, key.retired(after(key)));
                yield "the DKIM key " + key.selector() + " signs no longer; its record must stay published";
            }
            case RotationStep.Remove remove -> {
                keys.removeIf(stored -> stored.key().equals(remove.key()));
                yield "the DKIM key " + remove.key().selector() + " is removed; its record may go";
            }
        };
    }

    /** Now, but not before the key was made: the node that made it may have a clock that is ahead of ours. */
    private Instant after(DkimKey key) {
        return now.isBefore(key.created()) ? key.created() : now;
    }

    private void replace(DkimKey before, DkimKey after) {
        keys.replaceAll(stored -> stored.key().equals(before) ? stored.with(after) : stored);
    }
}
