package io.sekisho.gateway.queue;

import java.util.List;

/** Takes what attempts came to, keeps it durably and brings it to the database. */
@FunctionalInterface
public interface Outcomes {
    /** Takes the outcomes of one attempt: all its recipients. Returns quickly; never throws. */
    void settle(List<Settlement.Item> items);
}
