package io.sekisho.app.simulation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** One seed: so many random steps, then peace, then the invariants of custody. */
final class Story {
    /**
     * How it went.
     *
     * @param acknowledged recipients of messages that got a 250
     * @param crashes power cuts
     * @param copies copies that arrived beyond the first, all explained
     */
    record Summary(int acknowledged, int crashes, int copies) {}

    private Story() {}

    static Summary run(long seed, int steps, SimulatedDatabase database) throws IOException {
        World world = new World(seed, database);
        for (int step = 0; step < steps; step++) {
            try {
                step(world);
            } catch (PowerCut cut) {
                world.crash();
            }
        }
        world.heal();
        return check(world);
    }

    private static void step(World world) throws IOException {
        RandomGenerator random = world.random;
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4 ->
                world.offer(
                        1 + random.nextInt(3),
                        random.nextInt(10) == 0 ? 6000 : random.nextInt(2000),
                        random.nextInt(12) == 0);
            case 5, 6, 7, 8 -> world.sync();
            case 9, 10, 11, 12 -> world.attempt();
            case 13, 14 -> world.file(random.nextInt(10) == 0);
            case 15, 16 -> world.dispatch();
            case 17, 18 -> world.clock.advance(Duration.ofMillis(random.nextInt(3000)));
            case 19 -> world.clock.advance(Duration.ofSeconds(random.nextInt(600)));
            case 20 -> world.network.toggle("mx" + random.nextInt(3) + ".example");
            case 21 -> world.faults.databaseDown = random.nextInt(3) == 0;
            case 22 -> fault(world, random);
            case 23 -> {
                if (random.nextInt(4) == 0) {
                    throw new PowerCut("between steps");
                }
                world.faults.cutAfter(random.nextInt(60));
            }
            default -> throw new AssertionError();
        }
    }

    private static void fault(World world, RandomGenerator random) {
        switch (random.nextInt(4)) {
            case 0 -> world.faults.blobsFail = random.nextBoolean();
            case 1 -> world.medium.full(random.nextBoolean());
            case 2 -> world.medium.failNextSync();
            case 3 -> world.database.failOneCommit(random.nextBoolean());
            default -> throw new AssertionError();
        }
    }

    /** Every acknowledged recipient ended or is held, nothing came twice without a reason, nothing is left lying about. */
    static Summary check(World world) {
        List<String> wrong = new ArrayList<>();
        Map<String, String> ends = world.database.ends();
        int copies = 0;
        for (String key : world.acknowledged) {
            SimulatedNetwork.Arrival arrival = world.network.arrival(key);
            String end = ends.getOrDefault(key, "no row");
            boolean gone = key.contains(" gone");
            if (!end.equals(gone ? "held" : "ended")) {
                wrong.add(key + " is in state: " + end);
            }
            if (!gone && arrival.copies == 0) {
                wrong.add(key + " got a 250 and never arrived");
            }
        }
        for (Map.Entry<String, SimulatedNetwork.Arrival> e :
                world.network.arrivals().entrySet()) {
            SimulatedNetwork.Arrival arrival = e.getValue();
            copies += Math.max(0, arrival.copies - 1);
            if (arrival.copies > 1 + arrival.explained) {
                wrong.add(e.getKey() + " arrived " + arrival.copies + " times, " + arrival.explained + " explained");
            }
        }
        if (world.unfiled() != 0 || world.database.open() != 0) {
            wrong.add(world.unfiled() + " unfiled, " + world.database.open() + " open in the end");
        }
        if (world.database.bodies() != world.blobs.count()) {
            wrong.add(world.database.bodies() + " bodies and " + world.blobs.count() + " blobs in the end");
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError(String.join("\n", wrong));
        }
        return new Summary(world.acknowledged.size(), world.crashes, copies);
    }
}
