package io.sekisho.app.demo;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A terminal that can be waited for. */
final class Screen {
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private final Semaphore written = new Semaphore(0);
    private final PrintStream stream = new PrintStream(octets, true, StandardCharsets.UTF_8) {
        @Override
        public void println(String line) {
            super.println(line);
            written.release();
        }
    };

    PrintStream stream() {
        return stream;
    }

    String text() {
        return octets.toString(StandardCharsets.UTF_8);
    }

    List<String> lines() {
        return text().lines().toList();
    }

    /** Waits for a text, at most 10 s between two lines. */
    void await(String text) throws InterruptedException {
        while (!text().contains(text)) {
            if (!written.tryAcquire(10, TimeUnit.SECONDS)) {
                throw new AssertionError("never shown: " + text + "\n" + text());
            }
        }
    }
}
