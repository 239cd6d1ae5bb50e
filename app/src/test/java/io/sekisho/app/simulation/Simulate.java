package io.sekisho.app.simulation;

import java.io.PrintStream;

/** Runs stories: {@code --seed N} one, {@code --seeds N} the seeds from 1 on; {@code --steps M} each. */
public final class Simulate {
    private Simulate() {}

    /** Exits 1 at the first story that goes wrong, and says how to tell it again. */
    public static void main(String... args) throws Exception {
        long seed = option("--seed", 0, args);
        long seeds = option("--seeds", seed > 0 ? 1 : 200, args);
        int steps = (int) option("--steps", 400, args);
        PrintStream out = System.out;
        int acknowledged = 0;
        int crashes = 0;
        int copies = 0;
        try (SimulatedDatabase database = new SimulatedDatabase()) {
            long first = seed > 0 ? seed : 1;
            for (long s = first; s < first + seeds; s++) {
                try {
                    Story.Summary summary = Story.run(s, steps, database);
                    acknowledged += summary.acknowledged();
                    crashes += summary.crashes();
                    copies += summary.copies();
                } catch (AssertionError | RuntimeException e) {
                    out.println(
                            "seed " + s + " went wrong; again with: ./dev simulate --seed " + s + " --steps " + steps);
                    e.printStackTrace(out);
                    System.exit(1);
                }
                if (s % 20 == 0) {
                    out.println("simulate: seed " + s + " of " + (first + seeds - 1));
                }
            }
        }
        out.println(
                "simulate: " + seeds + " seeds of " + steps + " steps: " + acknowledged + " recipients acknowledged, "
                        + crashes + " power cuts, " + copies + " second copies, all explained, none lost");
        System.exit(0);
    }

    private static long option(String name, long otherwise, String... args) {
        for (int i = 0; i + 1 < args.length; i++) {
            if (args[i].equals(name)) {
                return Long.parseLong(args[i + 1]);
            }
        }
        return otherwise;
    }
}
