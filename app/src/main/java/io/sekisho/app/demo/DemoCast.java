package io.sekisho.app.demo;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The two customers of the demo: who exists there, and whose mailbox their own servers refuse. */
final class DemoCast {
    static final String HAKONE = "hakone.example";
    static final String ARAI = "arai.example";

    /** People and shared mailboxes of Hakone, an inn. */
    static final List<String> HAKONE_PEOPLE = List.of(
            "hanako",
            "taro",
            "jiro",
            "yuki",
            "sachiko",
            "keiri",
            "jinji",
            "info",
            "reserve",
            "postmaster",
            "soumu",
            "retired");

    /** People and shared mailboxes of Arai, a maker of wooden boxes, with a staff of forty behind them. */
    static final List<String> ARAI_PEOPLE = Stream.concat(
                    Stream.of("arai", "kenji", "misaki", "sales", "support", "keiri", "postmaster", "full"),
                    IntStream.rangeClosed(1, 40).mapToObj("staff%02d"::formatted))
            .toList();

    /** The gateway knows this mailbox, Hakone's server has closed it: such mail is held. */
    static final Map<String, String> HAKONE_REFUSALS = Map.of("retired@" + HAKONE, "550 5.2.1 this mailbox is closed");

    /** A mailbox without room: such mail waits. */
    static final Map<String, String> ARAI_REFUSALS = Map.of("full@" + ARAI, "452 4.2.2 this mailbox is full");

    private DemoCast() {}
}
