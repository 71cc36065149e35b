package org.exchequer.lab.scenario;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
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
    private static final Path USUAL = Path.of(System.getProperty("exchequer.home", "."), "data", "lab", "runs");

    /** What a run's folder may be called. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,99}");

    private static final String PAGE = "report.html";
    private static final long MOST_BYTES = 32 << 20;
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
                try {
                    return new RunFolder(Files.createDirectory(path).toRealPath());
                } catch (FileAlreadyExistsException another) {
                    // Somebody else has begun the same run in the same second: theirs has this number.
                }
            }
        }
    }

    /**
     * The result of an earlier run.
     *
     * @param folder its folder
     * @throws IOException when there is none, or it cannot be read: the message says which, for people
     */
    public static RunReport read(Path folder) throws IOException {
        Path result = folder.resolve(RESULT);
        if (!Files.exists(result, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("it is going on, or was broken off: there is no " + result);
        }
        if (!Files.isRegularFile(result, LinkOption.NOFOLLOW_LINKS) || Files.size(result) > MOST_BYTES) {
            throw new IOException(result + " is no file, or larger than any run's");
        }
        try {
            return MAPPER.readValue(Files.readString(result), RunReport.class);
        } catch (JacksonException | CharacterCodingException e) {
            throw new IOException(result + " cannot be understood: half written, or damaged", e);
        }
    }

    /**
     * A folder among the runs.
     *
     * @param report its result; empty where there is none that can be read
     * @param why there is none; empty where there is one
     * @param page whether it has left a page for people
     */
    public record Kept(String name, Optional<RunReport> report, String why, boolean page) {}

    /** All runs in a folder, the newest first; also those that go on, were broken off, or cannot be read. */
    public static List<Kept> all(Path runs) throws IOException {
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(runs)) {
            return folders.filter(folder -> Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS))
                    .filter(folder ->
                            NAME.matcher(folder.getFileName().toString()).matches())
                    .sorted(Comparator.reverseOrder())
                    .map(RunFolder::kept)
                    .toList();
        }
    }

    private static Kept kept(Path folder) {
        String name = folder.getFileName().toString();
        boolean page = Files.isRegularFile(folder.resolve(PAGE), LinkOption.NOFOLLOW_LINKS);
        try {
            return new Kept(name, Optional.of(read(folder)), "", page);
        } catch (IOException e) {
            return new Kept(name, Optional.empty(), String.valueOf(e.getMessage()), page);
        }
    }

    /** Name of the folder: the run's identity. */
    public String id() {
        return path.getFileName().toString();
    }

    public Path path() {
        return path;
    }

    /** The line that plays it again: whole, so that it holds whatever the settings are where it is typed. */
    String again() throws IOException {
        Path runs = path.getParent();
        String which = "./exchequer lab replay " + id();
        return runs == null || Files.isDirectory(USUAL) && Files.isSameFile(runs, USUAL)
                ? which
                : which + " --out " + quoted(runs.toString());
    }

    /** As a shell takes it for one word. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9/._+:@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
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
        return path.resolve(PAGE);
    }

    /** Writes down why a run was stopped, and whether everything was as before in time. */
    void writeIncident(String text) throws IOException {
        Files.writeString(path.resolve("incident.md"), text);
    }

    /** Writes the result, for programs and for people. */
    void write(RunReport report) throws IOException {
        Files.writeString(
                path.resolve(RESULT), MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
        Files.writeString(report(), Report.html(report));
    }
}
