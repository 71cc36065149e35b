package org.exchequer.console.edge;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.exchequer.console.view.Amounts;
import org.exchequer.console.view.LabRun;
import org.exchequer.console.view.Moment;
import org.exchequer.ledger.api.Page;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The lab's folder of runs. The lab is another program and may be writing there; so every file is taken for what
 * anybody could have put there: bounded in size, no links followed, and whatever cannot be read is said to be so.
 */
final class LabRuns {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,99}");
    private static final String RESULT = "run.json";
    private static final String REPORT = "report.html";
    private static final List<String> VERDICTS = List.of("valid", "invalid", "unknown");
    private static final int MOST_BYTES = 32 << 20;
    /** More than any run can ask for; more would not be counted right. */
    private static final long MOST_OPERATIONS = 1L << 40;

    private static final int LONGEST_TEXT = 1_000;
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Path folder;

    /** @param folder of runs; need not exist yet */
    LabRuns(Path folder) {
        this.folder = folder;
    }

    /** The part of {@code run.json} that the console shows. */
    private record Told(
            @Nullable String scenario,
            @Nullable String summary,
            @Nullable String verdict,
            @Nullable String sentence,
            @Nullable Long seed,
            @Nullable Long lengthMs,
            @Nullable Integer perSecond,
            @Nullable String startedAt,
            @Nullable Long tookMs,
            @Nullable String program,
            @Nullable String machine,
            @Nullable String replay,
            @Nullable Totals totals,
            @Nullable Headline headline,
            @Nullable List<Carried> faults) {}

    private record Totals(
            @Nullable Long operations, @Nullable Long done) {}

    private record Headline(@Nullable Gap gap) {}

    private record Gap(@Nullable Long fromMillis, @Nullable Long untilMillis) {}

    private record Carried(
            @Nullable Planned fault, @Nullable Boolean bit) {}

    private record Planned(@Nullable String kind) {}

    String folder() {
        return folder.toString();
    }

    /**
     * Runs, newest first, by the time in their folders' names.
     *
     * @param before only those before this name; null for the newest
     */
    Page<LabRun> list(@Nullable String before, int limit) {
        List<String> names;
        try (Stream<Path> found = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            names = found.filter(one -> Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS))
                    .map(one -> one.getFileName().toString())
                    .filter(name -> NAME.matcher(name).matches())
                    .filter(name -> before == null || name.compareTo(before) < 0)
                    .sorted(Comparator.reverseOrder())
                    .limit(limit + 1L)
                    .toList();
        } catch (IOException e) {
            throw new ConsoleErrors.NotFound(
                    "The lab's runs cannot be read", "Look whether the program may read " + folder + ".");
        }
        List<LabRun> runs = names.stream().limit(limit).map(this::read).toList();
        return new Page<>(runs, names.size() > limit ? names.get(limit - 1) : null);
    }

    /** One run; empty when there is no folder of this name. */
    Optional<LabRun> find(String name) {
        return folder(name).map(found -> read(name));
    }

    /** Its page for people, as the lab wrote it: to be shown without any rights. */
    Optional<byte[]> report(String name) {
        return folder(name).flatMap(run -> {
            try {
                return Optional.of(bytes(run.resolve(REPORT)));
            } catch (IOException e) {
                return Optional.empty();
            }
        });
    }

    private Optional<Path> folder(String name) {
        return NAME.matcher(name).matches()
                ? Optional.of(folder.resolve(name)).filter(run -> Files.isDirectory(run, LinkOption.NOFOLLOW_LINKS))
                : Optional.empty();
    }

    private LabRun read(String name) {
        Path run = folder.resolve(name);
        boolean report = Files.isRegularFile(run.resolve(REPORT), LinkOption.NOFOLLOW_LINKS);
        if (!Files.exists(run.resolve(RESULT), LinkOption.NOFOLLOW_LINKS)) {
            return none(name, "It is going on, or was broken off: there is no " + RESULT + ".", report);
        }
        try {
            Told told = MAPPER.readValue(bytes(run.resolve(RESULT)), Told.class);
            String verdict = text(told.verdict()).toLowerCase(Locale.ROOT);
            if (!VERDICTS.contains(verdict)) {
                return none(name, "Its " + RESULT + " names no verdict.", report);
            }
            return new LabRun(name, verdict, text(told.sentence()), result(told), report);
        } catch (JacksonException | DateTimeException e) {
            return none(name, "Its " + RESULT + " cannot be understood: half written, or damaged.", report);
        } catch (IOException e) {
            return none(name, "Its " + RESULT + " cannot be read, or is larger than any run's.", report);
        }
    }

    private static LabRun none(String name, String why, boolean report) {
        return new LabRun(name, LabRun.NONE, why, null, report);
    }

    private static LabRun.Result result(Told told) {
        Map<String, LabRun.Kind> kinds = new TreeMap<>();
        for (Carried one : told.faults() == null ? List.<Carried>of() : told.faults()) {
            Planned fault = one.fault();
            String kind = text(fault == null ? null : fault.kind())
                    .toLowerCase(Locale.ROOT)
                    .replace('_', ' ');
            kinds.merge(
                    kind,
                    new LabRun.Kind(kind, 1, Boolean.TRUE.equals(one.bit()) ? 1 : 0),
                    (a, b) -> new LabRun.Kind(kind, a.carriedOut() + b.carriedOut(), a.bit() + b.bit()));
        }
        return new LabRun.Result(
                text(told.scenario()),
                text(told.summary()),
                Long.toString(number(told.seed())),
                Moment.of(Instant.parse(text(told.startedAt()))),
                LabRun.duration(number(told.lengthMs())),
                LabRun.duration(number(told.tookMs())),
                Amounts.count(told.perSecond() == null ? 0 : told.perSecond()),
                text(told.program()),
                text(told.machine()),
                text(told.replay()),
                done(told.totals()),
                gap(told.headline()),
                kinds.values().stream().mapToInt(LabRun.Kind::carriedOut).sum(),
                kinds.values().stream().mapToInt(LabRun.Kind::bit).sum(),
                List.copyOf(kinds.values()));
    }

    /** Whole percent, rounded down: what is not all is never 100. */
    private static String done(@Nullable Totals totals) {
        long operations = totals == null ? 0 : number(totals.operations());
        long done = totals == null ? 0 : number(totals.done());
        boolean sound = operations > 0 && operations <= MOST_OPERATIONS && done >= 0 && done <= operations;
        return sound ? percent(done, operations) : "";
    }

    private static String percent(long done, long operations) {
        return done > 0 && done * 100 < operations ? "under 1 %" : done * 100 / operations + " %";
    }

    private static String gap(@Nullable Headline headline) {
        Gap gap = headline == null ? null : headline.gap();
        return gap == null ? "" : LabRun.duration(Math.max(0, number(gap.untilMillis()) - number(gap.fromMillis())));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : Pages.bounded(value, LONGEST_TEXT);
    }

    private static long number(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    /** A file of its own, no link to another one. */
    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] read = in.readNBytes(MOST_BYTES + 1);
            if (read.length > MOST_BYTES) {
                throw new IOException(file.getFileName() + " is larger than " + MOST_BYTES + " bytes");
            }
            return read;
        }
    }
}
