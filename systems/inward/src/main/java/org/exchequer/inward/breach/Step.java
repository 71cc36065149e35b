package org.exchequer.inward.breach;

import java.util.List;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.exchequer.inward.core.Sla;
import org.jspecify.annotations.Nullable;

/**
 * A change of a payment's state, as far as it says whether the payment missed its time. Times in nanoseconds.
 *
 * @param from the state that was worked in
 * @param to the state after
 * @param took what the work took
 * @param granted what it was given
 * @param elapsed since the receipt, when it ended
 */
public record Step(State from, State to, long took, long granted, long elapsed) {
    /** Timers fire a little early at times. */
    private static final double USED_UP = 0.95;

    /** How far ahead is looked, in stages. */
    static final int STAGES = 2;

    /** Null for an event before any work. */
    public static @Nullable Step of(PaymentEvent event) {
        State from = event.from();
        return from == null ? null : new Step(from, event.to(), event.took(), event.budget(), event.elapsed());
    }

    /** Whether work ended because its time was over, and not because nobody could be asked. */
    public static boolean isUsedUp(long took, long granted) {
        return took >= USED_UP * granted;
    }

    /**
     * Whether the payment missed its time here: it was past the critical limit, was given up for lack of time, or had
     * to go on by the stage's fallback because the time it was granted was used up, or there was none to grant. A
     * fallback that was taken at once, because a partner's breaker is open or by order, is no miss.
     */
    public boolean missed(Sla sla) {
        boolean fellBack = from.stage() == to.stage() && FALLBACKS.contains(to);
        return to == State.SLA_BREACH
                || fellBack && isUsedUp(took, granted)
                || elapsed >= sla.critical().toNanos();
    }

    private static final List<State> FALLBACKS = List.of(
            State.FRAUD_TIMEOUT,
            State.ACCOUNT_TIMEOUT,
            State.LIQUIDITY_TIMEOUT,
            State.PAYMENT_TIMEOUT,
            State.RESPONSE_TIMEOUT);

    /**
     * Whether the payment missed its time within the next two stages.
     *
     * @param steps of one payment, in order
     * @param at the last step before
     */
    public static boolean missedAfter(List<Step> steps, int at, Sla sla) {
        int stages = 0;
        Stage stage = steps.get(at).from().stage();
        for (Step step : steps.subList(at + 1, steps.size())) {
            if (step.from().stage() != stage) {
                stage = step.from().stage();
                stages++;
            }
            if (stages > STAGES) {
                return false;
            }
            if (step.missed(sla)) {
                return true;
            }
        }
        return false;
    }
}
