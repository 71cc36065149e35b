package org.exchequer.inward.fraud;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.inward.store.FraudBook;
import org.exchequer.scoring.explain.Evidence;
import org.exchequer.scoring.model.Decision;
import org.exchequer.scoring.model.Ensemble;

/**
 * Whether stored decisions are still what was decided: the row says what its evidence says, and the model that decided
 * gives the same bits again. Looks at the newest, and at all others in turn.
 */
public final class Replays {
    private final Models models;
    private final FraudBook book;
    private long looked;

    Replays(Models models, FraudBook book) {
        this.models = models;
        this.book = book;
    }

    /**
     * What was found.
     *
     * @param checked rows
     * @param wrong a sentence for each that is not what was decided
     */
    public record Found(long checked, List<String> wrong) {}

    /** @param most of the newest, and again of the others, which are gone through from call to call */
    public synchronized Found check(int most) {
        List<FraudBook.Scored> rows = new ArrayList<>(book.newest(most));
        List<FraudBook.Scored> others = book.after(looked, most);
        looked = others.size() < most ? 0 : others.getLast().number();
        rows.addAll(others);
        List<String> wrong = rows.stream()
                .flatMap(row -> wrong(row).map(what -> "payment " + row.payment() + ": " + what).stream())
                .distinct()
                .toList();
        return new Found(rows.size(), wrong);
    }

    private Optional<String> wrong(FraudBook.Scored row) {
        // A version that was taken away cannot be asked; whoever explains such a payment is told so.
        return models.find(row.model()).flatMap(model -> {
            try {
                Evidence evidence = Evidence.read(
                        row.evidence(), model.parts().features(), model.parts().events());
                return differs(row, evidence).or(() -> replayed(evidence, model));
            } catch (IOException e) {
                return Optional.of("its evidence cannot be read: " + e.getMessage());
            }
        });
    }

    private static Optional<String> replayed(Evidence evidence, Ensemble model) {
        if (!evidence.fingerprint().equals(model.fingerprint())) {
            return Optional.of("the file of " + evidence.model() + " is another one now");
        }
        Decision again =
                evidence.blend().decide(Scorer.plain(model, evidence.sample()), evidence.rules(), evidence.review());
        boolean same = same(again.score().margin(), evidence.margin())
                && same(again.score().probability(), evidence.probability())
                && same(again.blended(), evidence.blended())
                && again.outcome() == evidence.outcome();
        return same ? Optional.empty() : Optional.of("decided again it comes out differently");
    }

    /** What of a row is not as its evidence has it; empty when all is. */
    static Optional<String> differs(FraudBook.Scored row, Evidence evidence) {
        Map<String, Boolean> parts = new LinkedHashMap<>();
        parts.put(
                "model",
                row.model().equals(evidence.model()) && row.fingerprint().equals(evidence.fingerprint()));
        parts.put("margin", same(row.margin(), evidence.margin()));
        parts.put("probability", same(row.probability(), evidence.probability()));
        parts.put("score of the rules", same(row.ruleScore(), evidence.rules().orElse(0)));
        parts.put("score", same(row.score(), evidence.blended()));
        parts.put("decision", row.decision().equals(evidence.outcome().name()));
        return parts.entrySet().stream()
                .filter(part -> !part.getValue())
                .findFirst()
                .map(part -> "its " + part.getKey() + " is not the one of its evidence");
    }

    private static boolean same(double one, double other) {
        return Double.doubleToLongBits(one) == Double.doubleToLongBits(other);
    }
}
