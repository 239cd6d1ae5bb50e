package io.sekisho.app.settings;

import io.sekisho.mail.address.DomainName;
import io.sekisho.smtp.client.NextHop;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the routes file, one line a domain:
 *
 * <pre>
 * # domain         tenant  routes                          recipients
 * hakone.example   hakone  [192.0.2.10]:25                  recipients=hakone.txt
 * arai.example     arai    mail.arai.example:2525          recipients=*
 * </pre>
 *
 * {@code recipients=*} takes every address; a file has an address or a local part a line. Relative paths start at the folder
 * of the routes file. All that is wrong is reported, up to {@link RoutesLimits#problems()}.
 */
public final class RoutesReader {
    /** White space is that of Unicode, the ideographic space included. */
    private static final Pattern WORD = Pattern.compile("\\S+", Pattern.UNICODE_CHARACTER_CLASS);

    private static final Pattern TENANT = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final String FORM = "Write: domain  tenant  route[,route]  recipients=file (or recipients=*)";

    private final Path file;
    private final Collection<ListenAddress> ours;
    private final RoutesLimits limits;
    private final List<RouteLine> lines = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Map<DomainName, Integer> seen = new HashMap<>();

    private RoutesReader(Path file, Collection<ListenAddress> ours, RoutesLimits limits) {
        this.file = file.toAbsolutePath().normalize();
        this.ours = ours;
        this.limits = limits;
    }

    /** Reads a file. @param ours where we listen ourselves: a route to there would be a loop */
    public static Reading<List<RouteLine>> read(Path file, Collection<ListenAddress> ours, RoutesLimits limits) {
        RoutesReader reader = new RoutesReader(file, ours, limits);
        List<TextFile.Line> text = TextFile.read(reader.file, "routes file", limits.fileOctets(), reader.problems);
        if (text.isEmpty() && reader.problems.isEmpty()) {
            reader.problem(0, "no domain stands in the routes file, so that all mail would be refused", FORM);
        }
        for (TextFile.Line line : text) {
            reader.readLine(line);
        }
        return reader.reading();
    }

    private Reading<List<RouteLine>> reading() {
        if (lines.size() > limits.domains()) {
            problem(0, "the routes file has more than " + limits.domains() + " domains", "Take some out");
        }
        List<Reading.Row> rows = lines.stream().map(RoutesReader::row).toList();
        if (problems.isEmpty()) {
            return new Reading<>(Optional.of(List.copyOf(lines)), rows, List.of());
        }
        List<Problem> shown = new ArrayList<>(problems.stream()
                .sorted(Comparator.comparing((Problem p) -> !p.file().equals(file))
                        .thenComparing(p -> p.file().toString())
                        .thenComparingInt(Problem::line))
                .limit(limits.problems())
                .toList());
        if (problems.size() > shown.size()) {
            shown.add(new Problem(
                    file, 0, problems.size() - shown.size() + " more problems are not shown", "Correct these first"));
        }
        return new Reading<>(Optional.empty(), rows, shown);
    }

    private static Reading.Row row(RouteLine line) {
        String who = switch (line.recipients()) {
            case RouteLine.Recipients.Everyone everyone -> "every address";
            case RouteLine.Recipients.Listed listed ->
                listed.mailboxes().size() + " recipients of " + listed.file().getFileName();
        };
        String routes =
                String.join(", ", line.routes().stream().map(NextHop::toString).toList());
        return new Reading.Row(
                line.domain().ascii(), line.tenant() + " -> " + routes + ", " + who, "line " + line.line());
    }

    /** The four parts of a line; null when it does not have them. */
    private static @Nullable Parts parts(String line) {
        List<MatchResult> words = WORD.matcher(line).results().toList();
        for (int i = 3; i < words.size(); i++) {
            MatchResult word = words.get(i);
            if (FullWidth.fold(word.group()).startsWith("recipients=")) {
                String routes =
                        line.substring(words.get(2).start(), words.get(i - 1).end());
                String recipients =
                        line.substring(word.start()).split("[=\uff1d]", 2)[1].strip();
                return new Parts(words.get(0).group(), words.get(1).group(), routes, recipients);
            }
        }
        return null;
    }

    private record Parts(String domain, String tenant, String routes, String recipients) {}

    private void readLine(TextFile.Line line) {
        Parts parts = parts(line.text());
        if (parts == null) {
            problem(line.number(), "the line does not have its four parts", FORM);
            return;
        }
        int before = problems.size();
        DomainName domain = good(line, "the domain", Names.domain(parts.domain()));
        String tenant = FullWidth.fold(parts.tenant()).toLowerCase(Locale.ROOT);
        if (!TENANT.matcher(tenant).matches()) {
            problem(
                    line.number(),
                    "the tenant \"" + parts.tenant() + "\" is not up to 63 lower-case letters, digits and hyphens",
                    "Use a short name such as hakone");
        }
        List<NextHop> routes = routes(line, parts.routes());
        if (domain == null) {
            return;
        }
        Integer first = seen.putIfAbsent(domain, line.number());
        if (first != null) {
            problem(line.number(), domain + " stands in line " + first + " already", "Delete one of the two");
        }
        RouteLine.Recipients recipients = recipients(line, domain, parts.recipients());
        if (problems.size() == before && recipients != null) {
            lines.add(new RouteLine(line.number(), domain, tenant, routes, recipients));
        }
    }

    private List<NextHop> routes(TextFile.Line line, String text) {
        List<NextHop> routes = new ArrayList<>();
        for (String one : FullWidth.fold(text).split(",", -1)) {
            NextHop hop = good(line, "the route", Names.nextHop(one.strip()));
            if (hop == null) {
                continue;
            }
            if (routes.contains(hop)) {
                problem(line.number(), "the route " + hop + " stands there twice", "Delete one of the two");
            }
            if (ours.stream()
                    .anyMatch(listen ->
                            listen.port() == hop.port() && listen.host().equals(hop.host()))) {
                problem(
                        line.number(),
                        "the route " + hop + " is where this gateway listens, so that mail would go round for ever",
                        "Name the customer's mail server");
            }
            routes.add(hop);
        }
        if (routes.size() > limits.routes()) {
            problem(line.number(), "there are more than " + limits.routes() + " routes", "Take some out");
        }
        return List.copyOf(routes);
    }

    private RouteLine.@Nullable Recipients recipients(TextFile.Line line, DomainName domain, String text) {
        if (FullWidth.fold(text).equals("*")) {
            return new RouteLine.Recipients.Everyone();
        }
        Path list;
        try {
            list = text.isEmpty() ? null : file.resolveSibling(text).normalize();
        } catch (InvalidPathException e) {
            list = null;
        }
        if (list == null) {
            problem(line.number(), "recipients= names neither a file nor *", FORM);
            return null;
        }
        return new RouteLine.Recipients.Listed(list, RecipientFile.read(list, domain, limits, problems));
    }

    private <T> @Nullable T good(TextFile.Line line, String what, Value<T> value) {
        return switch (value) {
            case Value.Good<T>(T good) -> good;
            case Value.Bad<T>(String why) -> {
                problem(line.number(), what + " " + why, FORM);
                yield null;
            }
        };
    }

    private void problem(int line, String what, String remedy) {
        problems.add(new Problem(file, line, what, remedy));
    }
}
