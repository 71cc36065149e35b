package org.exchequer.reconciliation;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.BetweenShards;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.Period;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.reconciliation.api.BreakFilter;
import org.exchequer.reconciliation.api.BreakStatus;
import org.exchequer.reconciliation.api.BreakStep;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Reconciliation;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.Request;
import org.exchequer.reconciliation.api.Rule;
import org.exchequer.reconciliation.api.Run;
import org.exchequer.reconciliation.api.RunOutcome;
import org.exchequer.reconciliation.api.RunRequest;
import org.exchequer.reconciliation.api.StepOutcome;
import org.exchequer.reconciliation.api.TrackedBreak;
import org.exchequer.reconciliation.core.Carry;
import org.exchequer.reconciliation.core.Reconciler;
import org.exchequer.reconciliation.store.BreakStore;
import org.exchequer.reconciliation.store.RunStore;
import org.jspecify.annotations.Nullable;

/** Runs here; what people do about breaks in {@link Resolution}. */
final class ReconciliationService implements Reconciliations {
    private static final int PAGE = 1_000;
    private static final int CANDIDATES = 10;

    private final DataSource database;
    private final Ledger ledger;
    private final Clock clock;
    private final Resolution resolution;

    ReconciliationService(DataSource database, Ledger ledger, Clock clock, Resolution resolution) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.resolution = resolution;
    }

    @Override
    public RunOutcome run(RunRequest request) {
        List<Rule> rules = rules(request);
        if (BetweenShards.isAccount(request.account())) {
            throw new FieldError(
                    "account",
                    "must not be one in transit between shards: it is the ledger's own, and nobody outside has a"
                            + " statement of it");
        }
        Account account = ledger.account(request.account())
                .filter(found -> !found.isSummary())
                .orElseThrow(() -> new FieldError("account", "must be a posting account of the ledger"));
        // What is in flight, or was decided in the ledger itself, decides which lines take part.
        resolution.catchUp(request.account());
        return transaction(connection -> {
            RunStore.lock(connection, request.account());
            Optional<Run> before = RunStore.byKey(connection, request.request());
            if (before.isPresent()) {
                return RunStore.sameContents(connection, before.get().id(), request.request())
                        ? new RunOutcome.Recorded(before.get(), true)
                        : new RunOutcome.KeyReused();
            }
            if (RunStore.hasUnfinishedStep(connection, request.account())) {
                throw new LedgerUnavailableException("a step on a break of this account waits for the ledger");
            }
            return new RunOutcome.Recorded(record(connection, request, account, rules), false);
        });
    }

    private static List<Rule> rules(RunRequest request) {
        if (request.lines().size() > MAX_LINES) {
            throw new FieldError("statement", "must have at most " + MAX_LINES + " lines");
        }
        if (request.to().isBefore(request.from())) {
            throw new FieldError("to", "must not be before from");
        }
        try {
            return Rule.usual(request.tolerance(), request.windowDays(), request.byAmount());
        } catch (IllegalArgumentException wrong) {
            String[] parts = String.valueOf(wrong.getMessage()).split(": ", 2);
            throw new FieldError(parts[0].equals("windowDays") ? "days" : parts[0], parts[parts.length - 1]);
        }
    }

    private Run record(Connection connection, RunRequest request, Account account, List<Rule> rules)
            throws SQLException {
        Currency currency = Objects.requireNonNull(account.spec().currency(), "a posting account has one");
        List<Carry.Carried> open = RunStore.open(connection, request.account());
        List<Line> ours = sides(connection, request.account(), true, ours(request, account), open, Carry.Carried::ours);
        List<Line> theirs = sides(connection, request.account(), false, request.lines(), open, Carry.Carried::theirs);
        Reconciliation result = Reconciler.reconcile(ours, theirs, rules);
        return RunStore.record(
                connection,
                request,
                currency,
                now(),
                ours,
                theirs,
                result.matches().size(),
                Carry.plan(open, result));
    }

    private static List<Line> sides(
            Connection connection,
            String account,
            boolean isOurs,
            List<Line> lines,
            List<Carry.Carried> open,
            Function<Carry.Carried, @Nullable Line> side)
            throws SQLException {
        List<Line> carried = new ArrayList<>();
        for (Carry.Carried each : open) {
            Line line = side.apply(each);
            if (line != null) {
                carried.add(line);
            }
        }
        Set<String> without = RunStore.outOfPlay(connection, account, isOurs, lines);
        return Carry.together(lines, carried, without);
    }

    /** The account's lines booked in that time. */
    private List<Line> ours(RunRequest request, Account account) {
        List<Line> lines = new ArrayList<>();
        Period period = new Period(request.from(), request.to());
        String cursor = null;
        do {
            Page<StatementLine> page =
                    ledger.statement(request.account(), period, cursor, PAGE).orElseThrow();
            if (lines.size() + page.items().size() > MAX_LINES) {
                throw new FieldError(
                        "from", "takes in more than " + MAX_LINES + " lines of the account: choose less time");
            }
            page.items().forEach(line -> lines.add(line(line, account.spec().normalSide())));
            cursor = page.next();
        } while (cursor != null);
        return lines;
    }

    private static Line line(StatementLine line, Side normalSide) {
        long amount = line.amount().minorUnits();
        return new Line(
                line.transactionId() + "/" + line.leg(),
                line.valueDate(),
                line.side() == normalSide ? amount : -amount,
                line.reference() == null ? "" : line.reference());
    }

    @Override
    public Optional<Run> run(long id) {
        return transaction(connection -> RunStore.find(connection, id));
    }

    @Override
    public Page<Run> runs(@Nullable String account, @Nullable String cursor, int limit) {
        long before = cursor == null ? Long.MAX_VALUE : position(cursor);
        List<Run> runs = transaction(connection -> RunStore.before(connection, account, before, limit + 1));
        return page(runs, limit, Run::id);
    }

    @Override
    public Optional<TrackedBreak> tracked(long id) {
        Optional<TrackedBreak> found = transaction(connection -> BreakStore.find(connection, id));
        if (found.filter(each -> each.status() == BreakStatus.PROPOSED).isEmpty()) {
            return found;
        }
        resolution.catchUp(id);
        return transaction(connection -> BreakStore.find(connection, id));
    }

    @Override
    public Page<TrackedBreak> breaks(BreakFilter filter, @Nullable String cursor, int limit) {
        long after = cursor == null ? 0 : position(cursor);
        List<TrackedBreak> found = transaction(connection -> BreakStore.after(connection, filter, after, limit + 1));
        return page(found, limit, TrackedBreak::id);
    }

    private static <T> Page<T> page(List<T> found, int limit, Function<T, Long> id) {
        if (found.size() <= limit) {
            return new Page<>(found, null);
        }
        List<T> items = found.subList(0, limit);
        return new Page<>(List.copyOf(items), Long.toString(id.apply(items.getLast())));
    }

    private static long position(String cursor) {
        if (!cursor.matches("[0-9]{1,18}")) {
            throw new FieldError("cursor", "must be one that a page before gave");
        }
        return Long.parseLong(cursor);
    }

    @Override
    public List<BreakStep> steps(long breakId) {
        return transaction(connection -> BreakStore.steps(connection, breakId));
    }

    @Override
    public List<TrackedBreak> candidates(TrackedBreak of) {
        return transaction(connection -> BreakStore.candidates(connection, of, CANDIDATES));
    }

    @Override
    public StepOutcome assign(Request request, long breakId, String owner) {
        return resolution.assign(request, breakId, owner);
    }

    @Override
    public StepOutcome proposeAdjustment(Request request, long breakId, String contraAccount, String reason) {
        return resolution.proposeAdjustment(request, breakId, contraAccount, reason);
    }

    @Override
    public StepOutcome proposeClosing(Request request, long breakId, String reason) {
        return resolution.proposeClosing(request, breakId, reason);
    }

    @Override
    public StepOutcome decide(Request request, long breakId, boolean approve) {
        return resolution.decide(request, breakId, approve);
    }

    /** As the database keeps it, so that what is answered first and what is answered later are the same. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private <T> T transaction(Transactions.Work<T> work) {
        return Transactions.run(database, work);
    }
}
