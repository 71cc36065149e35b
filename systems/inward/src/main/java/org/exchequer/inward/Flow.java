package org.exchequer.inward;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.exchequer.inward.api.Measure;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.exchequer.inward.api.Status;
import org.exchequer.inward.control.Stance;
import org.exchequer.inward.core.Answers;
import org.exchequer.inward.core.Budgets;
import org.exchequer.inward.core.Budgets.Grant;
import org.exchequer.inward.core.Course;
import org.exchequer.inward.core.Ending;
import org.exchequer.inward.core.FollowUp;
import org.exchequer.inward.core.Intake;
import org.exchequer.inward.core.NewPayment;
import org.exchequer.inward.core.Outcome;
import org.exchequer.inward.core.Rules;
import org.exchequer.inward.core.Sla;
import org.exchequer.inward.partner.AccountInfo;
import org.exchequer.inward.partner.Accounts;
import org.exchequer.inward.partner.CoreBanking;
import org.exchequer.inward.partner.Liquidity;
import org.exchequer.inward.partner.Reply;
import org.exchequer.inward.store.Receipt;
import org.exchequer.iso20022.AnswerWriter;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.Instruction;
import org.exchequer.iso20022.MessageType;
import org.exchequer.iso20022.Party;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Command;
import org.jspecify.annotations.Nullable;

/**
 * One payment on its way, on a virtual thread of its own: does what its state asks for, within what time allows, and
 * goes where {@link Course} says. Nothing here decides; it asks, waits, and keeps the record.
 *
 * <p>Should the process die: before the receipt is durable nothing has happened; after it {@code jobs.Resolver} finds
 * out from the ledger what became of it. Whoever sent the message and sends it again gets that answer. The ledger is
 * asked for nothing before it is durable who judged the payment for fraud, and how.
 */
final class Flow {
    private static final String MINIMAL = "emergency mode: only what must be done";
    private static final String AT_RISK = "it is expected to miss its time: only what must be done";
    private static final long PAUSE = Duration.ofMillis(20).toNanos();

    private final Parts parts;
    private final NewPayment payment;
    private final Intake intake;
    private final Stance stance;
    private final Settings settings;
    private final Sla sla;
    private final Foresight foresight;
    private final CompletableFuture<Receipt> receipt;
    /** When it was received, by the ticker, less what it had waited. */
    private final long origin;

    private final Trail trail;
    private final List<String> fallbacks = new ArrayList<>();
    private volatile State state = State.MESSAGE_RECEIVED;
    private @Nullable Finding why;
    private @Nullable String note;
    private volatile @Nullable UUID first;
    private byte @Nullable [] firstAnswer;
    private @Nullable AccountInfo account;
    private volatile @Nullable String reservation;
    /** Whether something may be reserved. */
    private boolean reserving;

    /** The command that was sent to the ledger; for a cancellation there is none of its own. */
    private @Nullable Command command;

    private boolean sent;
    private boolean emergency;
    /** Whether only what must be done is done, by order. */
    private boolean minimal;

    /** Whether its amount has counted against what may pass without the liquidity service. */
    private boolean allowed;

    private @Nullable Long posted;

    /** How it went. */
    sealed interface Result {
        /** It has an answer, which may be "pending". */
        record Ended(Ending ending) implements Result {}

        /**
         * It was here before.
         *
         * @param answer the final one; null while the first is being worked on
         */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Repeated(UUID first, byte @Nullable [] answer) implements Result {}
    }

    Flow(Parts parts, NewPayment payment, Stance stance, CompletableFuture<Receipt> receipt, long receivedNanos) {
        this.parts = parts;
        this.payment = payment;
        this.intake = payment.intake();
        this.stance = stance;
        this.settings = stance.settings();
        this.sla = settings.sla();
        this.foresight = new Foresight(parts, payment, settings);
        this.receipt = receipt;
        this.origin = receivedNanos - payment.waitedNanos();
        this.trail = new Trail(parts, payment.id());
        trail.add(new PaymentEvent(
                1,
                null,
                State.MESSAGE_RECEIVED,
                payment.receivedAt(),
                payment.waitedNanos(),
                payment.waitedNanos(),
                0,
                0,
                0,
                payment.node(),
                Thread.currentThread().getName(),
                List.of(),
                null,
                null,
                null));
    }

    /** Until when, by the ticker, it is worth being begun. */
    long worthUntil() {
        long least = 0;
        for (Stage stage : Stage.values()) {
            least += stage.least().toNanos();
        }
        return at(sla.critical()) - least;
    }

