package org.exchequer.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.infra.EmbeddedPostgres;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Reconciliation;
import org.exchequer.reconciliation.api.Rule;
import org.exchequer.reconciliation.core.Reconciler;
import org.exchequer.reconciliation.edge.report.ReconciliationReport;
import org.exchequer.reconciliation.edge.statement.StatementFormat;
import org.postgresql.PGConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench reconcile}: a statement against as many lines of books, beside a join of PostgreSQL that does less. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = "Reconciles a statement with as many lines of books in a process with a heap of 1 GiB, beside a"
                + " join in PostgreSQL that does the first rule only.")
final class ReconcileBench implements Callable<Integer> {
    private static final Currency EUR = Currency.of("EUR");
    private static final LocalDate FIRST = LocalDate.of(2026, 3, 1);

    @Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Option(names = "--lines", description = "lines of each side (default ${DEFAULT-VALUE})")
    private int lines = 1_000_000;

    private final Ticker ticker = Ticker.system();

    @Override
    public Integer call() throws Exception {
        if (lines < 1_000 || lines > StatementFormat.MAX_LINES) {
            throw new ParameterException(
                    spec.commandLine(), "--lines must be from 1000 to " + StatementFormat.MAX_LINES);
        }
        Path folder = Files.createTempDirectory("exchequer-bench-reconcile");
        try {
            new Report(System.out).machine();
            List<Line> ours = books(lines);
            write(folder.resolve("ours.csv"), ours);
            write(folder.resolve("theirs.csv"), statement(ours));
            System.out.println("| | read | match | report | all |\n|---|--:|--:|--:|--:|");
            try (Child child = Child.start(command(folder), System.out)) {
                if (child.finish() != 0) {
                    return 1;
                }
            }
            postgres(folder);
            return 0;
        } finally {
            Bed.delete(folder);
        }
    }

    /** Payments of thirty days, each with a reference of its own but for files of four. */
    private static List<Line> books(int count) {
        Random random = new Random(1);
        List<Line> books = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean file = i % 100 < 4;
            String reference = file ? "FILE-" + i / 100 : "E2E-2026-" + (i * 7_919L % count);
            // Lines of a file are paid together.
            LocalDate date = FIRST.plusDays(file ? i / 100 % 30 : random.nextInt(30));
            books.add(new Line("", date, 1 + random.nextInt(10_000_000), reference));
        }
        return books;
    }

    /** The same as a bank has it: files as one line, some days late, some with other amounts, some missing or twice. */
    private static List<Line> statement(List<Line> books) {
        Random random = new Random(2);
        List<Line> statement = new ArrayList<>(books.size());
        long file = 0;
        for (int i = 0; i < books.size(); i++) {
            Line line = books.get(i);
            if (i % 100 < 4) {
                file += line.amount();
                if (i % 100 == 3) {
                    statement.add(new Line("", line.date(), file, line.reference()));
                    file = 0;
                }
                continue;
            }
            int chance = random.nextInt(1_000);
            if (chance < 2) {
                continue;
            }
            long amount = chance < 4 ? line.amount() + 10_000 : chance < 6 ? line.amount() + 1 : line.amount();
            LocalDate date = chance < 30 ? line.date().plusDays(chance % 4) : line.date();
            statement.add(new Line("", date, amount, line.reference()));
            if (chance == 999) {
                statement.add(statement.getLast());
            }
        }
        return statement;
    }

    private static void write(Path file, List<Line> lines) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("date,amount,reference\n");
            for (Line line : lines) {
                String amount = new Money(line.amount(), EUR).toDecimal();
                out.write(line.date() + "," + amount + "," + line.reference() + "\n");
            }
        }
    }

    private static List<String> command(Path folder) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                Node.class.getName(),
                folder.toString());
    }

    /** The process with the small heap. */
    static final class Node {
        private Node() {}

        public static void main(String[] args) throws IOException {
            Ticker ticker = Ticker.system();
            PrintStream out = System.out;
            Path folder = Path.of(args[0]);
            long began = ticker.nanos();
            List<Line> ours = read(folder.resolve("ours.csv"));
            List<Line> theirs = read(folder.resolve("theirs.csv"));
            long read = ticker.nanos();
            List<Rule> rules = Rule.usual(1, 3, false);
            Reconciliation result = Reconciler.reconcile(ours, theirs, rules);
            long matched = ticker.nanos();
            new ReconciliationReport(
                            "1000.nostro",
                            EUR,
                            FIRST,
                            FIRST.plusDays(32),
                            "",
                            "",
                            Optional.empty(),
                            Optional.empty(),
                            rules,
                            ours,
                            theirs,
                            result)
                    .write(folder);
            long done = ticker.nanos();
            out.printf(
                    Locale.ROOT,
                    "| %,d against %,d lines: %,d matches, %,d breaks | %s | %s | %s | %s |%n",
                    ours.size(),
                    theirs.size(),
                    result.matches().size(),
                    result.breaks().size(),
                    seconds(read - began),
                    seconds(matched - read),
                    seconds(done - matched),
                    seconds(done - began));
        }

        private static List<Line> read(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                return StatementFormat.CSV
                        .read(in, EUR, "", StatementFormat.MAX_LINES)
                        .lines();
            }
        }
    }

    private void postgres(Path folder) throws Exception {
        try (EmbeddedPostgres postgres =
                EmbeddedPostgres.start(folder.resolve("postgres"), ticker, line -> System.out.println("  " + line))) {
            DatabaseAddress address = postgres.address();
            try (Connection connection =
                    DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password())) {
                join(connection, folder);
            }
        }
    }

    /** The n-th of several equal lines goes with the n-th of the other side. */
    private void join(Connection connection, Path folder) throws SQLException, IOException {
        long began = ticker.nanos();
        try (Statement statement = connection.createStatement()) {
            for (String side : List.of("ours", "theirs")) {
                statement.execute("CREATE UNLOGGED TABLE " + side + " (date date, amount numeric, reference text)");
                try (InputStream in = Files.newInputStream(folder.resolve(side + ".csv"))) {
                    connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyIn("COPY " + side + " FROM STDIN (FORMAT csv, HEADER)", in);
                }
            }
            statement.execute("ANALYZE ours, theirs");
            long read = ticker.nanos();
            try (ResultSet counts = statement.executeQuery("""
                    WITH o AS (SELECT *, row_number() OVER (PARTITION BY reference, amount, date) AS n FROM ours),
                         t AS (SELECT *, row_number() OVER (PARTITION BY reference, amount, date) AS n FROM theirs)
                    SELECT count(*) FILTER (WHERE o.n IS NOT NULL AND t.n IS NOT NULL),
                           count(*) FILTER (WHERE o.n IS NULL OR t.n IS NULL)
                      FROM o FULL JOIN t USING (reference, amount, date, n)
                    """)) {
                counts.next();
                long done = ticker.nanos();
                System.out.printf(
                        Locale.ROOT,
                        "| PostgreSQL, first rule only: %,d matches, %,d lines left | %s | %s | | %s |%n",
                        counts.getLong(1),
                        counts.getLong(2),
                        seconds(read - began),
                        seconds(done - read),
                        seconds(done - began));
            }
        }
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", (double) nanos / TimeUnit.SECONDS.toNanos(1));
    }
}
