package org.exchequer.inward.fraud;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.core.Assessment;
import org.exchequer.inward.store.FraudBook;
import org.exchequer.inward.store.FraudChanges;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.scoring.explain.Evidence;
import org.exchequer.scoring.model.Outcome;
import org.exchequer.scoring.rules.Evaluation;
import org.exchequer.scoring.rules.RuleEngine;
import org.exchequer.scoring.rules.Subject;
import org.exchequer.scoring.stream.PaymentStream;

/** Judges payments of the past again from what is stored of them: by what held then, or by something else. */
final class Replays {
    private final FraudBook book;
    private final FraudChanges changes;

    Replays(FraudBook book, FraudChanges changes) {
        this.book = book;
        this.changes = changes;
    }

    /** What comes of a payment. */
    record Verdict(Evaluation said, double score, Outcome decision, boolean refused) {}

    /**
     * Judges one by given settings.
     *
     * @return empty when not all that rules were given is stored
     */
    static Optional<Verdict> judge(FraudBook.Judged row, Tuning tuning) {
        List<Long> followed = row.followed();
        if (followed == null) {
            return Optional.empty();
        }
        Subject subject;
        Evaluation said;
        try {
            float[] vector = Evidence.read(row.evidence(), PaymentStream.FEATURES, PaymentStream.EVENTS)
                    .sample()
                    .features()
                    .toArray();
            subject = Scorer.subject(Restoring.event(row.past()), vector, row.payerBank(), row.payeeBank());
            said = RuleEngine.replay(tuning.book(), tuning.lists(), followed, subject);
        } catch (IOException | IllegalArgumentException e) {
            // Of another version of the program: other features, or other rules.
            return Optional.empty();
        }
        double score = tuning.blend()
                .blended(row.past().probability(), OptionalDouble.of(said.score()), OptionalDouble.empty());
        Outcome decision = tuning.blend().outcome(score);
        return Optional.of(new Verdict(said, score, decision, Assessment.refuses(said.action(), decision, row.warm())));
    }

    /** SAME when rules, lists and settings of then give the same decision again to the bit, else what is different. */
    String rules(UUID payment) {
        Optional<FraudBook.Judged> found = book.judged(payment);
        if (found.isEmpty() || found.get().followed() == null) {
            // Stored before what rules are given was: the model's part is all that can be said.
            return "SAME";
        }
        FraudBook.Judged row = found.get();
        try {
            Tuning then = SettingKeys.tuning(
                    changes.state(row.ruleVersion(), row.past().at()));
            return judge(row, then)
                    .map(again -> different(row, again))
                    .orElse("the rules of then are not in this program");
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        } catch (FieldError e) {
            return "the rules of revision " + row.ruleVersion() + " are not in this program";
        }
    }

    private static String different(FraudBook.Judged row, Verdict again) {
        if (!again.said().hits().stream()
                        .map(Evaluation.Hit::rule)
                        .toList()
                        .equals(row.past().rules())
                || !again.said().action().name().equals(row.ruleAction())
                || !same(again.said().score(), row.ruleScore())) {
            return "the rules' answer is different";
        }
        return same(again.score(), row.score())
                        && again.decision().name().equals(row.past().decision())
                        && again.refused() == row.refused()
                ? "SAME"
                : "the decision is different";
    }

    private static boolean same(double one, double other) {
        return Double.doubleToLongBits(one) == Double.doubleToLongBits(other);
    }
}
