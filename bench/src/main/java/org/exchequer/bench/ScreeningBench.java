package org.exchequer.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.exchequer.kernel.Ticker;
import org.exchequer.screening.Contribution;
import org.exchequer.screening.PartyType;
import org.exchequer.screening.SanctionsList;
import org.exchequer.screening.Screener;
import org.exchequer.screening.Screening;
import org.exchequer.screening.Subject;
import org.exchequer.screening.match.NameModel;
import org.exchequer.screening.match.ParsedName;
import org.exchequer.screening.quality.CrossValidation;
import org.exchequer.screening.quality.LabelledPair;
import org.exchequer.screening.quality.Persons;
import org.exchequer.screening.quality.PublicData;
import org.exchequer.screening.quality.Recall;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench screening}: how good and how quick name screening is, on public lists and names. */
@Command(
        name = "screening",
        mixinStandardHelpOptions = true,
        description = "Measures name screening on public lists and names: pairs, mangled and harmless names, latency.")
final class ScreeningBench implements Callable<Integer> {
    /** OpenSanctions' figure for its matcher logic-v2 and for Levenshtein on the whole set, of which half is public. */
    private static final String PUBLISHED = "published for the whole set: logic-v2 0.79, Levenshtein 0.65";

    private static final int WARM_UP = 2_000;
    private static final int TIMED = 10_000;

    @Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Option(names = "--data", description = "folder with names/ and sanctions/ (default: ${DEFAULT-VALUE})")
    private Path data = Path.of(
            Optional.ofNullable(System.getenv("EXCHEQUER_CONFORMANCE_DATA")).orElse("../shared/data"));

    @Option(names = "--sample", description = "ask only every n-th harmless name (default ${DEFAULT-VALUE})")
    private int sample = 1;

