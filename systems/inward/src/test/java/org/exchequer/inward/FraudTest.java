package org.exchequer.inward;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.exchequer.inward.InwardBed.Draft;
import org.exchequer.inward.api.Fraud;
import org.exchequer.inward.api.Fraud.ModelAction;
import org.exchequer.inward.api.Fraud.Step;
import org.exchequer.inward.fraud.Scorer;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.scoring.explain.Evidence;
import org.exchequer.scoring.model.Sample;
import org.exchequer.scoring.model.Vector;
import org.exchequer.scoring.stream.PaymentStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Payments are scored by the shipped model on their way, and whatever was decided can be shown again. */
class FraudTest {
    private static InwardBed bed;

    @BeforeAll
    static void start() {
        bed = new InwardBed();
        bed.warmUp();
    }

    @AfterAll
    static void stop() {
        bed.assertInvariantsHold();
        bed.close();
    }

    private static Fraud fraud() {
        return bed.module().fraud();
    }

    private static Evidence evidence(UUID payment) throws SQLException, IOException {
        try (Connection connection = TestPostgres.connect(bed.ledger.database());
                PreparedStatement select =
                        connection.prepareStatement("select evidence from inward.fraud_result where payment_id = ?")) {
            select.setObject(1, payment);
            try (ResultSet row = select.executeQuery()) {
                assertThat(row.next()).as("payment %s was scored", payment).isTrue();
                return Evidence.read(row.getBytes(1), PaymentStream.FEATURES, PaymentStream.EVENTS);
            }
        }
    }

    @Test
    void what_decided_is_stored_with_the_answer_and_gives_the_same_bits_again() throws Exception {
        UUID id = bed.send(InwardBed.transfer()).id();
        assertThat(bed.row(id)).containsEntry("answer_status", "ACCC").containsKey("risk_score");
        Evidence evidence = evidence(id);
        assertThat(bed.row(id))
                .containsEntry("risk_decision", evidence.outcome().name())
                .containsEntry("risk_score", Double.toString(evidence.blended()));
        Fraud.Explained why = fraud().explain(id).orElseThrow();
        assertThat(why.replayed()).isEqualTo("SAME");
        assertThat(why.verdict().model()).isEqualTo("payments@1");
        assertThat(why.margin()).isEqualTo(evidence.margin());
        assertThat(why.reasons()).isNotEmpty();
        double points = why.base()
                + why.rest()
                + why.reasons().stream().mapToDouble(Fraud.Reason::points).sum();
        assertThat(points).isCloseTo(why.margin(), org.assertj.core.api.Assertions.within(1e-5));
        assertThat(why.text()).contains("payments@1");
    }

    @Test
    void a_restart_forgets_nothing() throws Exception {
        String account = "77" + System.nanoTime();
        for (int i = 0; i < 3; i++) {
            bed.send(InwardBed.transfer().with("debtorAccount", account));
        }
        bed.restart();
        bed.warmUp();
        Evidence after = evidence(
                bed.send(InwardBed.transfer().with("debtorAccount", account)).id());
        assertThat(after.sample().features().at("counterparty_relationship")).isEqualTo(3);
        assertThat(after.sample().features().at("velocity_count_1h")).isEqualTo(3);
        assertThat(after.sample().history().length()).isEqualTo(3);
    }

    /** Several payments just below the reporting threshold, by one payer, within moments. */
    private static List<String> fast(InwardBed with) {
        String account = "88" + System.nanoTime();
        return Stream.generate(() -> with.send(
                        InwardBed.transfer().with("debtorAccount", account).with("amount", "12500.00")))
                .limit(4)
                .map(told -> told.brief() + " " + with.state(told.id()))
                .toList();
    }

    @Test
    void who_has_seen_little_refuses_nothing_and_puts_it_up_for_review() {
        assertThat(fast(bed)).containsOnly("ACCC COMPLETED");
        assertThat(fraud().queue(Fraud.MOST_WAITING))
                .anySatisfy(each -> assertThat(each.decision()).isEqualTo("EMERGENCY_REVIEW"));
    }

