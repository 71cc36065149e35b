package org.exchequer.lab.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.exchequer.lab.report.Report;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of one run: {@code history.jsonl}, {@code faults.jsonl}, {@code run.json}, {@code report.html}, and in
 * {@code stage} the logs and data of what ran.
 */
public final class RunFolder {
    /** Where runs are kept unless somebody says otherwise. */
    public static final Path USUAL = Path.of("data", "lab", "runs");

    private static final String RESULT = "run.json";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Path path;

    private RunFolder(Path path) {
        this.path = path;
    }

    /** Makes a new one among the runs. */
    public static RunFolder create(Path runs, String scenario, long seed, Instant now) throws IOException {
        Files.createDirectories(runs);
        String name = STAMP.format(now) + "-" + scenario + "-" + seed;
        for (int number = 1; ; number++) {
            Path path = runs.resolve(number == 1 ? name : name + "-" + number);
            if (!Files.exists(path)) {
                return new RunFolder(Files.createDirectory(path).toRealPath());
            }
        }
    }

    /**
     * The result of an earlier run.
     *
     * @param folder its folder
     * @throws IOException when there is none, or it cannot be read
     */
    public static RunReport read(Path folder) throws IOException {
        try {
            return MAPPER.readValue(Files.readString(folder.resolve(RESULT)), RunReport.class);
        } catch (JacksonException e) {
            throw new IOException(folder.resolve(RESULT) + " is damaged: " + e.getOriginalMessage(), e);
        }
    }

    /** Results of all runs in a folder, the newest first; a run that was broken off has none. */
    public static List<RunReport> all(Path runs) throws IOException {
        List<RunReport> reports = new ArrayList<>();
        if (!Files.isDirectory(runs)) {
            return reports;
        }
        try (Stream<Path> folders = Files.list(runs)) {
            for (Path folder : folders.sorted(Comparator.reverseOrder()).toList()) {
                Optional<RunReport> report =
                        Files.exists(folder.resolve(RESULT)) ? Optional.of(read(folder)) : Optional.empty();
                report.ifPresent(reports::add);
            }
        }
        return reports;
    }

    /** Name of the folder: the run's identity. */
    public String id() {
        return path.getFileName().toString();
    }

    public Path path() {
        return path;
    }

    /** What a command that plays it again says of which run, and of where it is unless that is the usual place. */
    String replayed() {
        Path runs = path.getParent();
        return runs == null || runs.endsWith(USUAL) ? id() : id() + " --out " + runs;
    }

    Path history() {
        return path.resolve("history.jsonl");
    }

    Path faults() {
        return path.resolve("faults.jsonl");
    }

    Path stage() {
        return path.resolve("stage");
    }

    /** The page for people. */
    public Path report() {
        return path.resolve("report.html");
    }

    /** Writes the result, for programs and for people. */
    void write(RunReport report) throws IOException {
        Files.writeString(
                path.resolve(RESULT), MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
        Files.writeString(report(), Report.html(report));
    }
}
