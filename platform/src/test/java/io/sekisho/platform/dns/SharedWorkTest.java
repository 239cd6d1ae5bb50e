package io.sekisho.platform.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class SharedWorkTest {
    private final SharedWork<String, Integer> shared = new SharedWork<>();
    private final AtomicInteger done = new AtomicInteger();

    @Test
    void allWhoAskMeanwhileGetTheSame() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Integer>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            results.add(threads.submit(() -> shared.get("a", () -> {
                started.countDown();
                assertTrue(awaited(go));
                return done.incrementAndGet();
            })));
            assertTrue(started.await(5, TimeUnit.SECONDS));
            List<Thread> others = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                results.add(threads.submit(() -> {
                    synchronized (others) {
                        others.add(Thread.currentThread());
                    }
                    return shared.get("a", done::incrementAndGet);
                }));
            }
            // all of them wait before the work may end
            while (true) {
                synchronized (others) {
                    if (others.size() == 5
                            && others.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
                        break;
                    }
                }
                Thread.onSpinWait();
            }
            assertEquals(7, shared.get("b", () -> 7));
            go.countDown();
        }
        for (Future<Integer> result : results) {
            assertEquals(1, result.get());
        }
        assertEquals(2, shared.get("a", done::incrementAndGet));
    }

    @Test
    void workThatFailsIsNotRemembered() {
        assertThrows(
                IllegalStateException.class,
                () -> shared.get("a", () -> {
                    throw new IllegalStateException("no");
                }));
        assertEquals(1, shared.get("a", done::incrementAndGet));
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }
}
