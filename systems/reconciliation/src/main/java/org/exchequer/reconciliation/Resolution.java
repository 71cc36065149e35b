package org.exchequer.reconciliation;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Side;
import org.exchequer.platform.faults.Faults;
import org.exchequer.reconciliation.api.BreakStatus;
import org.exchequer.reconciliation.api.BreakStep;
import org.exchequer.reconciliation.api.BreakStep.Kind;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Request;
import org.exchequer.reconciliation.api.StepOutcome;
import org.exchequer.reconciliation.api.StepOutcome.NotPossible;
import org.exchequer.reconciliation.api.StepOutcome.Why;
import org.exchequer.reconciliation.api.TrackedBreak;
import org.exchequer.reconciliation.store.BreakStore;
import org.exchequer.reconciliation.store.BreakStore.NewStep;
import org.exchequer.reconciliation.store.BreakStore.State;
import org.exchequer.reconciliation.store.BreakStore.Unfinished;
import org.exchequer.reconciliation.store.RunStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people do about breaks. A step that needs the ledger is made in three parts: it is recorded with the key of its
 * command, the command is sent, the result is recorded. Whoever finds a step without a result, after a crash or while
 * the
 * ledger was away, sends the same command again: the ledger answers it as it did first.
 */
final class Resolution {
    /** Where a test may stop a step: it is recorded, and the ledger has not been asked. */
    static final String RECORDED = "reconciliation.step.recorded";

    /** Where a test may stop a step: the ledger has answered, and the answer is not recorded. */
    static final String ANSWERED = "reconciliation.step.answered";

    private static final Logger LOG = LoggerFactory.getLogger(Resolution.class);
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final int MOST_TEXT = 500;
    private static final int MOST_UNFINISHED = 1_000;

    private final DataSource database;
    private final Ledger ledger;
    private final Clock clock;
    private final Faults faults;

