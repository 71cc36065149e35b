package org.exchequer.inward;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import org.exchequer.inward.api.State;
import org.exchequer.inward.control.Configuration;
import org.exchequer.inward.control.Control;
import org.exchequer.inward.control.Measures;
import org.exchequer.inward.core.Course;
import org.exchequer.inward.core.Intake;
import org.exchequer.inward.jobs.Resolver;
import org.exchequer.inward.jobs.Resolver.Found;
import org.exchequer.inward.store.Payments;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.Instruction;
import org.exchequer.iso20022.MessageType;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;

/** Asks the ledger what became of a payment, and takes its key when nothing did. */
final class LedgerInquiry implements Resolver.Inquiry {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Execution execution;
    private final Originals originals;
    private final Settings settings;
    private final Ticker ticker;
    private final Clock clock;
    private final Configuration configuration;
    private final Measures measures;
    private final Completion completion;

    LedgerInquiry(Parts parts, Settings settings, Control control) {
        Execution execution = parts.execution();
        this.execution = execution;
        this.originals = parts.originals();
        this.settings = settings;
        this.ticker = parts.ticker();
        this.clock = parts.clock();
        this.configuration = control.configuration();
        this.measures = control.measures();
        this.completion =
                new Completion(parts.banks(), parts.screening(), parts.accounts(), execution, settings, ticker);
    }

    /** Whether it is posted, without taking its key: for a while it is left to people what becomes of it. */
    private Found look(Payments.Open open) {
        return execution.look(open.id().toString()) instanceof Execution.Result.Posted posted
                ? new Found.CarriedOut(posted.transaction().id(), false)
                : new Found.Unknown("it is left to people for a while");
    }

    @Override
    public Found ask(Payments.Open open, Intake intake) throws SQLException {
        long deadline = ticker.nanos() + PATIENCE.toNanos();
        Instruction instruction = intake.instruction();
        if (intake.type() == MessageType.CAMT_056) {
            return instruction != null && originals.wasBegun(open.id(), instruction)
                    ? recall(open, instruction, deadline)
                    : late(intake);
        }
        if (Course.movesNewMoney(intake.type())) {
            if (measures.completing(open.id())) {
                return completion.complete(open, intake, PATIENCE);
            }
            if (Duration.between(open.receivedAt(), clock.instant()).compareTo(configuration.pendingHold()) < 0) {
                return look(open);
            }
        }
        String code = open.currency();
        String currency = code == null || !settings.limits().containsKey(code)
                ? settings.limits().keySet().iterator().next()
                : code;
        Money least = new Money(1, Currency.of(currency));
        String key = open.id().toString();
        return switch (execution.bar(key, settings.settlementAccount(currency), least, deadline)) {
            case Execution.Result.Posted posted ->
                new Found.CarriedOut(posted.transaction().id(), false);
            case Execution.Result.Refused(Finding why) -> new Found.NotCarriedOut(State.FAILED, why);
            case Execution.Result.Barred barred ->
                originals.recalled(open.id())
                        ? new Found.NotCarriedOut(State.CANCELLED, Originals.CALLED_BACK)
                        : late(intake);
            case Execution.Result.Unknown(String why) -> new Found.Unknown(why);
        };
    }

    private Found recall(Payments.Open open, Instruction request, long deadline) throws SQLException {
        return switch (originals.recall(open.id(), request, deadline)) {
            case Originals.Recall.Done done -> new Found.CarriedOut(null, false);
            case Originals.Recall.Refused(Finding why) -> new Found.NotCarriedOut(State.FAILED, why);
            case Originals.Recall.Unknown(String why) -> new Found.Unknown(why);
        };
    }

    private static Found late(Intake intake) {
        return new Found.NotCarriedOut(State.FAILED, Originals.late(intake.type()));
    }
}