    @Test
    void what_looks_like_fraud_is_refused_with_its_reasons() {
        Scorer.Settings usual = Scorer.Settings.standard();
        try (InwardBed other = new InwardBed(
                InwardBed.SLOW,
                Duration.ofMillis(100),
                given -> given,
                new Scorer.Settings(Duration.ZERO, usual.maturity(), usual.window()))) {
            other.warmUp();
            assertThat(fast(other)).contains("ACCC COMPLETED", "RJCT FR01 FRAUD_HIGH_RISK");
            Fraud.Verdict refused = other.module().fraud().queue(10).getFirst();
            assertThat(refused.refused()).isTrue();
            Fraud.Explained why =
                    other.module().fraud().explain(refused.payment()).orElseThrow();
            assertThat(why.replayed()).isEqualTo("SAME");
            assertThat(why.text()).startsWith("Rejected").contains("rule structuring_detection");
            assertThat(other.posted(refused.payment())).isEmpty();
            other.faults.arm(Scorer.REASONS_POINT, point -> {
                throw new IllegalStateException("no reasons");
            });
            assertThat(fast(other)).contains("RJCT FR01 FRAUD_HIGH_RISK");
            assertThat(other.module().fraud().queue(10))
                    .filteredOn(Fraud.Verdict::refused)
                    .extracting(each -> other.module()
                            .fraud()
                            .explain(each.payment())
                            .orElseThrow()
                            .text())
                    .anySatisfy(text -> assertThat(text).contains("could not be made", "rule structuring_detection"));
            other.assertInvariantsHold();
        }
    }