    Resolution(DataSource database, Ledger ledger, Clock clock, Faults faults) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.faults = faults;
    }

    StepOutcome assign(Request request, long breakId, String owner) {
        if (owner.length() > 100 || owner.chars().anyMatch(Character::isISOControl)) {
            throw new FieldError("owner", "must have at most 100 characters, none of them a control character");
        }
        return make(request, breakId, (of, state) -> step(request, of, Kind.ASSIGN, owner.strip(), null, null, null));
    }

    StepOutcome proposeClosing(Request request, long breakId, String reason) {
        requireReason(reason);
        return make(request, breakId, (of, state) -> {
            requireNothingProposed(state);
            return step(request, of, Kind.PROPOSE_CLOSING, reason.strip(), null, null, null);
        });
    }

    StepOutcome proposeAdjustment(Request request, long breakId, String contraAccount, String reason) {
        requireReason(reason);
        return make(request, breakId, (of, state) -> {
            requireNothingProposed(state);
            if (of.difference().minorUnits() == 0) {
                throw new Impossible(Why.NO_DIFFERENCE, "both sides have the same amount: close it with a reason");
            }
            if (contraAccount.equals(of.account())) {
                throw new FieldError("contraAccount", "must be another account");
            }
            NewStep step = step(request, of, Kind.PROPOSE_ADJUSTMENT, reason.strip(), contraAccount, newKey(), null);
            // So that what cannot be a command is refused before anything is recorded.
            proposal(of, step.text(), contraAccount, request.by(), String.valueOf(step.ledgerKey()));
            return step;
        });
    }

    StepOutcome decide(Request request, long breakId, boolean approve) {
        return make(request, breakId, (of, state) -> {
            TrackedBreak.Proposal proposal = of.proposal();
            if (state.status() != BreakStatus.PROPOSED || proposal == null) {
                throw new Impossible(Why.NOTHING_PROPOSED, "propose an adjustment or to close it first");
            }
            if (approve && proposal.by().strip().equalsIgnoreCase(request.by().strip())) {
                throw new Impossible(Why.APPROVER_IS_AUTHOR, "somebody other than " + proposal.by() + " approves it");
            }
            Kind kind = approve ? Kind.APPROVE : Kind.REJECT;
            return proposal.adjustmentId() == null
                    ? step(request, of, kind, "", null, null, state.proposal())
                    : new NewStep(
                            request.by(),
                            request.key(),
                            request.contents(),
                            of.id(),
                            kind,
                            "",
                            null,
                            newKey(),
                            state.proposal(),
                            proposal.adjustmentId());
        });
    }

    private static NewStep step(
            Request request,
            TrackedBreak of,
            Kind kind,
            String text,
            @Nullable String contraAccount,
            @Nullable String ledgerKey,
            @Nullable Long proposal) {
        return new NewStep(
                request.by(),
                request.key(),
                request.contents(),
                of.id(),
                kind,
                text,
                contraAccount,
                ledgerKey,
                proposal,
                null);
    }

    private static String newKey() {
        return "reconciliation-" + UUID.randomUUID();
    }

    private static void requireReason(String reason) {
        if (reason.isBlank() || reason.length() > MOST_TEXT || reason.chars().anyMatch(Character::isISOControl)) {
            throw new FieldError(
                    "reason", "must have 1 to " + MOST_TEXT + " characters, none of them a control character");
        }
    }

    private static void requireNothingProposed(State state) {
        if (state.status() == BreakStatus.PROPOSED) {
            throw new Impossible(Why.ALREADY_PROPOSED, "approve or reject what is proposed first");
        }
    }

    /** Undoes the transaction and answers {@link NotPossible}. */
    private static final class Impossible extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Why why;

        Impossible(Why why, String detail) {
            super(detail);
            this.why = why;
        }
    }

    @FunctionalInterface
    private interface Decision {
        NewStep make(TrackedBreak of, State state);
    }

    /** Finishes the break's step that is in flight, and learns what was decided in the ledger itself. */
    void catchUp(long breakId) {
        finishAll(breakId, null);
        Transactions.run(database, connection -> BreakStore.find(connection, breakId))
                .ifPresent(this::follow);
    }

    /** The same for all breaks of an account. */
    void catchUp(String account) {
        finishAll(null, account);
        Transactions.run(database, connection -> BreakStore.waiting(connection, account))
                .forEach(this::follow);
    }

    /** Finishes what a process that died has left behind; what the ledger does not answer now is left for later. */
    void finishAll(@Nullable Long breakId, @Nullable String account) {
        for (Unfinished each : Transactions.run(
                database, connection -> BreakStore.unfinished(connection, breakId, account, MOST_UNFINISHED))) {
            if (finish(each, true) instanceof StepOutcome.NotKnown) {
                LOG.warn("step {} still waits for the ledger", each.step().id());
                return;
            }
        }
    }

    /** An adjustment can be decided in the ledger itself, past this system. */
    private void follow(TrackedBreak of) {
        Long id = of.proposal() == null ? null : of.proposal().adjustmentId();
        if (of.status() != BreakStatus.PROPOSED || id == null) {
            return;
        }
        Adjustment adjustment = ledger.adjustment(id).orElseThrow();
        Adjustment.Decision decision = adjustment.decision();
        if (decision == null) {
            return;
        }
        Transactions.run(database, connection -> {
            RunStore.lock(connection, of.account());
            State state = BreakStore.lockState(connection, of.id()).orElseThrow();
            if (state.status() == BreakStatus.PROPOSED && state.openStep() == null && state.proposal() != null) {
                boolean approved = adjustment.state() == Adjustment.State.APPROVED;
                // A key that no request can have.
                NewStep step = new NewStep(
                        decision.by(),
                        "ledger adjustment " + id,
                        new byte[0],
                        of.id(),
                        approved ? Kind.APPROVE : Kind.REJECT,
                        "in the ledger",
                        null,
                        null,
                        state.proposal(),
                        id);
                BreakStep recorded = BreakStore.record(connection, step, now());
                BreakStore.result(
                        connection,
                        of,
                        recorded,
                        new BreakStep.Result(true, "", id, adjustment.transactionId()),
                        now());
            }
            return state;
        });
    }

    /** As the database keeps it, so that what is answered first and what is answered later are the same. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private StepOutcome make(Request request, long breakId, Decision decision) {
        catchUp(breakId);
        try {
            StepOutcome made = Transactions.run(database, connection -> record(connection, request, breakId, decision));
            if (!(made instanceof StepOutcome.Made recorded) || recorded.step().result() != null) {
                return made;
            }
            faults.at(RECORDED);
            Optional<Unfinished> unfinished =
                    Transactions.run(database, connection -> BreakStore.unfinished(connection, breakId, null, 1))
                            .stream()
                            .filter(each -> each.step().id() == recorded.step().id())
                            .findFirst();
            if (unfinished.isPresent()) {
                return finish(unfinished.get(), recorded.replayed());
            }
            // Somebody else finished it meanwhile.
            return Transactions.run(database, connection -> BreakStore.byKey(connection, request))
                    .<StepOutcome>map(known -> new StepOutcome.Made(known.step(), true))
                    .orElseThrow();
        } catch (Impossible impossible) {
            return new NotPossible(impossible.why, String.valueOf(impossible.getMessage()));
        }
    }

    private StepOutcome record(Connection connection, Request request, long breakId, Decision decision)
            throws SQLException {
        Optional<StepOutcome> known = known(connection, request, breakId);
        if (known.isPresent()) {
            return known.get();
        }
        TrackedBreak of = BreakStore.find(connection, breakId)
                .orElseThrow(() -> new Impossible(Why.BREAK_NOT_FOUND, "there is no break " + breakId));
        RunStore.lock(connection, of.account());
        State state = BreakStore.lockState(connection, breakId).orElseThrow();
        // The same request may have come twice, and the other one may have held the lock.
        known = known(connection, request, breakId);
        if (known.isPresent()) {
            return known.get();
        }
        // Read again under the lock.
        TrackedBreak locked = BreakStore.find(connection, breakId).orElseThrow();
        if (state.openStep() != null) {
            throw new Impossible(Why.STEP_IN_PROGRESS, "an earlier step waits for the ledger: try again shortly");
        }
        if (!state.status().isLive()) {
            throw new Impossible(Why.BREAK_SETTLED, "the break is settled, and stays so");
        }
        NewStep step = decision.make(locked, state);
        BreakStep recorded = BreakStore.record(connection, step, now());
        return new StepOutcome.Made(
                step.ledgerKey() != null
                        ? recorded
                        : BreakStore.result(
                                connection, locked, recorded, new BreakStep.Result(true, "", null, null), now()),
                false);
    }

    /** What was made before under this key. */
    private static Optional<StepOutcome> known(Connection connection, Request request, long breakId)
            throws SQLException {
        Optional<BreakStore.Known> known = BreakStore.byKey(connection, request);
        if (known.isPresent() && (!known.get().same() || known.get().step().breakId() != breakId)) {
            throw new Impossible(Why.IDEMPOTENCY_KEY_REUSED, "this key was used for another request");
        }
        return known.map(before -> new StepOutcome.Made(before.step(), true));
    }

    /** Sends a recorded step's command and records what came of it. */
    private StepOutcome finish(Unfinished unfinished, boolean replayed) {
        BreakStep step = unfinished.step();
        TrackedBreak of = Transactions.run(database, connection -> BreakStore.find(connection, step.breakId()))
                .orElseThrow();
        Outcome outcome = send(command(of, unfinished));
        Optional<BreakStep.Result> result = result(outcome, unfinished.adjustmentId());
        if (result.isEmpty()) {
            return new StepOutcome.NotKnown("the ledger has not answered yet; ask again with the same key");
        }
        faults.at(ANSWERED);
        return Transactions.run(database, connection -> {
            RunStore.lock(connection, of.account());
            State state = BreakStore.lockState(connection, of.id()).orElseThrow();
            if (state.openStep() == null || state.openStep() != step.id()) {
                BreakStep known = BreakStore.steps(connection, of.id()).stream()
                        .filter(each -> each.id() == step.id())
                        .findFirst()
                        .orElseThrow();
                return new StepOutcome.Made(known, true);
            }
            return new StepOutcome.Made(BreakStore.result(connection, of, step, result.get(), now()), replayed);
        });
    }

    private Outcome send(Command command) {
        return ledger.submit(command)
                .copy()
                .completeOnTimeout(
                        new Outcome.Unknown("no outcome in time"), PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private Command command(TrackedBreak of, Unfinished unfinished) {
        BreakStep step = unfinished.step();
        if (step.kind() == Kind.PROPOSE_ADJUSTMENT) {
            return proposal(of, step.text(), String.valueOf(step.contraAccount()), step.by(), unfinished.ledgerKey());
        }
        Long adjustment = unfinished.adjustmentId();
        if (adjustment == null) {
            throw new IllegalStateException("step " + step.id() + " decides on no adjustment");
        }
        return new Command.DecideAdjustment(unfinished.ledgerKey(), adjustment, step.kind() == Kind.APPROVE, step.by());
    }

    /** The account's leg stands first: it is known by that when it shows up among the account's lines. */
    private Command proposal(TrackedBreak of, String reason, String contraAccount, String author, String ledgerKey) {
        Side raises = ledger.account(of.account())
                .orElseThrow(() -> new IllegalStateException("accounts do not vanish: " + of.account()))
                .spec()
                .normalSide();
        Money difference = of.difference();
        boolean raise = difference.minorUnits() > 0;
        Money amount = raise ? difference : difference.negate();
        boolean debit = (raises == Side.DEBIT) == raise;
        List<Leg> legs = debit
                ? List.of(Leg.debit(of.account(), amount), Leg.credit(contraAccount, amount))
                : List.of(Leg.credit(of.account(), amount), Leg.debit(contraAccount, amount));
        Line line = of.theirs() != null ? of.theirs() : of.ours();
        String reference = line == null || line.reference().isBlank() ? null : line.reference();
        return new Command.ProposeAdjustment(
                ledgerKey, legs, reason, author, new Details(reference, "reconciliation-break-" + of.id(), Map.of()));
    }

    /** Empty while nobody knows. */
    private Optional<BreakStep.Result> result(Outcome outcome, @Nullable Long adjustmentId) {
        return switch (outcome) {
            case Outcome.Proposed proposed ->
                Optional.of(new BreakStep.Result(true, "", proposed.adjustment().id(), null));
            case Outcome.Posted posted ->
                Optional.of(new BreakStep.Result(
                        true, "", adjustmentId, posted.transaction().id()));
            case Outcome.Dismissed dismissed ->
                Optional.of(new BreakStep.Result(true, "", dismissed.adjustmentId(), null));
            case Outcome.Rejected rejected ->
                Optional.of(
                        new BreakStep.Result(false, rejected.reason() + ": " + rejected.detail(), adjustmentId, null));
            case Outcome.Refused ignored -> Optional.empty();
            case Outcome.Unknown ignored -> Optional.empty();
            case Outcome.Held unexpected -> throw unexpected(unexpected);
            case Outcome.Released unexpected -> throw unexpected(unexpected);
            case Outcome.DayClosed unexpected -> throw unexpected(unexpected);
            case Outcome.AccountChanged unexpected -> throw unexpected(unexpected);
        };
    }

    private static IllegalStateException unexpected(Outcome outcome) {
        return new IllegalStateException("an adjustment was answered with " + outcome.getClass());
    }
}
