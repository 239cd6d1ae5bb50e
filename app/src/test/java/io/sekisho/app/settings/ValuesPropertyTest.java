package io.sekisho.app.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.policy.RateLimit;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import java.time.Duration;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

/** Whatever is written, it is a value or a sentence, never a surprise. */
class ValuesPropertyTest {
    @Property(tries = 500)
    void anyTextIsAValueOrASentence(@ForAll @StringLength(max = 40) String text) {
        sentence(Sizes.number(text, 1, 10));
        sentence(Sizes.octets(text, 1, 10));
        sentence(Sizes.span(text, Duration.ofDays(1), Duration.ofDays(2)));
        sentence(Rates.perMinute(text));
        sentence(Names.domain(text));
        sentence(Names.listen(text));
        sentence(Names.nextHop(text));
        sentence(Names.recipient(text, new DomainName("hakone.example")));
    }

    private static void sentence(Value<?> value) {
        if (value instanceof Value.Bad<?>(String why)) {
            assertTrue(why.length() > 5, why);
        }
    }

    @Property(tries = 200)
    void whatIsShownCanBeReadBack(@ForAll @LongRange(min = 1, max = 1L << 40) long octets) {
        assertEquals(new Value.Good<>(octets), Sizes.octets(Sizes.show(octets), 1, 1L << 40));
    }

    @Property(tries = 200)
    void fullWidthDigitsAreDigits(@ForAll @IntRange(min = 0) int number) {
        String wide = String.valueOf(number)
                .chars()
                .mapToObj(c -> String.valueOf((char) (c - '0' + '０')))
                .collect(Collectors.joining());
        assertEquals(new Value.Good<>(number), Sizes.number(wide, 0, Integer.MAX_VALUE));
    }

    @Property(tries = 100)
    void aLimitIsReadAsItIsShown(@ForAll @IntRange(min = 1, max = RateLimit.PerMinute.MOST) int messages) {
        RateLimit limit = new RateLimit.PerMinute(messages);
        assertEquals(new Value.Good<>(limit), Rates.perMinute(limit.toString()));
        assertEquals(new Value.Good<RateLimit>(new RateLimit.None()), Rates.perMinute("Ｎone"));
        assertTrue(Rates.perMinute("0") instanceof Value.Bad<RateLimit>);
    }

    @Property(tries = 300)
    void aMailboxIsReadAsItIsWritten(@ForAll @StringLength(min = 1, max = 20) String any) {
        String local = any.chars()
                .filter(c -> c > 32 && c < 127)
                .mapToObj(c -> String.valueOf((char) c))
                .collect(Collectors.joining());
        if (!local.isEmpty()) {
            Mailbox mailbox = new Mailbox(local, "hakone.example");
            assertEquals(
                    new Value.Good<>(mailbox), Names.recipient(mailbox.toString(), new DomainName("hakone.example")));
        }
    }

    @Property(tries = 100)
    void aSlipOfThePenFindsItsKey(@ForAll Key key, @ForAll @IntRange(max = 100) int at) {
        int gone = at % key.written.length();
        String slip = key.written.substring(0, gone) + key.written.substring(gone + 1);
        if (Key.of(slip).isEmpty()) {
            String near = Spelling.nearest(slip, Key.all()).orElseThrow();
            assertTrue(Spelling.distance(slip, near) <= 1, near);
        }
    }
}
