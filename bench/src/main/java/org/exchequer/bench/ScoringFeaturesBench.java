package org.exchequer.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.exchequer.kernel.Ticker;
import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.features.Fact;
import org.exchequer.scoring.features.FeatureEngine;
import org.exchequer.scoring.features.FeatureSettings;
import org.exchequer.scoring.features.History;
import org.exchequer.scoring.rules.Lists;
import org.exchequer.scoring.rules.RuleBook;
import org.exchequer.scoring.rules.RuleEngine;
import org.exchequer.scoring.rules.Rules;
import org.exchequer.scoring.rules.Subject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench scoring-features}: payments made up, seen as features, and judged by rules, each on one core. */
@Command(
        name = "scoring-features",
        mixinStandardHelpOptions = true,
        description = "Measures made-up payments, features on the stream beside the same from the past, and rules.")
final class ScoringFeaturesBench implements Callable<Integer> {
    private static final int FROM_THE_PAST = 20_000;

    @Mixin
    private MadeUpCountry country = new MadeUpCountry();

    private final Ticker ticker = Ticker.system();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    @Override
    public Integer call() throws IOException {
        new Report(System.out).machine();
        System.out.println("| what | payments | payments/s | payments/s of a processor | us of a processor each |");
        System.out.println("|---|--:|--:|--:|--:|");
        List<Fact> facts = new ArrayList<>();
        AtomicLong frauds = new AtomicLong();
        country.generate(1, facts::add, label -> frauds.incrementAndGet());
        AtomicLong made = new AtomicLong();
        measured("made up", facts.size(), () -> country.generate(2, event -> made.incrementAndGet(), label -> {}));
        FeatureEngine engine = new FeatureEngine(FeatureSettings.standard());
        List<Subject> subjects = new ArrayList<>();
        measured("features on the stream", facts.size(), () -> {
            for (Fact fact : facts) {
                Event event = (Event) fact;
                float[] vector = engine.apply(event);
                if (event.id() % 5 == 0) {
                    subjects.add(new Subject(event, vector, false, false));
                }
            }
        });
        History history = new History(facts, FeatureSettings.standard());
        int last = Math.min(FROM_THE_PAST, facts.size());
        measured("features from the past", last, () -> {
            for (int i = facts.size() - last; i < facts.size(); i++) {
                history.at(i);
            }
        });
        rules(subjects);
        ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
        engine.write(snapshot);
        System.out.printf(
                Locale.ROOT,
                "%n%,d of %,d payments are fraud. State: %,d bytes; %s%n",
                frauds.get(),
                facts.size(),
                snapshot.size(),
                engine.usage());
        return 0;
    }

    private void rules(List<Subject> subjects) {
        RuleEngine rules = new RuleEngine(Rules.all(), ticker);
        RuleBook book = RuleBook.standard(Rules.all());
        subjects.forEach(subject -> rules.evaluate(book, Lists.NONE, subject));
        measured(
                "all rules",
                subjects.size(),
                () -> subjects.forEach(subject -> rules.evaluate(book, Lists.NONE, subject)));
        Histogram nanos = new Histogram(3);
        for (Subject subject : subjects) {
            long began = ticker.nanos();
            rules.evaluate(book, Lists.NONE, subject);
            nanos.recordValue(ticker.nanos() - began);
        }
        System.out.printf(
                Locale.ROOT,
                "%nall rules: p50 %.1f us, p99 %.1f us, p99.9 %.1f us of wall time%n",
                nanos.getValueAtPercentile(50) / 1e3,
                nanos.getValueAtPercentile(99) / 1e3,
                nanos.getValueAtPercentile(99.9) / 1e3);
    }

    private void measured(String what, int payments, Runnable work) {
        long began = ticker.nanos();
        long processor = threads.getCurrentThreadCpuTime();
        work.run();
        double wall = (ticker.nanos() - began) / 1e9;
        double busy = (threads.getCurrentThreadCpuTime() - processor) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "| %s | %,d | %,.0f | %,.0f | %.2f |%n",
                what,
                payments,
                payments / wall,
                payments / busy,
                busy * 1e6 / payments);
    }
}
