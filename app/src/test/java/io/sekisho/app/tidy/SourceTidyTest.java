package io.sekisho.app.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Sizes and manners of the sources, of all modules at once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SourceTidyTest {
    private static final int FILE_LINES = 400;
    private static final int METHOD_LINES = 60;
    private static final int PACKAGE_FILES = 25;
    /** Fewer means that the search missed something. */
    private static final int FILES_AT_LEAST = 80;

    private static final int TEXTS_AT_LEAST = 20;
    private static final Set<String> NOT_SOURCES = Set.of("target", ".git", ".sekisho", ".idea", ".vscode");

    /** Parts, so that this file does not find itself. */
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    private static final Pattern SLEEP = Pattern.compile("\\bThread\\s*\\.\\s*sle" + "ep\\s*\\(");
    private static final Pattern PRINT = Pattern.compile("\\bSystem\\s*\\.\\s*(out|err)\\b|\\.printStackTrace\\(\\)");
    private static final Pattern MACHINE =
            Pattern.compile("(?<![\\w.])/(work|root|home|Users)/\\w|[A-Z]:\\\\\\\\Users");
    private static final Pattern SQL = Pattern.compile(
            "\"+\\s*(select\\s+\\S.*\\bfrom\\b|insert\\s+into\\b|update\\s+\\w+\\s+set\\b|delete\\s+from\\b|with\\s+\\w+\\s+as\\b)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern PUBLIC_TYPE = Pattern.compile(
            "^public (?:(?:final|abstract|sealed|non-sealed) )*(?:class|record|interface|enum) (\\w+)",
            Pattern.MULTILINE);

    private final Path root = repository();
    private List<Source> sources = List.of();

    private record Source(Path path, String name, String text, List<String> lines, boolean test) {
        boolean in(String module) {
            return name.startsWith(module + "/");
        }
    }

    @BeforeAll
    void readSources() throws IOException {
        List<Source> found = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path folder : modules.map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .map(this::source)
                            .forEach(found::add);
                }
            }
        }
        sources = found.stream().sorted(Comparator.comparing(Source::name)).toList();
        assertTrue(sources.size() >= FILES_AT_LEAST, "only " + sources.size() + " source files were found");
    }

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() {
        Map<String, List<Source>> packages = packages(source -> !source.test());
        List<String> wrong = packages.entrySet().stream()
                .filter(entry -> entry.getValue().stream()
                        .noneMatch(source -> source.name().endsWith("/package-info.java")
                                && source.text().contains("@NullMarked")
                                && source.text().startsWith("/**")))
                .map(Map.Entry::getKey)
                .toList();
        assertEquals(List.of(), wrong);
    }

    @Test
    void packagesAreSmall() {
        List<String> wrong = packages(source -> !source.name().endsWith("/package-info.java")).entrySet().stream()
                .filter(entry -> entry.getValue().size() > PACKAGE_FILES)
                .map(entry -> entry.getKey() + " has " + entry.getValue().size() + " files")
                .toList();
        assertEquals(List.of(), wrong);
    }

    @Test
    void filesAreShort() {
        List<String> wrong = sources.stream()
                .filter(source -> source.lines().size() > FILE_LINES)
                .map(source -> source.name() + " has " + source.lines().size() + " lines")
                .toList();
        assertEquals(List.of(), wrong);
    }

    @Test
    void methodsFitOnOneScreen() {
        List<String> wrong = sources.stream()
                .flatMap(source -> Methods.of(source.lines()).stream()
                        .filter(method -> method.lines() > METHOD_LINES)
                        .map(method -> source.name() + ":" + method.line() + " has " + method.lines() + " lines"))
                .toList();
        assertEquals(List.of(), wrong);
    }

    @Test
    void publicTypesHaveJavadoc() {
        List<String> wrong = new ArrayList<>();
        for (Source source : sources) {
            var type = PUBLIC_TYPE.matcher(source.text());
            if (!source.test() && type.find()) {
                String before = source.text().substring(0, type.start()).strip();
                // annotations may stand between
                String words = before.replaceAll("(?s)(\\s*@\\w+(\\((?:[^()]|\\([^()]*\\))*\\))?)+$", "");
                if (!words.endsWith("*/")) {
                    wrong.add(source.name());
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void nothingIsLeftUnfinished() {
        assertNowhere(UNFINISHED, source -> true);
    }

    @Test
    void nobodySleeps() {
        assertNowhere(SLEEP, source -> true);
    }

    @Test
    void onlyAppPrints() {
        assertNowhere(PRINT, source -> !source.in("app") && !source.test());
    }

    @Test
    void noPathOfAMachineIsWrittenDown() throws IOException {
        assertNowhere(MACHINE, source -> true);
        List<String> wrong = new ArrayList<>();
        List<Path> texts = texts();
        for (Path text : texts) {
            if (MACHINE.matcher(Files.readString(text)).find()) {
                wrong.add(root.relativize(text).toString());
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(texts.size() >= TEXTS_AT_LEAST, "only " + texts.size() + " scripts and documents were found");
    }

    /** Scripts, documents and what else people read and run, apart from Java. */
    private List<Path> texts() throws IOException {
        Predicate<String> read = Pattern.compile("(sekisho|dev|run|.+\\.(sh|py|md|xml|sql|conf|options|properties))")
                .asMatchPredicate();
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_SOURCES.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (read.test(file.getFileName().toString())) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    @Test
    void sqlStandsInStoresAndInPlatformDbOnly() {
        assertNowhere(
                SQL,
                source -> !source.test()
                        && !source.in("testkit")
                        && !source.name().endsWith("Store.java")
                        && !source.name().contains("/platform/db/"));
    }

    @Test
    void methodsAreCounted() {
        List<String> lines = List.of(
                "class A {",
                "    void one() {",
                "        if (x) {",
                "            y();",
                "        }",
                "    }",
                "",
                "    int two(",
                "            int a) {",
                "        return a;",
                "    }",
                "}");
        assertEquals(List.of(new Methods.Method(2, 5), new Methods.Method(8, 4)), Methods.of(lines));
    }

    private void assertNowhere(Pattern pattern, Predicate<Source> where) {
        List<String> wrong = new ArrayList<>();
        sources.stream().filter(where).forEach(source -> {
            for (int i = 0; i < source.lines().size(); i++) {
                if (pattern.matcher(source.lines().get(i)).find()) {
                    wrong.add(source.name() + ":" + (i + 1) + " "
                            + source.lines().get(i).strip());
                }
            }
        });
        assertEquals(List.of(), wrong);
    }

    private Map<String, List<Source>> packages(Predicate<Source> which) {
        return sources.stream()
                .filter(which)
                .collect(Collectors.groupingBy(
                        source -> source.name().substring(0, source.name().lastIndexOf('/')),
                        TreeMap::new,
                        Collectors.toList()));
    }

    private Source source(Path path) {
        try {
            String text = Files.readString(path);
            String name = root.relativize(path).toString().replace('\\', '/');
            return new Source(path, name, text, text.lines().toList(), name.contains("/src/test/"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Up from the working folder to the one with the licence. */
    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("LICENSE"))) {
            Path up = folder.getParent();
            if (up == null) {
                throw new IllegalStateException("run from within the repository");
            }
            folder = up;
        }
        return folder;
    }
}
