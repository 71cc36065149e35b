package org.exchequer.app.cli.inward;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.app.cli.inward.BreachTraining.Judgement;
import org.exchequer.app.cli.inward.BreachTraining.Warning;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.breach.BreachModel;
import org.exchequer.inward.breach.sim.Simulation.Row;
import org.exchequer.inward.breach.sim.Simulation.Window;
import org.exchequer.kernel.Ticker;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.train.Quality;
import org.exchequer.scoring.train.TrainingException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code exchequer inward train-breach}. Needs no running program. */
@Command(
        name = "train-breach",
        mixinStandardHelpOptions = true,
        description = {
            "Trains the model that predicts which payments miss their time, on simulated ones, writes its file, and"
                    + " reports how good it is on a later time with other faults.",
            "The same seed and number give the same file on the same machine. Needs libgomp1 on Linux."
        })
final class TrainBreachCommand implements Callable<Integer> {
    private static final int LEAST = 20_000;
    private static final int MOST = 5_000_000;
    private static final int SPANS = 100;
    private static final double STANDARD = 0.8;

    private final Ticker ticker;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "where to; replaced if it exists")
    private Path out = Path.of("");

    @Option(names = "--seed", description = "of the simulation and the training (default ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "ends of stages to learn from, " + LEAST + " to " + MOST + " (default ${DEFAULT-VALUE})")
    private int rows = 400_000;

    @Option(names = "--model-version", paramLabel = "N", description = "to give it (default ${DEFAULT-VALUE})")
    private int version = 1;

    TrainBreachCommand(Ticker ticker) {
        this.ticker = ticker;
    }

    @Override
    public Integer call() {
        if (rows < LEAST || rows > MOST) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--rows must be " + LEAST + " to " + MOST);
        }
        if (version < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--model-version must be at least 1");
        }
        try {
            train(spec.commandLine().getOut());
            return ExitCodes.OK;
        } catch (TrainingException e) {
            throw new CommandFailure(ExitCodes.FAILED, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new CommandFailure(ExitCodes.CANNOT_CREATE, out + " cannot be written: " + e.getMessage());
        }
    }

    private void train(PrintWriter to) throws IOException {
        long began = ticker.nanos();
        List<Row> history = BreachTraining.rows(Window.LEARNT, seed, rows);
        List<Row> later = BreachTraining.rows(Window.LATER, seed, rows / 3);
        line(
                to,
                "%,d ends of stages to learn from, %,d later ones, simulated in %.0f s.",
                history.size(),
                later.size(),
                seconds(began));
        began = ticker.nanos();
        Ensemble ensemble = BreachTraining.train(history, later, version, seed);
        byte[] file = ensemble.write();
        write(file);
        line(
                to,
                "%s, %,d bytes, SHA-256 %s, written to %s, trained in %.0f s.",
                ensemble.id(),
                file.length,
                ensemble.fingerprint(),
                out,
                seconds(began));
        quality(to, "Faults like those learnt from", ensemble, BreachTraining.rows(Window.LEARNT, seed + 1, rows / 3));
        quality(to, "Other faults, later", ensemble, later);
        stages(to, ensemble, later);
        speed(to, ensemble, later);
        warnings(to, BreachModel.of(ensemble));
        to.flush();
    }

    private static void quality(PrintWriter to, String title, Ensemble ensemble, List<Row> rows) {
        Judgement judged = BreachTraining.judge(ensemble, rows);
        line(
                to,
                "%n%s: %,d ends of stages, %.2f %% missed. AUC %.4f, Brier score %.4f (always the share: %.4f),"
                        + " calibration error %.4f.%n",
                title,
                judged.rows(),
                100 * judged.share(),
                judged.auc(),
                judged.brier(),
                judged.constant(),
                judged.error());
        line(to, "| predicted | rows | on average | missed |%n|---|--:|--:|--:|");
        for (Quality.Reliability bin : judged.bins()) {
            line(
                    to,
                    "| %.1f to %.1f | %,d | %.3f | %.3f |",
                    bin.from(),
                    bin.from() + 0.1,
                    bin.rows(),
                    bin.mean(),
                    bin.observed());
        }
    }

    private static void stages(PrintWriter to, Ensemble ensemble, List<Row> later) {
        line(to, "%n| predicted after | rows | missed | AUC | Brier |%n|---|--:|--:|--:|--:|");
        for (Stage stage : Stage.values()) {
            List<Row> part = BreachTraining.after(stage, later);
            if (!part.isEmpty()) {
                Judgement judged = BreachTraining.judge(ensemble, part);
                line(
                        to,
                        "| %s | %,d | %.2f %% | %.4f | %.4f |",
                        stage.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        judged.rows(),
                        100 * judged.share(),
                        judged.auc(),
                        judged.brier());
            }
        }
    }

    private void warnings(PrintWriter to, BreachModel model) {
        line(
                to,
                "%n| at risk from | payments | missed | foreseen | ahead by: p10, p50, p90 | alarms | right |"
                        + " not served | mean time |%n|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        for (double threshold : new double[] {0.5, STANDARD, 0.95}) {
            warning(to, model, threshold, false);
        }
        warning(to, model, STANDARD, true);
    }

    private void warning(PrintWriter to, BreachModel model, double threshold, boolean acts) {
        Warning warning = BreachTraining.watch(model, seed + 2, SPANS, threshold, acts);
        line(
                to,
                "| %.2f%s | %,d | %,d | %.1f %% | %.0f, %.0f, %.0f ms | %,d | %.1f %% | %,d | %.1f ms |",
                threshold,
                acts ? ", with consequences" : "",
                warning.payments(),
                warning.missed(),
                100.0 * warning.foreseen() / Math.max(1, warning.missed()),
                warning.leadMs().get(0),
                warning.leadMs().get(1),
                warning.leadMs().get(2),
                warning.alarms(),
                100.0 * warning.foreseen() / Math.max(1, warning.alarms()),
                warning.unserved(),
                warning.meanMs());
    }

    /** Processor time of this thread, features made before; after as many to warm up. */
    private static void speed(PrintWriter to, Ensemble ensemble, List<Row> rows) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double sum = 0;
        long began = 0;
        for (int round = 0; round < 2; round++) {
            began = threads.getCurrentThreadCpuTime();
            for (Row row : rows) {
                sum += ensemble.probability(BreachModel.sample(row.features()));
            }
        }
        double micros = (threads.getCurrentThreadCpuTime() - began) / 1e3 / rows.size();
        line(
                to,
                "%nOne prediction takes %.2f \u00b5s of a processor; %.2f %% on average.",
                micros,
                50 * sum / rows.size());
    }

    private static void line(PrintWriter to, String format, Object... values) {
        to.printf(Locale.ROOT, format + "%n", values);
    }

    /** Beside its place first: whoever reads it gets a whole one. */
    private void write(byte[] file) throws IOException {
        Path place = out.toAbsolutePath();
        Path beside = place.resolveSibling(place.getFileName() + ".new");
        Files.write(beside, file);
        Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private double seconds(long began) {
        return (ticker.nanos() - began) / 1e9;
    }
}
