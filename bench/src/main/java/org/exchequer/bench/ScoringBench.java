package org.exchequer.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.HdrHistogram.Histogram;
import org.exchequer.kernel.Ticker;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.Member;
import org.exchequer.scoring.model.Sample;
import org.exchequer.scoring.model.Schema;
import org.exchequer.scoring.model.TreeModel;
import org.exchequer.scoring.model.TreeShap;
import org.exchequer.scoring.model.Vector;
import org.exchequer.scoring.train.BoostedTrees;
import org.exchequer.scoring.train.EnsembleTrainer;
import org.exchequer.scoring.train.Example;
import org.exchequer.scoring.train.GruTrainer;
import org.exchequer.scoring.train.MadePayments;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench scoring}: how long training and scoring take, beside the native library in the same run. */
@Command(
        name = "scoring",
        mixinStandardHelpOptions = true,
        description = "Measures training an ensemble and scoring with reasons, beside native XGBoost.")
final class ScoringBench implements Callable<Integer> {
    private static final int LEAST = 5_000;
    private static final int LATER = 5_000;
    private static final int SEED = 1;

    @Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Option(names = "--payments", description = "payments to train on (default ${DEFAULT-VALUE})")
    private int payments = 40_000;

    @Option(names = "--timed", description = "scores that are timed (default ${DEFAULT-VALUE})")
    private int timed = 20_000;

    private final Ticker ticker = Ticker.system();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    @Override
    public Integer call() throws IOException {
        if (payments < LEAST || timed < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--payments must be at least " + LEAST + ", --timed at least 1");
        }
        new Report(System.out).machine();
        List<Example> history = MadePayments.of(payments, SEED);
        List<Example> later = MadePayments.of(LATER, SEED + 1);
        long began = ticker.nanos();
        Ensemble trained = EnsembleTrainer.train(
                MadePayments.plan(1, BoostedTrees.Settings.usual(SEED), GruTrainer.Settings.usual(SEED)),
                history,
                later);
        long done = ticker.nanos();
        byte[] file = trained.write();
        long written = ticker.nanos();
        Ensemble ensemble = Ensemble.read(file);
        line(
                "trained on %,d made-up payments in %.1f s; file of %,d kB, read in %d ms%n",
                payments,
                TimeUnit.NANOSECONDS.toMillis(done - began) / 1e3,
                file.length / 1_000,
                TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - written));
        ensemble.parts().figures().forEach((name, value) -> line("  %s %.4f%n", name, value));
        line("%n| one thread | p50 µs | p99 µs | p99.9 µs | most µs | CPU p50 µs | CPU p99 µs |%n");
        line("|---|--:|--:|--:|--:|--:|--:|%n");
        List<Sample> samples = later.stream().map(Example::sample).toList();
        int size = samples.size();
        time("whole ensemble with reasons", i -> ensemble.score(samples.get(i % size)));
        time("whole ensemble, score alone", i -> ensemble.margin(samples.get(i % size)));
        for (Member member : ensemble.parts().members()) {
            time(name(member), i -> member.score(samples.get(i % size)));
            if (member instanceof Member.Trees trees) {
                time(
                        member.name() + ": TreeSHAP",
                        i -> trees.shap().contributions(samples.get(i % size).features()));
            }
        }
        beside(history, later);
        return 0;
    }

    private static String name(Member member) {
        return switch (member) {
            case Member.Trees trees ->
                String.format(
                        Locale.ROOT,
                        "%s: %d trees, %,d nodes",
                        trees.name(),
                        trees.model().trees(),
                        trees.model().nodes());
            case Member.Behaviour behaviour -> behaviour.name() + ": recurrent network";
            case Member.Anomaly anomaly -> anomaly.name() + ": random cut forest";
        };
    }

    /**
     * The same trees over all features, walked by the library through its Java door, one row at a time as in service.
     */
    private void beside(List<Example> history, List<Example> later) {
        float[][] rows = rows(history);
        boolean[] labels = new boolean[rows.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = history.get(i).fraud();
        }
        Schema schema = history.getFirst().sample().features().schema();
        try (BoostedTrees library = BoostedTrees.fit(rows, labels, BoostedTrees.Settings.usual(SEED))) {
            TreeModel model = library.trees();
            TreeShap shap = new TreeShap(model);
            float[][] asked = rows(later);
            List<Vector> vectors =
                    later.stream().map(each -> each.sample().features()).toList();
            line("%n%d trees over %d features, %,d nodes:%n%n", model.trees(), schema.size(), model.nodes());
            line("| one thread | p50 µs | p99 µs | p99.9 µs | most µs | CPU p50 µs | CPU p99 µs |%n");
            line("|---|--:|--:|--:|--:|--:|--:|%n");
            int size = vectors.size();
            time("margin, plain Java", i -> model.margin(vectors.get(i % size)));
            time("margin, native", i -> library.margins(new float[][] {asked[i % size]}));
            time("contributions, plain Java", i -> shap.contributions(vectors.get(i % size)));
            time("contributions, native", i -> library.contributions(new float[][] {asked[i % size]}));
        }
    }

    private static float[][] rows(List<Example> examples) {
        return examples.stream().map(each -> each.sample().features().toArray()).toArray(float[][]::new);
    }

    /** Wall time, and processor time of the thread, which other work does not disturb. */
    private void time(String what, IntConsumer work) {
        for (int i = 0; i < timed / 4; i++) {
            work.accept(i);
        }
        Histogram wall = new Histogram(3);
        Histogram processor = new Histogram(3);
        for (int i = 0; i < timed; i++) {
            long cpu = threads.getCurrentThreadCpuTime();
            long began = ticker.nanos();
            work.accept(i);
            wall.recordValue(ticker.nanos() - began);
            processor.recordValue(threads.getCurrentThreadCpuTime() - cpu);
        }
        line(
                "| %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f |%n",
                what,
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
