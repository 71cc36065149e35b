package org.exchequer.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.exchequer.kernel.Ticker;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.train.Rows;
import org.exchequer.scoring.train.Sight;
import org.exchequer.scoring.train.Training;
import org.exchequer.scoring.train.TrainingException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code exchequer scoring}: models of fraud. Needs no running program. */
final class ScoringCommands {
    private ScoringCommands() {}

    static CommandLine create(Ticker ticker) {
        return new CommandLine(new Scoring()).addSubcommand(new Train(ticker));
    }

    @Command(
            name = "scoring",
            mixinStandardHelpOptions = true,
            description = "Trains the models that payments are scored for fraud by.")
    private static final class Scoring implements Runnable {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "which command? there is: train");
        }
    }

    @Command(
            name = "train",
            mixinStandardHelpOptions = true,
            description = {
                "Trains the model of inward clearing on made-up payments, writes its file, and reports how much fraud"
                        + " it finds in a later window; beside it a model that is shown everything, and both without"
                        + " features of the graph.",
                "The same seed and number give the same file on the same machine. Needs libgomp1 on Linux."
            })
    private static final class Train implements Callable<Integer> {
        private final Ticker ticker;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Option(names = "--out", required = true, paramLabel = "FILE", description = "where to; replaced if it exists")
        private Path out = Path.of("");

        @Option(names = "--seed", description = "of the payments and the training (default ${DEFAULT-VALUE})")
        private long seed = 1;

        @Option(
                names = "--events",
                paramLabel = "N",
                description = "about so many payments, " + Rows.LEAST_EVENTS + " to " + Rows.MOST_EVENTS
                        + " (default ${DEFAULT-VALUE})")
        private int events = 400_000;

        @Option(
                names = "--model-version",
                paramLabel = "N",
                description = "a version is never changed: give a new model a new one (default ${DEFAULT-VALUE})")
        private int version = 1;

        @Option(names = "--alone", description = "train that model only, without those to compare it with")
        private boolean alone;

        Train(Ticker ticker) {
            this.ticker = ticker;
        }

        @Override
        public Integer call() {
            if (events < Rows.LEAST_EVENTS || events > Rows.MOST_EVENTS) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "--events must be " + Rows.LEAST_EVENTS + " to " + Rows.MOST_EVENTS);
            }
            if (version < 1) {
                throw new CommandLine.ParameterException(spec.commandLine(), "--model-version must be at least 1");
            }
            PrintWriter to = spec.commandLine().getOut();
            try {
                train(to, Sight.INWARD);
                if (!alone) {
                    train(to, Sight.EVERYTHING);
                }
                return ExitCodes.OK;
            } catch (TrainingException e) {
                throw new CommandFailure(ExitCodes.FAILED, String.valueOf(e.getMessage()));
            } catch (IOException e) {
                throw new CommandFailure(ExitCodes.CANNOT_CREATE, out + " cannot be written: " + e.getMessage());
            }
        }

        private void train(PrintWriter to, Sight sight) throws IOException {
            long began = ticker.nanos();
            Rows rows = Rows.make(seed, events, sight);
            to.printf(
                    Locale.ROOT,
                    "%n%s: %,d payments to learn from, %,d later ones to be judged on%s, made in %.0f s.%n",
                    sight.text(),
                    rows.history().size(),
                    rows.later().size(),
                    rows.thinned() == 1 ? "" : " (one harmless payment of " + rows.thinned() + ")",
                    seconds(began));
            began = ticker.nanos();
            Ensemble with = Training.train(rows, sight, version, seed, true);
            if (sight == Sight.INWARD) {
                byte[] file = with.write();
                write(file);
                to.printf(
                        Locale.ROOT,
                        "%s, %,d bytes, SHA-256 %s, written to %s.%n",
                        with.id(),
                        file.length,
                        with.fingerprint(),
                        out);
            }
            to.printf(Locale.ROOT, "Trained in %.0f s.%n%n", seconds(began));
            to.flush();
            List<Training.Line> whole = Training.judge(with, rows);
            List<Training.Line> part =
                    alone ? List.of() : Training.judge(Training.train(rows, sight, version, seed, false), rows);
            print(to, whole, part);
        }

        private static void print(PrintWriter to, List<Training.Line> with, List<Training.Line> without) {
            String heads = "| fraud | payments | AUC | found at 1 % | at 5 % |";
            to.println(without.isEmpty() ? heads : heads + " AUC without graph | at 1 % | at 5 % |");
            to.println(without.isEmpty() ? "|---|--:|--:|--:|--:|" : "|---|--:|--:|--:|--:|--:|--:|--:|");
            for (int i = 0; i < with.size(); i++) {
                Training.Line line = with.get(i);
                String kind = line.kind() == null
                        ? "all"
                        : line.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
                to.printf(Locale.ROOT, "| %s | %,d |%s", kind, line.frauds(), figures(line));
                to.println(without.isEmpty() ? "" : figures(without.get(i)));
            }
            to.flush();
        }

        private static String figures(Training.Line line) {
            return line.frauds() == 0
                    ? " not seen | | |"
                    : String.format(
                            Locale.ROOT,
                            " %.3f | %.0f %% | %.0f %% |",
                            line.auc(),
                            100 * line.recall1(),
                            100 * line.recall5());
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
}
