package io.sekisho.app.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The rows of the crash table in ARCHITECTURE.md, one story each. The seeds of {@link Simulate} tell them all in any order. */
class CrashTableTest {
    private static final SimulatedDatabase DATABASE = new SimulatedDatabase();

    private World world = world();

    private static World world() {
        try {
            World world = new World(1, DATABASE);
            world.faults.quiet = true;
            return world;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() {
        world = world();
    }

    @AfterAll
    static void close() throws Exception {
        DATABASE.close();
    }

    /** Power fails at the place while the action runs, and the program starts again. */
    private void cut(String where, Executable action) throws IOException {
        world.faults.cutAt(where);
        PowerCut cut = assertThrows(PowerCut.class, action);
        assertEquals("power cut " + where, cut.getMessage());
        world.crash();
    }

    /** A message for one recipient on each of so many lanes is taken. */
    private void taken(int recipients) throws IOException {
        world.offer(recipients, 100, false);
        world.sync();
        assertEquals(recipients, world.acknowledged.size());
    }

    private void allRoutesDown() {
        for (int i = 0; i < 3; i++) {
            world.network.toggle("mx" + i + ".example");
        }
    }

    private int copies() {
        return world.network.arrivals().values().stream()
                .mapToInt(a -> a.copies)
                .sum();
    }

    private void attemptAll() {
        int made = 0;
        while (world.attempt()) {
            made++;
        }
        assertTrue(made > 0, "no attempt was made");
    }

    private void endsWithCopies(int copies) throws IOException {
        world.heal();
        Story.check(world);
        assertEquals(copies, copies());
    }

    @Test
    void beforeTheSyncNoOneWasTold250() throws IOException {
        world.offer(1, 100, false);
        cut("sync", world::sync);
        assertEquals(Set.of(), world.acknowledged);
        world.heal();
        Story.check(world);
        assertTrue(
                copies() <= 1, "the client has it still, so one copy of ours is a second one; more would be a fault");
    }

    @Test
    void afterTheSyncBeforeTheClientReads250TheMessageIsDelivered() throws IOException {
        world.offer(1, 100, false);
        world.syncUnheard();
        world.crash();
        assertEquals(Set.of(), world.acknowledged);
        endsWithCopies(1);
    }

    @Test
    void afterTheRemote250BeforeItsMarkIsSyncedThereIsOneMoreCopy() throws IOException {
        taken(1);
        attemptAll();
        world.crash();
        endsWithCopies(2);
    }

    @Test
    void inTheMiddleOfTheRemote250ThereIsOneMoreCopy() throws IOException {
        taken(1);
        cut("after the remote 250", world::attempt);
        endsWithCopies(2);
    }

    @Test
    void afterTheMarkIsSyncedThereIsNoOtherCopy() throws IOException {
        taken(3);
        attemptAll();
        world.sync();
        world.crash();
        endsWithCopies(3);
    }

    @Test
    void afterTheBlobBeforeTheRowTheSameKeyIsWrittenAgain() throws IOException {
        allRoutesDown();
        taken(1);
        attemptAll();
        cut("after a blob", () -> world.file(true));
        assertEquals(1, world.blobs.count());
        assertEquals(0, world.database.bodies());
        world.file(true);
        assertEquals(1, world.blobs.count());
        assertEquals(1, world.database.bodies());
        endsWithCopies(1);
        assertEquals(0, world.blobs.count());
    }

    @Test
    void beforeTheCommitNothingIsFiled() throws IOException {
        allRoutesDown();
        taken(2);
        cut("before COMMIT", () -> world.file(true));
        assertEquals(0, world.database.bodies());
        endsWithCopies(2);
    }

    @Test
    void afterTheCommitBeforeTheFiledMarkFilingAgainIsANoOp() throws IOException {
        allRoutesDown();
        taken(2);
        attemptAll();
        cut("before the filed mark", () -> world.file(true));
        assertEquals(2, world.database.open());
        assertEquals(1, world.unfiled());
        world.file(true);
        assertEquals(2, world.database.open());
        assertEquals(0, world.unfiled());
        endsWithCopies(2);
    }

    @Test
    void filingAgainIsANoOpEvenIfDeliveredSince() throws IOException {
        allRoutesDown();
        taken(1);
        attemptAll();
        world.sync();
        world.file(true);
        assertEquals(1, world.database.open());
        // the mark of filing is in memory only; from here on the database has the message
        allRoutesDown();
        world.clock.advance(Duration.ofHours(1));
        world.dispatch();
        attemptAll();
        world.file(true);
        assertEquals(0, world.database.open());
        assertEquals(1, copies());
        world.crash();
        assertEquals(1, world.unfiled(), "the journal gives it back, because nothing synced says that it was filed");
        world.file(true);
        assertEquals(0, world.database.open());
        endsWithCopies(1);
    }

    @Test
    void whenTheCommitIsDoneButItsAnswerLostTheFilerLooksUp() throws IOException {
        allRoutesDown();
        taken(1);
        attemptAll();
        world.database.failOneCommit(true);
        world.file(true);
        assertEquals(1, world.unfiled());
        world.clock.advance(Duration.ofSeconds(5));
        world.file(true);
        assertEquals(0, world.unfiled());
        endsWithCopies(1);
    }

    @Test
    void withPostgresDownMailIsTakenAndDelivered() throws IOException {
        world.faults.databaseDown = true;
        for (int i = 1; i <= 5; i++) {
            world.offer(1, 100, false);
            world.sync();
            attemptAll();
            world.file(false);
            assertEquals(i, world.acknowledged.size());
            assertEquals(i, copies());
        }
        assertEquals(5, world.unfiled());
        world.sync();
        world.crash();
        endsWithCopies(5);
    }

    @Test
    void withPostgresDownMailIsTakenUpToTheBounds() throws IOException {
        world.faults.databaseDown = true;
        taken(1);
        world.clock.advance(World.LIMITS.age().plusSeconds(1));
        world.offer(1, 100, false);
        world.sync();
        assertEquals(1, world.acknowledged.size(), "the oldest unfiled message is too old: 451");
        world.faults.databaseDown = false;
        world.file(true);
        world.offer(1, 100, false);
        world.sync();
        assertEquals(2, world.acknowledged.size());
        endsWithCopies(2);
    }

    @Test
    void withTheDiskFullMailIsRefusedAndMarksAreKept() throws IOException {
        taken(1);
        world.medium.full(true);
        for (int i = 0; i < 100; i++) {
            world.offer(1, 2000, false);
            world.sync();
        }
        int before = world.acknowledged.size();
        assertTrue(before < 100, "a full disk takes no more than there is room prepared: " + before);
        attemptAll();
        // the marks fill the segment in use and go on in the one that is kept back for them: two groups
        world.sync();
        world.sync();
        int delivered = copies();
        world.crash();
        world.medium.full(false);
        world.clock.advance(Duration.ofSeconds(2));
        world.sync();
        world.offer(1, 100, false);
        world.sync();
        assertEquals(before + 1, world.acknowledged.size());
        endsWithCopies(delivered + 1);
    }
}
