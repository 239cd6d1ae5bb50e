package io.sekisho.gateway.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.address.Mailbox;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RecipientSetTest {
    @Test
    void sipHashGivesTheValueOfItsAuthors() {
        byte[] message = new byte[15];
        for (int i = 0; i < message.length; i++) {
            message[i] = (byte) i;
        }
        SipHash key = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        assertEquals(0xa129ca6149be45e5L, key.hash(message));
        assertEquals(0x726fdb47dd0e0e31L, key.hash(new byte[0]));
    }

    @Test
    void whoIsListedIsARecipientWhateverTheCaseAndNobodyElseIs() {
        List<Mailbox> people = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            people.add(new Mailbox("User" + i, "hakone.example"));
        }
        RecipientSet set = RecipientSet.of(people, new SplittableRandom(1));
        assertEquals(10_000, set.size());
        for (int i = 0; i < 10_000; i++) {
            assertTrue(set.contains(new Mailbox("uSER" + i, "hakone.example")));
            assertFalse(set.contains(new Mailbox("user" + i, "arai.example")));
            assertFalse(set.contains(new Mailbox("nobody" + i, "hakone.example")));
        }
    }
}
