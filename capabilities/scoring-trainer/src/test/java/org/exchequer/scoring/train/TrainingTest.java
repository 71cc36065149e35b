package org.exchequer.scoring.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.exchequer.scoring.features.Feature;
import org.exchequer.scoring.generator.Typology;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.stream.PaymentStream;
import org.junit.jupiter.api.Test;

/** The model of inward clearing, trained small: what it can see, what it cannot, and that it is told nothing. */
class TrainingTest {
    private static final int SHIFT = 997;
    private static final Rows ROWS = Rows.make(1, Rows.LEAST_EVENTS, Sight.INWARD);

    private static final Plan SMALL = new Plan(
            "payments",
            1,
            "a test",
            Map.of("payment", List.of("amount_log", "average_monthly_volume", "counterparty_relationship")),
            BoostedTrees.Settings.usual(1).rounds(40).depth(4).threads(1),
            new GruTrainer.Settings(4, 0, 64, 0.01, 1),
            List.of());

    @Test
    void it_finds_frauds_of_a_later_time_among_what_clearing_messages_tell() {
        Ensemble ensemble = Training.train(ROWS, Sight.INWARD, 3, 1, true);
        assertThat(ensemble.id()).isEqualTo("payments@3");
        assertThat(ensemble.write().length).isLessThan(2_000_000);
        List<Training.Line> lines = Training.judge(ensemble, ROWS);
        assertThat(lines.getFirst().kind()).isNull();
        assertThat(lines.getFirst().auc()).isGreaterThan(0.85);
        assertThat(lines.getFirst().recall5()).isGreaterThan(lines.getFirst().recall1());
        assertThat(lines)
                .filteredOn(line -> line.kind() == Typology.CARD_TESTING)
                .singleElement()
                .matches(line -> line.frauds() == 0 && Double.isNaN(line.auc()), "cannot be seen");
    }

    /** Whatever could be learned from rows whose labels belong to others would be a label that leaked. */
    @Test
    void labels_of_other_payments_teach_nothing() {
        double right = auc(ROWS.history());
        List<Example> wrong = new ArrayList<>();
        for (int i = 0; i < ROWS.history().size(); i++) {
            Example other = ROWS.history().get((i + SHIFT) % ROWS.history().size());
            wrong.add(new Example(ROWS.history().get(i).sample(), other.fraud()));
        }
        assertThat(right).isGreaterThan(0.8);
        assertThat(auc(wrong)).isLessThan(right - 0.15);
    }

    private static double auc(List<Example> history) {
        return EnsembleTrainer.train(SMALL, history, ROWS.later())
                .parts()
                .figures()
                .getOrDefault("auc", Double.NaN);
    }

    @Test
    void what_a_message_does_not_tell_is_unknown() {
        for (Feature feature : List.of(
                Feature.ACCOUNT_BALANCE_RATIO,
                Feature.KYC_VERIFICATION_LEVEL,
                Feature.DEVICE_FINGERPRINT_FAMILIARITY,
                Feature.BEHAVIORAL_BIOMETRICS,
                Feature.MERCHANT_CATEGORY_RISK,
                Feature.PREVIOUS_FRAUD_SCORE_AVG)) {
            int place = PaymentStream.FEATURES.place(feature.key());
            assertThat(ROWS.history())
                    .as(feature.key())
                    .allMatch(each -> each.sample().features().missing(place));
        }
    }

    @Test
    void the_same_seed_gives_the_same_rows() {
        Rows again = Rows.make(1, Rows.LEAST_EVENTS, Sight.INWARD);
        assertThat(again.history()).isEqualTo(ROWS.history());
        assertThat(again.typologies()).isEqualTo(ROWS.typologies());
        assertThatThrownBy(() -> Rows.make(1, 10, Sight.INWARD)).hasMessage("events: must be 20000 to 2000000");
    }
}
