package org.exchequer.inward;

import java.time.Duration;
import java.util.function.Supplier;
import org.exchequer.inward.api.PaymentEvent.Forecast;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.exchequer.inward.breach.Forecaster;
import org.exchequer.inward.breach.Pace;
import org.exchequer.inward.breach.Step;
import org.exchequer.inward.breach.Work;
import org.exchequer.inward.core.Budgets.Grant;
import org.exchequer.inward.core.NewPayment;
import org.exchequer.inward.core.Outcome;
import org.exchequer.inward.partner.AccountInfo.Source;
import org.exchequer.inward.partner.Accounts;
import org.exchequer.iso20022.Instruction;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;

/** What is to be expected of one payment, and what its work tells of that of others. */
final class Foresight {
    private final Forecaster forecaster;
    private final Accounts accounts;
    private final Ticker ticker;
    private final Forecaster.Way way;
    private final double threshold;
    private volatile boolean atRisk;
    private boolean remembered;

    Foresight(Parts parts, NewPayment payment, Settings settings) {
        this.forecaster = parts.forecaster();
        this.accounts = parts.accounts();
        this.ticker = parts.ticker();
        this.threshold = settings.breach();
        Instruction read = payment.intake().instruction();
        Money amount = read == null ? null : read.amount();
        String currency = amount == null ? null : amount.currency().code();
        this.way = new Forecaster.Way(
                settings.sla(),
                payment.intake().type(),
                currency != null && accounts.first(currency) == Source.VAM,
                currency,
                payment.intake().payingBic(),
                payment.waitedNanos());
    }

    /** Whether it is expected to miss its time, or was before. From any thread. */
    boolean atRisk() {
        return atRisk;
    }

    /** Does the work of a state, and notes how long it took. */
    @Nullable
    Outcome timed(State state, Grant grant, long began, Supplier<@Nullable Outcome> todo) {
        Work work = state.name().equals(state.stage().name()) ? Work.of(state.stage(), way.vam()) : null;
        if (work == null) {
            return todo.get();
        }
        Pace pace = forecaster.pace(work);
        remembered = false;
        pace.begin(began);
        Outcome outcome = null;
        try {
            outcome = todo.get();
            return outcome;
        } finally {
            long now = ticker.nanos();
            pace.end(now, now - began, end(outcome, now - began, grant));
        }
    }

    private Pace.End end(@Nullable Outcome outcome, long took, Grant grant) {
        if (outcome == null || remembered) {
            return Pace.End.NOT_ASKED;
        }
        if (outcome instanceof Outcome.Late) {
            boolean usedUp = !grant.minimum() && Step.isUsedUp(took, grant.nanos());
            return usedUp ? Pace.End.LATE : Pace.End.NOT_ASKED;
        }
        return Pace.End.DONE;
    }

    /** What was answered at last came from this node's memory: it says nothing of a partner. */
    void fromMemory() {
        remembered = true;
    }

    /**
     * What is to be expected after a change of state; null when there is nothing to predict.
     *
     * @param elapsed since the receipt, in nanoseconds
     * @param took of this in the state before
     * @param granted to that
     * @param fallbacks taken so far
     * @param account its number
     */
    @Nullable
    Forecast after(
            State from, State next, long elapsed, long took, long granted, int fallbacks, Supplier<String> account) {
        if (!Forecaster.isOpen(way.sla(), from, next, elapsed)) {
            return null;
        }
        boolean asked = next.stage() == Stage.FRAUD_DETECTION || next.stage() == Stage.ACCOUNT_VALIDATION;
        String currency = way.currency();
        long age = asked && currency != null
                ? accounts.remembered(account.get(), currency)
                        .map(Accounts.Known::age)
                        .map(Duration::toNanos)
                        .orElse(-1L)
                : -1;
        double probability =
                forecaster.probability(way, new Forecaster.Standing(next, elapsed, took, granted, fallbacks, age));
        atRisk |= probability >= threshold;
        return new Forecast(probability, atRisk);
    }

    /** Whether it does well to go without the work of a stage, if it may. */
    boolean goesWithout(Stage stage) {
        Work work = Work.of(stage, way.vam());
        return atRisk && work != null && forecaster.goesWithout(work);
    }
}
