package org.exchequer.inward;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.Bulks;
import org.exchequer.inward.api.Controls;
import org.exchequer.inward.api.DeadLetter;
import org.exchequer.inward.api.DeadLetters;
import org.exchequer.inward.api.Fraud;
import org.exchequer.inward.api.Measure;
import org.exchequer.inward.api.PaymentBook;
import org.exchequer.inward.api.PaymentView;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.api.Submission;
import org.exchequer.inward.jobs.Resolver;
import org.exchequer.inward.store.BulkTable;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;

/** Previews bulks, and works on their items. */
final class BulkDesk implements Bulks {
    /** Longer than any item takes. */
    private static final Duration ABANDONED = Duration.ofSeconds(60);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_ATTEMPTS = 3;
    private static final int AT_ONCE = 100;
    private static final String NEVER_SCORED = "was never scored";

    private final BulkTable table;
    private final PaymentBook payments;
    private final DeadLetters letters;
    private final Inquiry inquiry;
    private final Fraud fraud;
    private final Controls controls;
    private final Identifiers ids;
    private final Clock clock;

    /** Asks about a payment now. */
    @FunctionalInterface
    interface Inquiry {
        Resolver.Asked ask(UUID id, boolean done) throws SQLException, InterruptedException;
    }

    private record Result(
            State state, String outcome, @Nullable UUID payment) {
        Result(State state, String outcome) {
            this(state, outcome, null);
        }
    }

    BulkDesk(
            BulkTable table,
            PaymentBook payments,
            DeadLetters letters,
            Inquiry inquiry,
            Fraud fraud,
            Controls controls,
            Clock clock) {
        this.table = table;
        this.payments = payments;
        this.letters = letters;
        this.inquiry = inquiry;
        this.fraud = fraud;
        this.controls = controls;
        this.ids = new Identifiers(clock);
        this.clock = clock;
    }

    @Override
    public Bulk preview(Draft draft, String by) {
        if (draft.targets().isEmpty() || draft.targets().size() > MOST) {
            throw new FieldError(
                    "targets",
                    "must be 1 to " + MOST + ", not " + draft.targets().size());
        }
        if (draft.note().length() > LONGEST) {
            throw new FieldError("note", "must have at most " + LONGEST + " characters");
        }
        if (draft.note().indexOf('\0') >= 0) {
            throw new FieldError("note", "must not have U+0000 in it");
        }
        if (draft.kind() == Kind.COMPLETE && draft.note().isBlank()) {
            throw new FieldError("note", "must say why: it is the reason of each order");
        }
        String assignee = draft.assignee();
        if (draft.kind() == Kind.ASSIGN
                ? assignee == null
                        || assignee.isBlank()
                        || assignee.length() > LONGEST_NAME
                        || assignee.indexOf('\0') >= 0
                : assignee != null) {
            throw new FieldError("assignee", "must be a name of at most " + LONGEST_NAME + " characters to assign to");
        }
        UUID id = ids.next();
        return reading(() -> {
            table.insert(
                    id, draft, by, clock.instant(), draft.kind() == Kind.RESUBMIT ? letters(draft) : payments(draft));
            return table.bulk(id).orElseThrow();
        });
    }

    private List<BulkTable.Draft> letters(Draft draft) {
        return draft.targets().stream()
                .map(target -> letters.letter(target)
                        .map(letter -> new BulkTable.Draft(target, State.WAITING, preview(letter)))
                        .orElseGet(() -> new BulkTable.Draft(target, State.SKIPPED, "there is no such dead letter")))
                .toList();
    }

    private static String preview(DeadLetter letter) {
        return letter.bytes() + " bytes are handed in again, which " + letter.rule()
                + (letter.resubmitted() == 0 ? "" : "; this was done " + letter.resubmitted() + " times before");
    }

    private List<BulkTable.Draft> payments(Draft draft) {
        Map<UUID, PaymentView> found = new HashMap<>();
        payments.payments(draft.targets()).forEach(view -> found.put(view.id(), view));
        Map<UUID, String> obstacles = obstacles(draft);
        return draft.targets().stream()
                .map(target -> {
                    PaymentView view = found.get(target);
                    String obstacle = view == null ? "there is no such payment" : obstacles.get(target);
                    return view == null || obstacle != null
                            ? new BulkTable.Draft(target, State.SKIPPED, String.valueOf(obstacle))
                            : preview(draft, view);
                })
                .toList();
    }

    /** Why nothing could be done with some of the payments. */
    private Map<UUID, String> obstacles(Draft draft) {
        Map<UUID, String> obstacles = new HashMap<>();
        switch (draft.kind()) {
            case SAY_FRAUD, SAY_HARMLESS -> {
                draft.targets().forEach(target -> obstacles.put(target, NEVER_SCORED));
                obstacles.keySet().removeAll(fraud.scored(draft.targets()));
            }
            case COMPLETE ->
                Stream.concat(controls.inForce().stream(), controls.proposed().stream())
                        .filter(order -> order.payment() != null)
                        .forEach(order -> obstacles.put(
                                order.payment(), "order " + order.id() + " is in force or proposed already"));
            case RESUBMIT, ASK_AGAIN, EXPORT, ASSIGN -> {}
        }
        return obstacles;
    }

    private static BulkTable.Draft preview(Draft draft, PaymentView view) {
        if (view.done() && (draft.kind() == Kind.ASK_AGAIN || draft.kind() == Kind.COMPLETE)) {
            return new BulkTable.Draft(view.id(), State.SKIPPED, "has its final answer: " + words(view));
        }
        String will = switch (draft.kind()) {
            case ASK_AGAIN -> "is asked about in the ledger";
            case SAY_FRAUD -> "is said to have been fraud";
            case SAY_HARMLESS -> "is said to have been harmless";
            case COMPLETE -> "is proposed for a forced completion";
            case EXPORT -> "is in the file";
            case ASSIGN -> "is assigned to " + draft.assignee();
            case RESUBMIT -> throw new IllegalArgumentException("payments are not handed in again");
        };
        return new BulkTable.Draft(view.id(), State.WAITING, will);
    }