    /** Takes the payment to its end, or to where only inquiry helps. */
    Result run() {
        while (!state.terminal() && step()) {
            parts.faults().at("inward.flow.step");
        }
        UUID before = first;
        return before == null ? new Result.Ended(ending()) : new Result.Repeated(before, firstAnswer);
    }

    /** What is to be said when no more time is left: as yet nothing is known. From any thread. */
    Ending pending() {
        State now = state;
        return ending(now.terminal() ? State.PAYMENT_ASYNC_PROCESSING : now, null, List.of(), null);
    }

    /** The payment that was here before with the same message; null while that is not known. */
    @Nullable
    UUID first() {
        return first;
    }

    /** Where it stands now. From any thread. */
    State state() {
        return state;
    }

    /** How long it has taken so far, in nanoseconds. From any thread. */
    long elapsed() {
        return parts.ticker().nanos() - origin;
    }

    /** Its time limits. */
    Sla sla() {
        return sla;
    }

    /** Whether it is expected to miss its time. From any thread. */
    boolean atRisk() {
        return foresight.atRisk();
    }

    private Ending ending() {
        boolean carriedOut = state == State.COMPLETED;
        boolean owes = state.terminal() && Course.movesNewMoney(intake.type()) && (carriedOut || reserving);
        return ending(state, why, fallbacks, owes ? FollowUp.of(carriedOut, reservation != null) : null);
    }

    private Ending ending(State at, @Nullable Finding because, List<String> without, @Nullable FollowUp followUp) {
        Instant now = parts.clock().instant();
        long took = elapsed();
        Finding reason = at == State.COMPLETED ? null : because;
        return new Ending(
                payment.id(),
                at,
                emergency && at == State.COMPLETED ? Status.EMERGENCY_PROCESSED : at.status(),
                now,
                took,
                took < sla.hard().toNanos(),
                AnswerWriter.write(Answers.of(payment.id(), intake, at, reason, now)),
                Answers.code(intake.type(), at).name(),
                reason,
                List.copyOf(without),
                emergency,
                at.terminal() ? posted : null,
                reservation,
                followUp,
                trail.events());
    }

    /** When so much time will have passed since the receipt, by the ticker. */
    private long at(Duration limit) {
        return origin + limit.toNanos();
    }

    /** False when nothing more can be done here. */
    private boolean step() {
        State from = state;
        Stage stage = from.stage();
        long began = parts.ticker().nanos();
        Grant grant = Budgets.grant(sla, stage, elapsed());
        note = null;
        State next;
        if (isHopeless(from)) {
            note = "too little time is left";
            next = Course.breached(from);
        } else {
            Outcome outcome = foresight.timed(from, grant, began, () -> work(from, grant, began + grant.nanos()));
            if (outcome == null) {
                return false;
            }
            next = Course.after(from, outcome, intake.type());
            if (outcome instanceof Outcome.Late && next != State.SLA_BREACH) {
                fallbacks.add(stage.name());
            }
            Finding finding = finding(outcome);
            if (finding != null) {
                why = finding;
                note = finding.text();
            }
        }
        long took = parts.ticker().nanos() - began;
        PaymentEvent.Forecast forecast =
                foresight.after(from, next, elapsed(), took, grant.nanos(), fallbacks.size(), this::ourAccount);
        boolean refused = next.terminal() && why != null && next != State.COMPLETED;
        trail.add(new PaymentEvent(
                trail.next(),
                from,
                next,
                parts.clock().instant(),
                elapsed(),
                took,
                grant.nanos(),
                grant.bonus(),
                grant.borrowed(),
                payment.node(),
                Thread.currentThread().getName(),
                parts.breakers().notClosed(),
                refused ? Objects.requireNonNull(why).code() : null,
                note,
                forecast));
        state = next;
        if (next == State.ACCOUNT_VALIDATION) {
            trail.store();
        }
        return true;
    }

