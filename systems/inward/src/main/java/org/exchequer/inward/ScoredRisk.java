package org.exchequer.inward;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.exchequer.inward.core.Assessment;
import org.exchequer.inward.core.NewPayment;
import org.exchequer.inward.core.Outcome;
import org.exchequer.inward.core.Rules;
import org.exchequer.inward.fraud.Scorer;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.Instruction;
import org.exchequer.kernel.Ticker;

/**
 * Screening, then models and rules together, then the rules that always hold. What decided is on its way to the
 * database before the payment goes on: it is committed before the answer is, or with it, as both go through one
 * queue.
 */
final class ScoredRisk implements Risk {
    private final RuleRisk rules;
    private final Scorer scorer;
    private final Predicate<Assessment> store;
    private final Ticker ticker;
    private final Timer timer;

    /** @param store takes an assessment; false when it cannot, which counts as late */
    ScoredRisk(RuleRisk rules, Scorer scorer, Predicate<Assessment> store, Ticker ticker, MeterRegistry meters) {
        this.rules = rules;
        this.scorer = scorer;
        this.store = store;
        this.ticker = ticker;
        this.timer = meters.timer("exchequer.inward.fraud.score");
    }

    @Override
    public Outcome full(NewPayment payment, long deadlineNanos) {
        Instruction instruction = Objects.requireNonNull(payment.intake().instruction());
        Outcome listed = rules.screen(instruction);
        if (!(listed instanceof Outcome.Passed)) {
            return listed;
        }
        if (deadlineNanos - ticker.nanos() <= 0) {
            return Outcome.LATE;
        }
        return switch (scorer.score(payment, instruction, deadlineNanos)) {
            case Scorer.Result.Late late -> Outcome.LATE;
            case Scorer.Result.NotScored none -> rules.judge(instruction);
            case Scorer.Result.Scored(Assessment assessment) -> {
                timer.record(assessment.tookNanos(), TimeUnit.NANOSECONDS);
                if (!store.test(assessment)) {
                    yield Outcome.LATE;
                }
                yield assessment.refused() ? refused(instruction) : rules.judge(instruction);
            }
        };
    }

    private static Outcome refused(Instruction instruction) {
        return new Outcome.Refused(new Finding(
                RuleRisk.FRAUD,
                Rules.path(instruction.type(), "debtorAccount"),
                "must not make payments that look like fraud"));
    }

    @Override
    public Outcome least(NewPayment payment) {
        return rules.least(payment);
    }
}