    private static String words(PaymentView view) {
        return view.status().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (view.answerStatus() == null ? "" : ", " + view.answerStatus())
                + (view.reasonCode() == null ? "" : " " + view.reasonCode());
    }

    @Override
    public Started start(UUID id, String by) {
        return reading(() -> {
            Optional<Bulk> found = table.bulk(id);
            if (found.isEmpty()) {
                return Started.NOT_FOUND;
            }
            if (!found.get().by().equals(by)) {
                return Started.NOT_YOURS;
            }
            table.start(id, by, clock.instant());
            return Started.YES;
        });
    }

    @Override
    public Optional<Bulk> bulk(UUID id) {
        return reading(() -> table.bulk(id));
    }

    @Override
    public List<Item> items(UUID id) {
        return reading(() -> table.items(id));
    }

    @Override
    public List<Bulk> latest(int limit) {
        return reading(() -> table.latest(limit));
    }

    /** Works on what waits, for a while; how many items got their end. */
    int run() throws SQLException, InterruptedException {
        int done = 0;
        while (done < AT_ONCE) {
            Optional<BulkTable.Work> taken = table.take(clock.instant(), ABANDONED);
            if (taken.isEmpty()) {
                break;
            }
            Result result = work(taken.get());
            table.end(taken.get(), result.state(), result.outcome(), result.payment(), clock.instant());
            done++;
        }
        table.close(clock.instant());
        return done;
    }

    private Result work(BulkTable.Work work) throws SQLException, InterruptedException {
        try {
            return switch (work.kind()) {
                case RESUBMIT -> resubmit(work);
                case ASK_AGAIN -> ask(work.target());
                case EXPORT -> new Result(State.DONE, "is in the file");
                case ASSIGN -> assign(work);
                case SAY_FRAUD -> say(work, true);
                case SAY_HARMLESS -> say(work, false);
                case COMPLETE -> complete(work);
            };
        } catch (PaymentsUnavailableException | SQLException e) {
            if (work.attempt() < MOST_ATTEMPTS) {
                // It is taken again.
                throw e instanceof SQLException away ? away : new SQLException(e);
            }
            return new Result(State.FAILED, "given up after " + work.attempt() + " attempts: the database is away");
        } catch (RuntimeException e) {
            // One that cannot be done must not keep the others waiting.
            return new Result(State.FAILED, "failed: " + e);
        }
    }

    private Result resubmit(BulkTable.Work work) throws InterruptedException {
        Optional<Submission> submission = letters.resubmit(work.target(), null, work.by());
        if (submission.isEmpty()) {
            return new Result(State.SKIPPED, "there is no such dead letter");
        }
        return switch (submission.get()) {
            case Submission.Taken taken -> {
                try {
                    Answered answered = taken.answer().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                    yield new Result(State.DONE, "answered " + answered.status(), answered.payment());
                } catch (ExecutionException | TimeoutException e) {
                    yield new Result(
                            State.FAILED, "no answer came in time; look at the dead letter for what became of it");
                }
            }
            case Submission.Unreadable unreadable ->
                new Result(State.DONE, "unreadable again, dead letter " + unreadable.deadLetter());
            case Submission.Busy busy -> new Result(State.FAILED, "busy: too much was under way; do it once more");
        };
    }

    private Result ask(UUID target) throws SQLException, InterruptedException {
        List<PaymentView> found = payments.payments(List.of(target));
        if (found.isEmpty()) {
            return new Result(State.SKIPPED, "there is no such payment");
        }
        return switch (inquiry.ask(target, found.getFirst().done())) {
            case RESOLVED, FINAL_BEFORE ->
                new Result(
                        State.DONE,
                        payments.payments(List.of(target)).stream()
                                .findFirst()
                                .map(BulkDesk::words)
                                .orElse("final"));
            case UNDER_WAY -> new Result(State.SKIPPED, "a node works on it now");
            case STILL_UNKNOWN -> new Result(State.FAILED, "still not known: the ledger does not say");
        };
    }

    private Result assign(BulkTable.Work work) throws SQLException {
        String assignee = Objects.requireNonNull(work.assignee(), "the database requires it");
        table.assign(work.target(), assignee, work.note(), work.by(), clock.instant());
        return new Result(State.DONE, "assigned to " + assignee);
    }

    private Result say(BulkTable.Work work, boolean bad) {
        String note = work.note().isBlank() ? null : work.note();
        return fraud.say(work.target(), bad, note, work.by())
                ? new Result(State.DONE, bad ? "said to have been fraud" : "said to have been harmless")
                : new Result(State.SKIPPED, NEVER_SCORED);
    }

    /** What is proposed already is not proposed again. */
    private Result complete(BulkTable.Work work) {
        Controls.Draft order = new Controls.Draft(
                Measure.Kind.FORCED_COMPLETION,
                null,
                null,
                null,
                work.target(),
                null,
                null,
                Controls.LONGEST,
                work.note());
        return switch (controls.order(order, work.by())) {
            case Controls.Outcome.Done done ->
                new Result(State.DONE, "order " + done.measure().id() + " is proposed; another person approves it");
            case Controls.Outcome.NotDone no -> new Result(State.SKIPPED, no.detail());
        };
    }

    private interface Reading<T> {
        T read() throws SQLException;
    }

    private static <T> T reading(Reading<T> reading) {
        try {
            return reading.read();
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }
}
