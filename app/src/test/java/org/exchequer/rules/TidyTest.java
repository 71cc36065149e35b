package org.exchequer.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Style that a compiler does not check, over every source file of the project. */
class TidyTest {
    private static final Path HOME = Path.of(System.getProperty("exchequer.home"));
    private static final int LINE = 120;
    private static final int METHOD = 70;
    private static final int FILE = 650;

    /** Pattern, what to do instead, and the files that may. */
    private record Forbidden(Pattern pattern, String instead, Set<String> except) {
        Forbidden(String regex, String instead, String... except) {
            this(Pattern.compile(regex), instead, Set.of(except));
        }
    }

    private static final List<Forbidden> IN_MAIN = List.of(
            new Forbidden(
                    "\\b(Instant|LocalDate|LocalDateTime|OffsetDateTime|ZonedDateTime)\\.now\\(",
                    "time comes from the Clock that was passed in"),
            new Forbidden(
                    "System\\.(currentTimeMillis|nanoTime)\\(",
                    "time comes from the Clock or Ticker",
                    "Load.java",
                    "InwardLoop.java",
                    "InwardRepeats.java",
                    "Bed.java",
                    "Berka.java",
                    "Keys.java",
                    "ManyAccounts.java",
                    "Report.java",
                    "CopyFloor.java",
                    "WithProofLog.java"),
            new Forbidden(
                    "\\bClock\\.system",
                    "only the program and its benchmarks choose a clock",
                    "Main.java",
                    "Bed.java",
                    "InwardBench.java",
                    "InwardLoop.java",
                    "InwardRepeats.java",
                    "ShardsBench.java",
                    "Lab.java"),
            new Forbidden(
                    "(?i)\\b(double|float)\\s+\\w*(amount|balance|money|fee|price|limit)\\w*\\b",
                    "money is counted in integers"),
            new Forbidden("printStackTrace\\(", "log it, or let it pass"),
            new Forbidden("catch\\s*\\([^)]*\\)\\s*\\{\\s*\\}", "an exception is handled or passes"));

    private static final List<Forbidden> EVERYWHERE = List.of(
            new Forbidden("\\b(TO" + "DO|FIX" + "ME)\\b", "do it, or say in the docs that it is not done"),
            new Forbidden("@Dis" + "abled\\b", "a test runs or is deleted"),
            new Forbidden("org\\.mock" + "ito", "no mocks of our own code"));

    private static final List<Forbidden> IN_TESTS = List.of(
            new Forbidden("Thread\\.sl" + "eep\\(|\\.sl" + "eep\\(", "wait for the condition, not for the clock"));

    @Test
    void sources_are_tidy() throws IOException {
        List<String> untidy = new ArrayList<>();
        List<Path> files = sources();
        for (Path file : files) {
            check(HOME.relativize(file).toString(), Files.readString(file), untidy);
        }
        assertThat(files).hasSizeGreaterThan(100);
        assertThat(untidy).isEmpty();
    }

    @Test
    void every_package_says_what_it_is_for() throws IOException {
        Set<Path> folders = new java.util.TreeSet<>();
        for (Path file : sources()) {
            folders.add(file.getParent());
        }
        assertThat(folders)
                .filteredOn(folder -> !Files.exists(folder.resolve("package-info.java"))
                        && !folder.toString().contains("src/test"))
                .isEmpty();
    }

    @Test
    void untidy_sources_are_caught() {
        List<String> untidy = new ArrayList<>();
        check("x/src/main/java/A.java", "class A { Instant t = Instant.now(); double amountDue; }", untidy);
        check("x/src/test/java/B.java", "// TO" + "DO later\n" + "x".repeat(LINE + 1), untidy);
        check(
                "x/src/main/java/C.java",
                "    void long_() {\n" + "        x();\n".repeat(METHOD + 1) + "    }\n",
                untidy);
        assertThat(untidy)
                .extracting(line -> line.substring(0, line.indexOf(": ")))
                .containsExactly(
                        "x/src/main/java/A.java:1",
                        "x/src/main/java/A.java:1",
                        "x/src/test/java/B.java:2",
                        "x/src/test/java/B.java:1",
                        "x/src/main/java/C.java:1");
    }

    private static void check(String name, String text, List<String> untidy) {
        List<String> lines = text.lines().toList();
        if (lines.size() > FILE) {
            untidy.add(name + ":1: more than " + FILE + " lines; split it by what it knows");
        }
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).length() > LINE && !lines.get(i).contains("http")) {
                untidy.add(name + ":" + (i + 1) + ": longer than " + LINE + " characters");
            }
        }
        methods(name, lines, untidy);
        boolean test = name.contains("src/test/");
        List<Forbidden> rules = new ArrayList<>(test ? IN_TESTS : IN_MAIN);
        rules.addAll(EVERYWHERE);
        for (Forbidden rule : rules) {
            if (rule.except().stream().anyMatch(name::endsWith)) {
                continue;
            }
            Matcher matcher = rule.pattern().matcher(text);
            while (matcher.find()) {
                long line = text.substring(0, matcher.start()).lines().count();
                boolean atLineStart = matcher.start() == 0 || text.charAt(matcher.start() - 1) == '\n';
                untidy.add(name + ":" + (atLineStart ? line + 1 : line) + ": " + rule.instead());
            }
        }
    }

    /** The formatter puts a method's closing brace at its own indentation, four or eight, on a line of its own. */
    private static void methods(String name, List<String> lines, List<String> untidy) {
        Pattern opening = Pattern.compile("( {4}| {8})(?! )(?!.*\\b(class|interface|enum|record)\\b)[^@/*].*\\{");
        for (int i = 0; i < lines.size(); i++) {
            Matcher matcher = opening.matcher(lines.get(i));
            if (matcher.matches() && !endsHeaderOfRecord(lines, i)) {
                String closing = matcher.group(1) + "}";
                int end = i + 1;
                while (end < lines.size() && !lines.get(end).startsWith(closing)) {
                    end++;
                }
                if (end - i - 1 > METHOD && end < lines.size()) {
                    untidy.add(name + ":" + (i + 1) + ": a method of " + (end - i - 1) + " lines, at most " + METHOD);
                }
            }
        }
    }

    /** Whether a line with the last component of a record ends what began on a line further out. */
    private static boolean endsHeaderOfRecord(List<String> lines, int at) {
        String line = lines.get(at);
        int indent = line.length() - line.stripLeading().length();
        int begin = at;
        while (begin > 0 && (lines.get(begin).isBlank() || lines.get(begin).startsWith(" ".repeat(indent)))) {
            begin--;
        }
        return lines.get(begin).matches(".*\\brecord \\w+(<.*>)?\\(");
    }

    private static List<Path> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(HOME, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                return name.equals("target") || name.equals("data") || (name.startsWith(".") && !folder.equals(HOME))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java")) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