    @Test
    void what_is_stored_names_nobody() throws SQLException {
        Draft draft =
                InwardBed.transfer().with("debtorName", "Zebulon Quagmire").with("debtorAccount", "66554433221");
        UUID id = bed.send(draft).id();
        try (Connection connection = TestPostgres.connect(bed.ledger.database());
                PreparedStatement select = connection.prepareStatement(
                        "select f::text, encode(evidence, 'escape') from inward.fraud_result f where payment_id = ?")) {
            select.setObject(1, id);
            try (ResultSet row = select.executeQuery()) {
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1) + row.getString(2))
                        .doesNotContain("Zebulon")
                        .doesNotContain("66554433221")
                        .doesNotContain("1188811");
            }
        }
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void while_a_model_hangs_or_fails_rules_decide_and_screening_goes_on() throws SQLException {
        List<UnaryOperator<Supplier>> broken = List.of(
                asked -> () -> {
                    LockSupport.park();
                    return asked.get();
                },
                asked -> () -> {
                    throw new IllegalStateException("the model is broken");
                });
        try {
            for (UnaryOperator<Supplier> how : broken) {
                bed.faults.distort(Scorer.MODEL_POINT, Supplier.class, how);
                UUID id = bed.send(InwardBed.transfer()).id();
                assertThat(bed.row(id))
                        .containsEntry("answer_status", "ACCC")
                        .containsEntry("fallbacks", "{FRAUD_DETECTION}")
                        .containsEntry("risk_score", "null");
                assertThat(fraud().explain(id)).isEmpty();
            }
            assertThat(bed.send(InwardBed.transfer().with("debtorName", "Osman Blacklisted"))
                            .brief())
                    .startsWith("RJCT");
        } finally {
            bed.faults.disarmAll();
        }
    }

    @Test
    void features_that_are_missing_are_stored_as_they_were_given() throws Exception {
        bed.faults.distort(
                Scorer.FEATURES_POINT,
                Scorer.Given.class,
                given -> new Scorer.Given(given.event(), seen(new float[PaymentStream.FEATURES.size()], given)));
        UUID id;
        try {
            id = bed.send(InwardBed.transfer()).id();
        } finally {
            bed.faults.disarmAll();
        }
        assertThat(evidence(id).sample().features().at("amount_log")).isNaN();
        assertThat(fraud().explain(id).orElseThrow().replayed()).isEqualTo("SAME");
    }

    private static PaymentStream.Seen seen(float[] vector, Scorer.Given given) {
        Arrays.fill(vector, Float.NaN);
        return new PaymentStream.Seen(
                vector,
                new Sample(
                        Vector.of(PaymentStream.FEATURES, vector),
                        given.payment().sample().history()));
    }

    @Test
    void what_was_altered_afterwards_is_found() throws SQLException {
        UUID id = bed.send(InwardBed.transfer()).id();
        for (String change : List.of("score = score + 0.001", "evidence = set_byte(evidence, 300, 99)")) {
            alter("update inward.fraud_result set " + change + " where payment_id = ?", id);
            assertThat(fraud().explain(id).orElseThrow().replayed()).isNotEqualTo("SAME");
            assertThat(bed.module().checkInvariants())
                    .filteredOn(each -> !each.holds())
                    .singleElement()
                    .satisfies(each -> assertThat(each.detail()).contains(id.toString()));
        }
        alter("delete from inward.fraud_result where payment_id = ?", id);
    }

    private static void alter(String sql, UUID payment) throws SQLException {
        try (Connection connection = TestPostgres.connect(bed.ledger.database());
                PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, payment);
            assertThat(update.executeUpdate()).isOne();
        }
    }

    @Test
    void what_a_person_says_counts_and_is_kept_once() {
        UUID id = bed.send(InwardBed.transfer()).id();
        assertThat(fraud().say(id, true, "called the payer", "mary")).isTrue();
        assertThat(fraud().say(id, true, "called the payer", "mary")).isTrue();
        assertThat(fraud().say(id, false, null, "john")).isTrue();
        Fraud.Explained why = fraud().explain(id).orElseThrow();
        assertThat(why.said()).extracting(Fraud.Said::by).containsExactly("mary", "john");
        assertThat(why.verdict().fraud()).isFalse();
        assertThat(fraud().say(UUID.randomUUID(), true, null, "mary")).isFalse();
        assertThat(fraud().explain(UUID.randomUUID())).isEmpty();
    }

    @Test
    void two_people_change_which_model_serves() throws IOException {
        bed.install(2);
        UUID change = UUID.randomUUID();
        assertThat(fraud().propose(change, ModelAction.PROMOTE, "payments@7", null, "newer", "mary"))
                .isInstanceOf(Step.Refused.class);
        for (int i = 0; i < 2; i++) {
            assertThat(fraud().propose(change, ModelAction.PROMOTE, "payments@2", null, "newer", "mary"))
                    .isInstanceOf(Step.Done.class);
        }
        assertThat(fraud().propose(change, ModelAction.SHADOW, "payments@2", null, "newer", "mary"))
                .isEqualTo(new Step.Refused("IDEMPOTENCY_KEY_REUSED", "the key was used for another one"));
        assertThat(((Step.Refused) fraud().decide(change, true, "mary")).code()).isEqualTo("FOUR_EYES");
        assertThat(serving()).isEqualTo("payments@1");
        assertThat(fraud().decide(change, true, "john")).isInstanceOf(Step.Done.class);
        assertThat(fraud().decide(change, true, "john")).isInstanceOf(Step.Done.class);
        assertThat(((Step.Refused) fraud().decide(change, false, "john")).code())
                .isEqualTo("ALREADY_DECIDED");
        assertThat(serving()).isEqualTo("payments@2");
        UUID back = UUID.randomUUID();
        assertThat(fraud().propose(back, ModelAction.ROLLBACK, null, null, "worse", "john"))
                .isInstanceOf(Step.Done.class);
        assertThat(fraud().decide(back, true, "mary")).isInstanceOf(Step.Done.class);
        assertThat(serving()).isEqualTo("payments@1");
        assertThat(fraud().changes()).extracting(Fraud.ModelChange::state).contains("APPROVED");
    }

    private static String serving() {
        UUID id = bed.send(InwardBed.transfer()).id();
        return fraud().explain(id).orElseThrow().verdict().model();
    }

    @Test
    void the_desk_shows_counts_models_and_rules() {
        bed.send(InwardBed.transfer());
        Fraud.Overview overview = fraud().overview();
        assertThat(overview.counts().stream().mapToLong(Fraud.Count::payments).sum())
                .isPositive()
                .isEqualTo(overview.histogram().stream()
                        .mapToLong(Fraud.Bar::payments)
                        .sum());
        assertThat(List.of(overview.review(), overview.reject(), overview.emergency()))
                .containsExactly(0.1, 0.7, 0.9);
        assertThat(overview.warm()).isFalse();
        Fraud.ModelState models = fraud().models();
        assertThat(models.versions()).anySatisfy(each -> assertThat(each.role()).isEqualTo("champion"));
        assertThat(models.services()).isNotEmpty();
        assertThat(fraud().rules())
                .anySatisfy(each -> assertThat(each.evaluations()).isPositive());
        assertThat(fraud().queue(10))
                .allSatisfy(each -> assertThat(each.decision()).isNotEqualTo("APPROVE"));
    }
}
