package io.sekisho.mail.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnhancedStatusTest {
    @Test
    void statusAtTheStartOfATextIsRead() {
        assertEquals(new EnhancedStatus(2, 1, 5), EnhancedStatus.atStartOf("2.1.5 ok"));
        assertEquals(new EnhancedStatus(4, 999, 0), EnhancedStatus.atStartOf("4.999.0"));
        assertEquals(new EnhancedStatus(5, 7, 1), EnhancedStatus.atStartOf("5.7.1 see 1.2.3.4"));
    }

    @Test
    void whatIsNoStatusIsNone() {
        for (String text : List.of(
                "",
                " ",
                ".",
                "..",
                "2",
                "2.1",
                "2.1.",
                "2..1",
                ".1.1",
                "3.1.1 x",
                "2.1.1.1 x",
                "2.1000.1",
                "2.1 .1",
                "2.a.1",
                "ok 2.1.5",
                " 2.1.5",
                "2.1.5x",
                "-2.1.5",
                "v2.1.5 x",
                "smtp.mx.example")) {
            assertNull(EnhancedStatus.atStartOf(text), text);
        }
    }
}