    private final Ticker ticker = Ticker.system();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(data.resolve("names")) || !Files.isDirectory(data.resolve("sanctions")) || sample < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--data must be a folder with names/ and sanctions/, --sample at least 1");
        }
        new Report(System.out).machine();
        long began = ticker.nanos();
        List<SanctionsList> lists = PublicData.lists(data);
        long read = ticker.nanos();
        Screener screener = Screener.open(lists);
        long opened = ticker.nanos();
        int names = lists.stream()
                .flatMap(list -> list.parties().stream())
                .mapToInt(party -> party.names().size())
                .sum();
        line(
                "%,d parties with %,d names: read in %,d ms, indexed in %,d ms; model %s, threshold %.2f%n",
                lists.stream().mapToInt(list -> list.parties().size()).sum(),
                names,
                TimeUnit.NANOSECONDS.toMillis(read - began),
                TimeUnit.NANOSECONDS.toMillis(opened - read),
                screener.model(),
                Screener.threshold());
        pairs(screener);
        crossScript(screener);
        wholeLists(screener, lists);
        return 0;
    }

    private void pairs(Screener screener) throws IOException {
        List<LabelledPair> pairs = LabelledPair.read(data.resolve("names/name_bench_half.csv"));
        CrossValidation.Result result = CrossValidation.run(pairs, screener.weights());
        line(
                "%n| pairs (%d), %d folds, %d times | held-out F1 |%n|---|--:|%n",
                result.pairs(), CrossValidation.FOLDS, CrossValidation.REPEATS);
        line("| model, threshold of the other folds | %.3f |%n", result.heldOutF1());
        line("| model, threshold %.2f | %.3f |%n", result.threshold(), result.heldOutF1AtThreshold());
        line("| Levenshtein, threshold of the other folds | %.3f |%n", result.levenshteinF1());
        line("%n%s%nheld-out F1 by threshold:", PUBLISHED);
        for (int step = 9; step < 16; step++) {
            line(" %.2f %.3f,", (step + 1) / 20.0, result.heldOutF1BySteps().get(step));
        }
        line("%ncoefficients: %s%n", Arrays.toString(result.coefficients()));
    }

    private void crossScript(Screener screener) throws IOException {
        NameModel model = new NameModel(Screener.coefficients(), screener.weights());
        int asked = 0;
        List<String> missed = new ArrayList<>();
        for (String row : Files.readAllLines(data.resolve("names/watchman_cross_script_pairs.csv"))) {
            if (!row.isBlank() && !row.startsWith("#")) {
                String[] fields = row.split(",", -1);
                asked++;
                if (score(model, fields[0], fields[1], PartyType.PERSON) < Screener.threshold()) {
                    missed.add(fields[0] + " / " + fields[1]);
                }
            }
        }
        line("%ncross-script pairs: %d of %d; missed: %s%n", asked - missed.size(), asked, missed);
        line(
                "false friends: BELLETECH CORP / 11420 CORP. %.2f, emma daniels / EMMA LLC %.2f%n",
                score(model, "BELLETECH CORP", "11420 CORP.", PartyType.ENTITY),
                score(model, "emma daniels", "EMMA LLC", PartyType.ENTITY));
    }

    private static double score(NameModel model, String one, String other, PartyType type) {
        double sum = 0;
        for (Contribution each : model.explain(ParsedName.of(one, type), ParsedName.of(other, type))) {
            sum += each.points();
        }
        return 1 / (1 + StrictMath.exp(-sum));
    }

    private void wholeLists(Screener screener, List<SanctionsList> lists) throws IOException {
        List<Subject> clean = Persons.read(data.resolve("names/un_positives_untreated_half.csv"));
        List<Subject> mangled = Persons.read(data.resolve("names/un_positives_treated_half.csv"));
        line("%n| asked of all lists | known | asked | %s | share |%n|---|---|--:|--:|--:|%n", "alerts");
        recall("listed, mangled", "all", Recall.of(screener, lists, mangled, clean));
        recall("listed, mangled", "name", Recall.of(screener, lists, Persons.namesOnly(mangled), clean));
        List<Subject> harmless = new ArrayList<>();
        for (String file : List.of("negatives_global_25k.csv", "negatives_us_25k.csv")) {
            List<Subject> all = Persons.read(data.resolve("names/" + file));
            for (int i = 0; i < all.size(); i += sample) {
                harmless.add(all.get(i));
            }
            List<Subject> these =
                    harmless.subList(harmless.size() - (all.size() + sample - 1) / sample, harmless.size());
            alerts("harmless, " + file, "all", screener, these);
            alerts("harmless, " + file, "name", screener, Persons.namesOnly(these));
        }
        List<Subject> congress = Persons.read(data.resolve("names/us_congress.csv"));
        alerts("harmless, us_congress.csv", "all", screener, congress);
        alerts("harmless, us_congress.csv", "name", screener, Persons.namesOnly(congress));
        line("%n| latency | known | p50 ms | p99 ms | p99.9 ms | most ms | CPU p50 | CPU p99 |%n");
        line("|---|---|--:|--:|--:|--:|--:|--:|%n");
        latency("harmless", "all", screener, harmless);
        latency("harmless", "name", screener, Persons.namesOnly(harmless));
        latency("listed, mangled", "all", screener, mangled);
        latency("listed, mangled", "name", screener, Persons.namesOnly(mangled));
    }

    private void recall(String what, String known, Recall recall) {
        line("| %s | %s | %,d | %,d | %.2f %% |%n", what, known, recall.asked(), recall.found(), 100 * recall.share());
    }

    private void alerts(String what, String known, Screener screener, List<Subject> subjects) {
        long alerts = subjects.parallelStream()
                .map(screener::screen)
                .filter(Screening::alert)
                .count();
        line(
                "| %s | %s | %,d | %,d | %.3f %% |%n",
                what, known, subjects.size(), alerts, 100.0 * alerts / subjects.size());
    }

    /**
     * One after the other on one thread; wall time, and processor time of the thread, which other work does not
     * disturb.
     */
    private void latency(String what, String known, Screener screener, List<Subject> subjects) {
        for (int i = 0; i < WARM_UP; i++) {
            screener.screen(subjects.get(i % subjects.size()));
        }
        Histogram wall = new Histogram(3);
        Histogram processor = new Histogram(3);
        int step = Math.max(1, subjects.size() / TIMED);
        for (int i = 0; i < subjects.size(); i += step) {
            long cpu = threads.getCurrentThreadCpuTime();
            long began = ticker.nanos();
            screener.screen(subjects.get(i));
            wall.recordValue(TimeUnit.NANOSECONDS.toMicros(ticker.nanos() - began));
            processor.recordValue(TimeUnit.NANOSECONDS.toMicros(threads.getCurrentThreadCpuTime() - cpu));
        }
        line(
                "| %s | %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                what,
                known,
                wall.getValueAtPercentile(50) / 1e3,
                wall.getValueAtPercentile(99) / 1e3,
                wall.getValueAtPercentile(99.9) / 1e3,
                wall.getMaxValue() / 1e3,
                processor.getValueAtPercentile(50) / 1e3,
                processor.getValueAtPercentile(99) / 1e3);
    }

    private static void line(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }
}
