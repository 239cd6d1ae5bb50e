import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the scale benches that are named, or all, and says which bars were missed. */
public final class Scale {
    private static final List<String> ALL = List.of("destinations", "flood", "backlog", "tenants");

    /** What a bench found. */
    record Figure(String what, String value, String bar, boolean kept) {
        static Figure noted(String what, String value) {
            return new Figure(what, value, "", true);
        }

        static Figure atMost(String what, double value, double bar, String unit) {
            return new Figure(what, "%.2f %s".formatted(value, unit), "≤ %.2f %s".formatted(bar, unit), value <= bar);
        }
    }

    /** What was said on the command line. */
    record Parameters(Path root, Map<String, Integer> numbers) {
        int of(String name, int otherwise) {
            return numbers.getOrDefault(name, otherwise);
        }
    }

    interface Bench {
        List<Figure> run() throws Exception;
    }

    private Scale() {}

    public static void main(String[] args) throws Exception {
        List<String> names = new ArrayList<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 1; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            if (equals > 0) {
                numbers.put(args[i].substring(0, equals), Integer.valueOf(args[i].substring(equals + 1)));
            } else if (ALL.contains(args[i])) {
                names.add(args[i]);
            } else {
                System.err.println("scale: there is no bench \"" + args[i] + "\"; there are " + ALL);
                System.exit(64);
            }
        }
        Parameters parameters = new Parameters(Path.of(args[0]).toRealPath(), numbers);
        boolean kept = true;
        for (String name : names.isEmpty() ? ALL : names) {
            List<Figure> figures = bench(name, parameters).run();
            System.out.println(name + (numbers.isEmpty() ? "" : " " + numbers));
            for (Figure f : figures) {
                System.out.printf("  %-62s %14s  %-12s %s%n", f.what(), f.value(), f.bar(), f.kept() ? "" : "MISSED");
                kept &= f.kept();
            }
        }
        System.exit(kept ? 0 : 1);
    }

    private static Bench bench(String name, Parameters parameters) {
        return switch (name) {
            case "destinations" -> new ManyDestinations(parameters);
            case "flood" -> new Flood(parameters);
            case "backlog" -> new Backlog(parameters);
            default -> new ManyTenants(parameters);
        };
    }
}
