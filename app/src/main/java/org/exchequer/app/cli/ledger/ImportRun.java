package org.exchequer.app.cli.ledger;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.edge.csv.ImportFile;
import org.exchequer.ledger.edge.csv.ImportFormat;
import org.exchequer.ledger.edge.csv.ImportRow;
import tools.jackson.databind.JsonNode;

/**
 * One import: reads rows, opens the accounts they need, posts them in the order of the file, and compares totals.
 *
 * <p>One bulk request is in flight at a time, so that a row is decided after all rows before it; the next rows are read
 * meanwhile and their accounts opened. If the import dies half-way, running it again posts what is missing: every row
 * and every account has a key of its own.
 */
final class ImportRun {
    private static final int CHUNK = 1_000;
    private static final Duration PROGRESS = Duration.ofSeconds(2);

    private final LedgerClient client;
    private final Bulk<ImportRow.Movement> rows;
    private final Bulk<AccountSpec> accounts;
    private final ImportFormat format;
    private final ErrorFile errors;
    private final Ticker ticker;
    private final Consumer<String> progress;

    private final Set<String> known = new HashSet<>();
    private final Map<String, Money> fileTotals = new TreeMap<>();
    private final Map<String, Money> answeredTotals = new TreeMap<>();
    private long read;
    private final AtomicLong posted = new AtomicLong();
    private final AtomicLong replayed = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private long unreadable;
    private long accountsOpened;
    private boolean cut;

    ImportRun(LedgerClient client, ImportFormat format, ErrorFile errors, Ticker ticker, Consumer<String> progress) {
        this.client = client;
        this.rows = new Bulk<>(client, ImportRow.Movement::command, row -> "line " + row.line());
        this.accounts = new Bulk<>(client, ImportRun::opening, account -> "account " + account.code());
        this.format = format;
        this.errors = errors;
        this.ticker = ticker;
        this.progress = progress;
    }

    /**
     * What an import did.
     *
     * @param read rows, without header and blank lines
     * @param posted rows posted now
     * @param replayed rows whose key had been posted before with the same content
     * @param rejected rows the ledger refused
     * @param unreadable rows that are not of the format, the one cut off by the end of the file included
     * @param cut whether the file ends within a row
     * @param fileTotals amounts of the readable rows by group
     * @param ledgerTotals the same as the ledger has them
     * @param ties whether the trial balance ties
     */
    record Result(
            long read,
            long posted,
            long replayed,
            long rejected,
            long unreadable,
            boolean cut,
            long accountsOpened,
            Map<String, Money> fileTotals,
            Map<String, Money> ledgerTotals,
            boolean ties,
            Duration elapsed) {
        /** Everything that could be read is in the ledger; a row that the file's end cuts off could not be. */
        boolean complete() {
            return ties && rejected == 0 && unreadable == (cut ? 1 : 0) && fileTotals.equals(ledgerTotals);
        }
    }

    /** Rows that are posted together, in their order, and those between them that cannot be. */
    private record Chunk(List<ImportRow.Movement> movements, List<ImportRow.Unreadable> unreadable) {
        Chunk() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        int size() {
            return movements.size() + unreadable.size();
        }
    }

    /** A row for the error file, and why it is there. */
    private record Listed(ImportRow row, String code, String field, String detail) {}

    Result run(ImportFile file) throws IOException {
        long start = ticker.nanos();
        long reported = start;
        try (ExecutorService poster =
                Executors.newSingleThreadExecutor(Thread.ofVirtual().factory())) {
            Future<?> posting = CompletableFuture.completedFuture(null);
            for (Chunk chunk = read(file); chunk.size() > 0; chunk = read(file)) {
                openAccounts(chunk.movements);
                join(posting);
                Chunk next = chunk;
                posting = poster.submit(() -> {
                    post(next);
                    return null;
                });
                if (ticker.nanos() - reported > PROGRESS.toNanos()) {
                    reported = ticker.nanos();
                    progress.accept("%,d rows read, %,d posted, %,d posted before, %,d rejected"
                            .formatted(read, posted.get(), replayed.get(), rejected.get()));
                }
            }
            join(posting);
        }
        JsonNode trial = LedgerAction.require(client.get("/trial-balance")).body();
        return new Result(
                read,
                posted.get(),
                replayed.get(),
                rejected.get(),
                unreadable,
                cut,
                accountsOpened,
                fileTotals,
                format.ledgerTotals(turnovers(trial), answeredTotals),
                trial.path("ties").asBoolean(),
                Duration.ofNanos(ticker.nanos() - start));
    }