    private static @Nullable Finding finding(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Refused(Finding finding) -> finding;
            case Outcome.Listed(Finding finding) -> finding;
            case Outcome.Recalled recalled -> Originals.CALLED_BACK;
            case Outcome.Passed passed -> null;
            case Outcome.Repeated repeated -> null;
            case Outcome.Late late -> null;
        };
    }

    /** Whether it is not begun any more: nothing was sent to the ledger, and there is no time to do it as it should. */
    private boolean isHopeless(State at) {
        return at.compareTo(State.BUSINESS_VALIDATION) >= 0
                && at.compareTo(State.PAYMENT_EXECUTION) <= 0
                && Budgets.hopeless(sla, at.stage(), elapsed());
    }

    /** Null when no more can be learnt in time. */
    private @Nullable Outcome work(State at, Grant grant, long deadline) {
        return switch (at) {
            case MESSAGE_RECEIVED,
                    FRAUD_TIMEOUT,
                    ACCOUNT_TIMEOUT,
                    LIQUIDITY_TIMEOUT,
                    PAYMENT_TIMEOUT,
                    RESPONSE_TIMEOUT,
                    SLA_BREACH -> Outcome.PASSED;
            case IDEMPOTENCY_CHECK -> identify();
            case BUSINESS_VALIDATION -> validate();
            case FRAUD_DETECTION -> assess(grant, deadline);
            case FRAUD_FALLBACK_RULES -> parts.risk().least(payment);
            case ACCOUNT_VALIDATION ->
                grant.minimum() || isRememberedEnough() ? Outcome.LATE : askForAccount(grant, deadline);
            case ACCOUNT_CACHE_FALLBACK -> remember();
            case LIQUIDITY_CHECK ->
                grant.minimum() ? Outcome.LATE : minimal ? late(MINIMAL) : reserveOrNot(grant, deadline);
            case LIQUIDITY_EMERGENCY_APPROVAL -> authorise();
            case PAYMENT_EXECUTION -> grant.minimum() ? Outcome.LATE : execute(deadline);
            case PAYMENT_ASYNC_PROCESSING -> inquire();
            case RESPONSE_GENERATION -> grant.minimum() ? Outcome.LATE : Outcome.PASSED;
            case RESPONSE_CACHE_FALLBACK -> Outcome.PASSED;
            case EMERGENCY_PROCESSING -> giveUp();
            case DUPLICATE_DETECTED,
                    BUSINESS_VALIDATION_FAILED,
                    FRAUD_HIGH_RISK,
                    SANCTIONS_HIT,
                    ACCOUNT_VALIDATION_FAILED,
                    LIQUIDITY_REJECTED,
                    PAYMENT_EXECUTION_FAILED,
                    COMPLETED,
                    CANCELLED,
                    FAILED -> throw new IllegalStateException("nothing is left to do in " + at);
        };
    }

    private @Nullable Outcome identify() {
        long least = 0;
        for (Stage stage : Stage.values()) {
            least +=
                    stage.compareTo(Stage.IDEMPOTENCY_CHECK) > 0 ? stage.least().toNanos() : 0;
        }
        try {
            long left = at(sla.critical()) - least - parts.ticker().nanos();
            return known(receipt.get(Math.max(0, left), TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            note = "the database has not taken it in time";
            return Outcome.LATE;
        } catch (InterruptedException | ExecutionException e) {
            throw stopped(e);
        }
    }

    /** Null for a message that was here before: the first one's answer is its too. */
    private @Nullable Outcome known(Receipt known) {
        return switch (known) {
            case Receipt.New isNew -> Outcome.PASSED;
            case Receipt.Known(UUID id, byte[] answer) -> {
                first = id;
                firstAnswer = answer;
                yield null;
            }
            case Receipt.Conflicting(UUID other) -> {
                why = new Finding(
                        "AM05",
                        Course.movesNewMoney(intake.type()) ? Rules.path(intake.type(), "uetr") : "/Document",
                        "must not have ids of another message");
                yield new Outcome.Repeated();
            }
        };
    }

    private Outcome validate() {
        List<Finding> findings = intake.instruction() == null
                ? intake.findings()
                : Rules.check(instruction(), settings.terms(parts.clock().instant(), parts.banks()));
        return findings.isEmpty() ? Outcome.PASSED : new Outcome.Refused(findings.getFirst());
    }

    /** Both parties are screened on every way through here. */
    private Outcome assess(Grant grant, long deadline) {
        if (stance.allows(Measure.Kind.FRAUD_BYPASS, amount())) {
            emergency = true;
            note = "neither models nor rules have looked at it, by order";
            return parts.screening().screen(instruction()).orElse(Outcome.PASSED);
        }
        minimal = stance.allows(Measure.Kind.EMERGENCY_MODE, amount());
        emergency |= minimal;
        if (minimal) {
            return late(MINIMAL);
        }
        return grant.minimum() ? Outcome.LATE : parts.risk().full(payment, deadline);
    }

    /** In emergency mode, and when it would be late, nobody is asked for an account that is known. */
    private boolean isRememberedEnough() {
        boolean enough = (minimal || foresight.goesWithout(Stage.ACCOUNT_VALIDATION))
                && parts.accounts()
                        .remembered(ourAccount(), amount().currency().code())
                        .isPresent();
        if (enough) {
            note = minimal ? MINIMAL : AT_RISK;
        }
        return enough;
    }

    /** What would have to be refused is waited for longer than what could be done without. */
    private long patience(Grant grant, long deadline, boolean orElse) {
        return orElse
                ? deadline
                : deadline - grant.nanos() + Budgets.withoutFallback(sla, state.stage(), elapsed(), grant);
    }

    private Outcome askForAccount(Grant grant, long deadline) {
        String currency = amount().currency().code();
        boolean remembered = parts.accounts().remembered(ourAccount(), currency).isPresent();
        Reply<Accounts.Known> reply =
                parts.accounts().account(ourAccount(), currency, patience(grant, deadline, remembered));
        return switch (reply) {
            case Reply.Answered<Accounts.Known>(Accounts.Known known) -> {
                if (known.cached()) {
                    foresight.fromMemory();
                }
                yield judge(known);
            }
            case Reply.Late<Accounts.Known>(String text) -> late(text);
            case Reply.Unreachable<Accounts.Known>(Reply.Cause cause, String text) -> late(text);
        };
    }

    private Outcome remember() {
        return parts.accounts()
                .remembered(ourAccount(), amount().currency().code())
                .map(this::judge)
                .orElseGet(() -> tooLate(AccountCheck.path(intake.type()), "could not be looked up in time"));
    }

    private Outcome judge(Accounts.Known known) {
        if (known.lookup() instanceof CoreBanking.Found(AccountInfo found)) {
            account = found;
        }
        return AccountCheck.check(
                        known.lookup(), intake.type(), amount().currency().code())
                .<Outcome>map(Outcome.Refused::new)
                .orElse(Outcome.PASSED);
    }

    /** When it would be late, nobody is asked for an amount that may pass without. */
    private Outcome reserveOrNot(Grant grant, long deadline) {
        allowed = foresight.goesWithout(Stage.LIQUIDITY_CHECK)
                && parts.allowance().take(amount(), settings);
        return allowed
                ? late(AT_RISK)
                : reserve(patience(grant, deadline, parts.allowance().covers(amount(), settings)));
    }

    private Outcome reserve(long deadline) {
        Reply<Liquidity.Decision> reply =
                parts.liquidity().reserve(payment.id(), Objects.requireNonNull(intake.payingBic()), amount(), deadline);
        return switch (reply) {
            case Reply.Answered<Liquidity.Decision>(Liquidity.Decision decision) -> decided(decision);
            case Reply.Late<Liquidity.Decision>(String text) -> {
                reserving = true;
                yield late(text);
            }
            case Reply.Unreachable<Liquidity.Decision>(Reply.Cause cause, String text) -> {
                reserving = cause.sent();
                yield late(text);
            }
        };
    }

    private Outcome decided(Liquidity.Decision decision) {
        return switch (decision) {
            case Liquidity.Approved(String reference, Money available) -> {
                reserving = true;
                reservation = reference;
                yield Outcome.PASSED;
            }
            case Liquidity.Declined(Liquidity.Reason reason, String text) ->
                switch (reason) {
                    case INSUFFICIENT ->
                        refused("AM23", Rules.path(intake.type(), "amount"), "must be covered by the bank's position");
                    case NO_POSITION ->
                        refused("AGNT", Rules.path(intake.type(), "instructingBic"), "must have a position");
                    case CANCELLED, ANOTHER_RESERVATION ->
                        tooLate(Rules.path(intake.type(), "amount"), "could not be reserved");
                };
        };
    }

    private Outcome authorise() {
        // What a measure lets pass has counted against that measure's cap.
        if (!minimal && !allowed && !parts.allowance().take(amount(), settings)) {
            return tooLate(Rules.path(intake.type(), "amount"), "could not be reserved in time");
        }
        emergency = true;
        return Outcome.PASSED;
    }

    private Outcome execute(long deadline) {
        try {
            if (intake.type() == MessageType.CAMT_056) {
                return recall(deadline);
            }
            if (intake.type() == MessageType.PACS_007) {
                switch (parts.originals().reversal(payment.id(), instruction())) {
                    case Originals.Reversal.Possible(Command reversal) -> command = reversal;
                    case Originals.Reversal.Refused(Finding finding) -> {
                        return new Outcome.Refused(finding);
                    }
                }
            } else {
                command = transfer();
            }
        } catch (SQLException e) {
            return late("the database was not there: " + e.getMessage());
        }
        try {
            if (Course.movesNewMoney(intake.type()) && !trail.await(deadline)) {
                return late("who judged it is not stored yet");
            }
        } catch (InterruptedException | ExecutionException e) {
            throw stopped(e);
        }
        if (deadline - parts.ticker().nanos() <= 0) {
            return late("the payment it is about was found too late");
        }
        sent = true;
        parts.faults().at("inward.ledger.before");
        Execution.Result result = parts.execution().post(Objects.requireNonNull(command), deadline);
        parts.faults().at("inward.ledger.after");
        return outcome(result);
    }

    private Command transfer() {
        return Completion.transfer(
                payment.id().toString(),
                intake,
                instruction(),
                Objects.requireNonNull(account).ledgerAccount(),
                settings.settlementAccount(amount().currency().code()));
    }

    private Outcome recall(long deadline) throws SQLException {
        sent = true;
        return switch (parts.originals().recall(payment.id(), instruction(), deadline)) {
            case Originals.Recall.Done done -> Outcome.PASSED;
            case Originals.Recall.Refused(Finding finding) -> new Outcome.Refused(finding);
            case Originals.Recall.Unknown(String text) -> late(text);
        };
    }

    private Outcome outcome(Execution.Result result) {
        return switch (result) {
            case Execution.Result.Posted done -> {
                posted = done.transaction().id();
                yield Outcome.PASSED;
            }
            case Execution.Result.Refused(Finding finding) -> new Outcome.Refused(finding);
            case Execution.Result.Barred barred ->
                isRecalled() ? new Outcome.Recalled() : new Outcome.Refused(Originals.late(intake.type()));
            case Execution.Result.Unknown(String text) -> late(text);
        };
    }

    /** Asks until the database answers: until then it is not known what is to be said. */
    private boolean isRecalled() {
        while (true) {
            try {
                return parts.originals().recalled(payment.id());
            } catch (SQLException e) {
                LockSupport.parkNanos(PAUSE);
                if (Thread.currentThread().isInterrupted()) {
                    throw stopped(e);
                }
            }
        }
    }

    /** What was sent is asked for until it is critical; from then on its key is taken, or it turns out to be posted. */
    private @Nullable Outcome inquire() {
        if (!sent) {
            return Outcome.LATE;
        }
        if (intake.type() == MessageType.CAMT_056) {
            return recallUntilEmergency();
        }
        Command asked = Objects.requireNonNull(command);
        Execution.Result result = parts.execution().post(asked, at(sla.critical()));
        if (result instanceof Execution.Result.Unknown) {
            String settlement = settings.settlementAccount(amount().currency().code());
            result = parts.execution().bar(asked.key(), settlement, amount(), at(sla.emergency()));
        }
        if (result instanceof Execution.Result.Unknown(String text)) {
            note = text;
            return null;
        }
        if (result instanceof Execution.Result.Barred) {
            return isRecalled() ? new Outcome.Recalled() : Outcome.LATE;
        }
        return outcome(result);
    }

    private @Nullable Outcome recallUntilEmergency() {
        try {
            Outcome outcome = recall(at(sla.emergency()));
            return outcome instanceof Outcome.Late ? null : outcome;
        } catch (SQLException e) {
            return null;
        }
    }

    /** It has not happened: nothing was sent, or its key is taken. Only a duplicate may have another answer. */
    private @Nullable Outcome giveUp() {
        try {
            Outcome outcome = known(receipt.get());
            return outcome == null ? null : new Outcome.Refused(Originals.late(intake.type()));
        } catch (InterruptedException | ExecutionException e) {
            throw stopped(e);
        }
    }

    private static IllegalStateException stopped(Exception cause) {
        return new IllegalStateException("the processor stops", cause);
    }

    private Outcome late(String text) {
        note = text;
        return Outcome.LATE;
    }

    private static Outcome refused(String code, String path, String text) {
        return new Outcome.Refused(new Finding(code, path, text));
    }

    private static Outcome tooLate(String path, String text) {
        return refused("AB05", path, text);
    }

    private Instruction instruction() {
        return Objects.requireNonNull(intake.instruction());
    }

    private Money amount() {
        return Objects.requireNonNull(instruction().amount());
    }

    private String ourAccount() {
        Party party = intake.type() == MessageType.PACS_003
                ? instruction().debtor()
                : instruction().creditor();
        return Objects.requireNonNull(Objects.requireNonNull(party).account()).id();
    }
}