    private Chunk read(ImportFile file) throws IOException {
        Chunk chunk = new Chunk();
        while (chunk.size() < CHUNK) {
            Optional<ImportRow> row = file.next();
            if (row.isEmpty()) {
                break;
            }
            read++;
            switch (row.get()) {
                case ImportRow.Movement movement -> {
                    chunk.movements.add(movement);
                    movement.totals().forEach((group, amount) -> fileTotals.merge(group, amount, Money::plus));
                }
                case ImportRow.Unreadable broken -> {
                    unreadable++;
                    cut |= broken.cut();
                    chunk.unreadable.add(broken);
                }
            }
        }
        return chunk;
    }

    private void post(Chunk chunk) throws IOException {
        List<Listed> listed = new ArrayList<>();
        for (ImportRow.Unreadable broken : chunk.unreadable) {
            listed.add(new Listed(broken, broken.code(), broken.field(), broken.rule()));
        }
        try {
            List<ImportRow.Movement> open = chunk.movements;
            while (!open.isEmpty()) {
                List<ImportRow.Movement> again = new ArrayList<>();
                rows.send(open, (row, status, result) -> answered(row, status, result, again, listed));
                open = again;
            }
        } finally {
            listed.sort(Comparator.comparingLong(each -> each.row().line()));
            for (Listed each : listed) {
                errors.add(each.row(), each.code(), each.field(), each.detail());
            }
        }
    }

    /** Waits for what runs beside; what went wrong there went wrong here. */
    private static <T> T join(Future<T> running) throws IOException {
        try {
            return running.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case CommandFailure refused -> throw refused;
                case IOException unwritable -> throw unwritable;
                case null, default -> throw new IllegalStateException("the import failed", failed);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCodes.OUTCOME_UNKNOWN, "interrupted; run the same command again to go on");
        }
    }

    /** Takes an answer: the row is done, is to be listed, or is to be asked for again. */
    private void answered(
            ImportRow.Movement row, int status, JsonNode result, List<ImportRow.Movement> again, List<Listed> listed) {
        if (status == 201) {
            count(row, result.path("replayed").asBoolean());
            return;
        }
        // What an earlier import was told may be so no longer; nor what hangs on a row that is asked for again.
        boolean earlier = result.path("replayed").asBoolean() || !again.isEmpty();
        Optional<Command> next =
                earlier && Reply.text(result, "retry").equals(RejectionReason.Retry.LATER_WITH_NEW_KEY.name())
                        ? format.again(row.command())
                        : Optional.empty();
        if (next.isPresent()) {
            again.add(row.with(next.get()));
        } else {
            rejected.incrementAndGet();
            listed.add(new Listed(
                    row, Reply.text(result, "code"), Reply.text(result, "field"), Reply.text(result, "detail")));
        }
    }

    private void count(ImportRow.Movement row, boolean before) {
        if (before) {
            replayed.incrementAndGet();
        } else {
            posted.incrementAndGet();
        }
        row.totals().forEach((group, amount) -> answeredTotals.merge(group, amount, Money::plus));
    }

    /** Opens what these rows need and this run has not seen, parents first. */
    private void openAccounts(List<ImportRow.Movement> rows) throws IOException {
        List<AccountSpec> wanted = new ArrayList<>();
        for (ImportRow.Movement row : rows) {
            for (AccountSpec account : format.accounts(row.command())) {
                if (known.add(account.code())) {
                    wanted.add(account);
                }
            }
        }
        accounts.send(wanted, this::opened);
    }

    /** One that exists already serves as well. */
    private void opened(AccountSpec account, int status, JsonNode result) {
        boolean exists = Reply.text(result, "code").equals("ACCOUNT_EXISTS");
        if (status != 201 && !exists) {
            throw new CommandFailure(
                    ExitCodes.FAILED, "account " + account.code() + ": " + Reply.text(result, "detail"));
        }
        if (!exists && !result.has("replayed")) {
            accountsOpened++;
        }
    }

    private static Command.OpenAccount opening(AccountSpec account) {
        return new Command.OpenAccount("import-account-" + account.code(), account);
    }

    private static Map<String, ImportFormat.Turnover> turnovers(JsonNode trial) {
        Map<String, ImportFormat.Turnover> turnovers = new TreeMap<>();
        for (JsonNode row : trial.path("rows").values()) {
            Currency currency = Currency.of(Reply.text(row, "currency"));
            turnovers.put(
                    Reply.text(row, "account"),
                    new ImportFormat.Turnover(
                            Money.parse(Reply.text(row, "debits"), currency),
                            Money.parse(Reply.text(row, "credits"), currency)));
        }
        return turnovers;
    }
}
