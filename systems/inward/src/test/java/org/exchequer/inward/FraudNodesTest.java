package org.exchequer.inward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.exchequer.inward.InwardBed.Draft;
import org.exchequer.inward.api.Fraud;
import org.exchequer.inward.api.Fraud.ModelAction;
import org.exchequer.inward.api.FraudSettings;
import org.exchequer.inward.api.FraudSettings.Change;
import org.exchequer.inward.api.FraudSettings.Named;
import org.exchequer.inward.api.FraudSettings.NewEntry;
import org.exchequer.inward.api.FraudSettings.Outcome;
import org.exchequer.inward.api.FraudSettings.Why;
import org.exchequer.inward.fraud.Scorer;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.scoring.registry.Registry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two nodes on one database: what two people change on one holds on both, and each sees what the other was sent. */
class FraudNodesTest {
    private static InwardBed bed;
    private static InwardModule other;

    @BeforeAll
    static void start() throws IOException {
        Scorer.Settings usual = Scorer.Settings.standard();
        // What is said of a decision counts at once.
        Scorer.Settings hasty = new Scorer.Settings(usual.warmUp(), Duration.ZERO, usual.window());
        bed = new InwardBed(InwardBed.SLOW, Duration.ofMillis(100), given -> given, hasty);
        bed.warmUp();
        other = bed.another("b");
    }

    @AfterAll
    static void stop() {
        bed.assertInvariantsHold();
        other.close();
        bed.close();
    }

    private static FraudSettings here() {
        return bed.module().fraudSettings();
    }

    private static FraudSettings there() {
        return other.fraudSettings();
    }

    private static Map<String, @Nullable BigDecimal> values(Object... pairs) {
        Map<String, @Nullable BigDecimal> values = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put((String) pairs[i], pairs[i + 1].equals("") ? null : new BigDecimal(pairs[i + 1].toString()));
        }
        return values;
    }

    private static Change done(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done) outcome).change();
    }

    private static Why why(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.NotDone.class);
        return ((Outcome.NotDone) outcome).why();
    }

    /** Approved here, and awaited there. */
    private static Change approved(Outcome proposed) {
        Change change = done(here().decide(done(proposed).version(), true, "john", ""));
        long revision = change.revision() == null ? -1 : change.revision();
        assertThat(here().now().revision()).isEqualTo(revision);
        await().atMost(Duration.ofSeconds(20)).until(() -> there().now().revision() == revision);
        return change;
    }

    private static Change set(Object... pairs) {
        return approved(here().propose(UUID.randomUUID(), values(pairs), "a test", "mary"));
    }

    private static Fraud.Explained why(UUID payment) {
        return other.fraud().explain(payment).orElseThrow();
    }

    private static Outcome back(Change change) {
        return here().rollBack(UUID.randomUUID(), change.version(), "as it was", "mary");
    }

    @Test
    void settings_hold_on_both_nodes_at_once_and_every_decision_is_replayed_by_its_own() {
        UUID before = bed.send(InwardBed.transfer()).id();
        long revision = here().now().revision();
        double first = why(before).verdict().score();
        Change change = set("weight.model", 95, "weight.rules", 0);
        UUID after = InwardBed.send(other, InwardBed.transfer()).id();
        assertThat(why(after).verdict().score())
                .isEqualTo(why(after).verdict().probability())
                .isNotNaN();
        Change second = set("threshold.review", "0.05", "rule.card_testing.on", 0);
        assertThat(other.fraud().overview().review()).isEqualTo(0.05);
        assertThat(other.fraud().rules())
                .filteredOn(each -> each.rule().equals("card_testing"))
                .allMatch(each -> !each.on());
        assertThat(List.of(why(before).replayed(), why(after).replayed())).containsOnly("SAME");
        assertThat(why(before).verdict().score()).isEqualTo(first);
        // Back to the weights, with the thresholds of then.
        Change undone = approved(back(change));
        assertThat(undone.rollbackOf()).isEqualTo(change.version());
        assertThat(undone.settings()).containsOnlyKeys("threshold.review", "rule.card_testing.on");
        assertThat(there().now().values())
                .filteredOn(each -> each.set() != null)
                .extracting(each -> each.key().name())
                .containsExactlyInAnyOrder("weight.model", "weight.rules");
        assertThat(approved(here().propose(
                                        UUID.randomUUID(),
                                        values("weight.model", "", "weight.rules", ""),
                                        "as it was",
                                        "mary"))
                        .revision())
                .isEqualTo(revision + 4);
        assertThat(there().changes())
                .extracting(Change::version)
                .contains(change.version(), second.version(), undone.version());
        assertThat(List.of(why(before).replayed(), why(after).replayed())).containsOnly("SAME");
    }

    @Test
    void two_people_are_needed_here_and_in_the_database() {
        UUID id = UUID.randomUUID();
        Change change = done(here().propose(id, values("threshold.review", "0.2"), "calmer", "mary"));
        assertThat(done(there().propose(id, values("threshold.review", "0.20"), "calmer", "mary")))
                .isEqualTo(change);
        assertThat(why(here().propose(id, values("threshold.review", "0.3"), "calmer", "mary")))
                .isEqualTo(Why.IDEMPOTENCY_KEY_REUSED);
        assertThat(why(there().decide(change.version(), true, " MARY ", ""))).isEqualTo(Why.APPROVER_IS_AUTHOR);
        assertThatThrownBy(
                        () -> sql("update inward.fraud_change set approved = true, decided_by = 'Mary', decided_at = "
                                + "now(), revision = 99, settings = '{}' where version = " + change.version()))
                .hasMessageContaining("four_eyes");
        assertThat(why(here().decide(999_999, true, "john", ""))).isEqualTo(Why.CHANGE_NOT_FOUND);
        assertThat(why(back(change))).isEqualTo(Why.NOT_APPROVED);
        assertThat(done(there().decide(change.version(), false, "mary", "no")).revision())
                .isNull();
        assertThat(why(here().decide(change.version(), true, "john", ""))).isEqualTo(Why.ALREADY_DECIDED);
        assertThatThrownBy(() -> here().propose(id, values("weight.model", 71), "sums", "mary"))
                .isInstanceOf(FieldError.class)
                .hasMessageContaining("must sum to 100, not 101");
    }

    @Test
    void what_made_sense_when_it_was_proposed_is_checked_again_when_it_is_approved() {
        Change reject = done(here().propose(UUID.randomUUID(), values("threshold.reject", "0.2"), "strict", "mary"));
        Change review = set("threshold.review", "0.5");
        assertThat(why(there().decide(reject.version(), true, "john", ""))).isEqualTo(Why.CONTRADICTION);
        assertThatThrownBy(() -> there().preview(reject.version(), 10)).isInstanceOf(FieldError.class);
        set("threshold.review", "");
        assertThat(there().preview(reject.version(), 10)).isPresent();
        assertThat(review.settings()).containsEntry("threshold.review", new BigDecimal("0.5"));
    }

    @Test
    void a_preview_says_what_would_differ_and_changes_nothing() {
        String account = "55" + System.nanoTime();
        UUID id = bed.send(InwardBed.transfer().with("debtorAccount", account)).id();
        Change deny = done(here().list(
                        UUID.randomUUID(),
                        List.of(entry(true, Named.ACCOUNT, account, Duration.ofDays(1))),
                        "reported",
                        "mary"));
        FraudSettings.Preview preview = there().preview(deny.version(), 5_000).orElseThrow();
        assertThat(preview.complete()).isTrue();
        assertThat(preview.skipped()).isZero();
        assertThat(preview.differ()).isEqualTo(1);
        assertThat(preview.looked())
                .isEqualTo(preview.before().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        assertThat(preview.examples()).singleElement().satisfies(each -> {
            assertThat(each.payment()).isEqualTo(id);
            assertThat(each.wouldBeRefused()).isTrue();
            assertThat(each.wouldRules()).contains("deny_list");
        });
        Change none = done(here().propose(UUID.randomUUID(), values("threshold.emergency", "0.95"), "later", "mary"));
        assertThat(there().preview(none.version(), 1).orElseThrow().looked()).isEqualTo(1);
        assertThat(there().preview(999_999, 1)).isEmpty();
        assertThat(bed.send(InwardBed.transfer().with("debtorAccount", account)).brief())
                .isEqualTo("ACCC");
        assertThat(here().proposed()).extracting(Change::version).contains(deny.version(), none.version());
    }

    private static NewEntry entry(boolean deny, Named named, String name, Duration lasts) {
        return new NewEntry(
                deny, named, name, "reported", Clock.systemUTC().instant().plus(lasts));
    }

    @Test
    void a_denied_account_is_refused_on_both_nodes_until_its_time_or_until_it_is_taken_off() throws SQLException {
        String account = "44" + System.nanoTime();
        Draft draft = InwardBed.transfer().with("debtorAccount", account);
        assertThat(InwardBed.send(other, draft).brief()).isEqualTo("ACCC");
        Change change = approved(here().list(
                        UUID.randomUUID(),
                        List.of(entry(true, Named.ACCOUNT, account, Duration.ofSeconds(8))),
                        "reported",
                        "mary"));
        assertThat(there().listed())
                .extracting(FraudSettings.Entry::shown)
                .contains("…" + account.substring(account.length() - 4));
        UUID refused = InwardBed.send(other, InwardBed.transfer().with("debtorAccount", account))
                .id();
        assertThat(bed.state(refused)).isEqualTo("FRAUD_HIGH_RISK");
        assertThat(why(refused).verdict().rules()).startsWith("deny_list");
        assertThat(why(refused).replayed()).isEqualTo("SAME");
        assertThat(why(there().unlist(UUID.randomUUID(), List.of(999_999L), "no", "mary")))
                .isEqualTo(Why.ENTRY_NOT_FOUND);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> InwardBed.send(other, InwardBed.transfer().with("debtorAccount", account))
                        .brief()
                        .equals("ACCC"));
        assertThat(there().listed()).noneMatch(each -> each.change() == change.version());
        // It ended, and still says why that payment was refused.
        assertThat(why(refused).replayed()).isEqualTo("SAME");
        assertThat(sqlText("select string_agg(e::text, '') from inward.fraud_list_entry e"))
                .doesNotContain(account);
    }

    @Test
    void a_denied_bank_is_refused_without_models_too_and_is_taken_off_again() {
        Change change = approved(here().list(
                        UUID.randomUUID(),
                        List.of(entry(true, Named.BANK, "BBBCSGSG", Duration.ofDays(1))),
                        "closed",
                        "mary"));
        Draft draft = InwardBed.transfer().with("instructingBic", "BBBCSGSG");
        assertThat(InwardBed.send(other, draft).brief()).isEqualTo("RJCT FR01");
        assertThat(InwardBed.send(other, InwardBed.transfer()).brief()).isEqualTo("ACCC");
        Change off = approved(back(change));
        assertThat(off.removes()).extracting(FraudSettings.Entry::shown).containsExactly("BBBCSGSG");
        assertThat(InwardBed.send(other, InwardBed.transfer().with("instructingBic", "BBBCSGSG"))
                        .brief())
                .isEqualTo("ACCC");
        Change again = approved(back(off));
        assertThat(again.adds()).hasSize(1);
        approved(
                here().unlist(UUID.randomUUID(), List.of(again.adds().getFirst().id()), "open", "mary"));
        assertThat(there().listed()).noneMatch(each -> each.shown().equals("BBBCSGSG"));
    }

    @Test
    void a_burst_that_alternates_between_nodes_is_seen_as_one() {
        String account = "33" + System.nanoTime();
        long tested = 4;
        UUID last = UUID.randomUUID();
        for (int i = 0; i <= tested; i++) {
            InwardModule to = i % 2 == 0 ? bed.module() : other;
            InwardModule next = i % 2 == 0 ? other : bed.module();
            long heard = next.heard();
            last = InwardBed.send(
                            to,
                            InwardBed.transfer().with("debtorAccount", account).with("amount", "1.00"))
                    .id();
            await().atMost(Duration.ofSeconds(20)).until(() -> next.heard() > heard);
        }
        // Each node was sent three at most; four small ones within an hour are suspicious.
        assertThat(why(last).verdict().rules()).contains("card_testing");
        assertThat(why(last).replayed()).isEqualTo("SAME");
        Fraud.Network network = other.fraud().network(last).orElseThrow();
        assertThat(network.nodes()).extracting(Fraud.Node::role).contains("PAYER", "PAYEE");
        assertThat(network.nodes()).hasSizeLessThanOrEqualTo(Fraud.MOST_NODES);
        assertThat(network.edges()).anyMatch(each -> each.payments() == tested + 1);
        assertThat(other.fraud().network(UUID.randomUUID())).isEmpty();
        long known = frauds(other);
        bed.module().fraud().say(last, true, "called", "mary");
        await().atMost(Duration.ofSeconds(20)).until(() -> frauds(other) == known + 1);
        assertThat(other.fraud().rules())
                .filteredOn(each -> each.rule().equals("card_testing"))
                .allMatch(each -> each.flagged() > 0 && each.frauds() == 1 && each.harmless() == 0);
    }

    private static long frauds(InwardModule node) {
        return node.fraud().models().services().stream()
                .mapToLong(each -> each.caught() + each.missed())
                .sum();
    }

    @Test
    void what_a_person_says_on_one_node_counts_on_the_other_and_a_later_word_replaces_it() throws IOException {
        long known = frauds(other);
        UUID payment = bed.send(InwardBed.transfer()).id();
        assertThat(bed.module().fraud().say(payment, true, "called", "mary")).isTrue();
        await().atMost(Duration.ofSeconds(20)).until(() -> frauds(other) == known + 1);
        assertThat(other.fraud().say(payment, false, "it was the payer", "john"))
                .isTrue();
        assertThat(frauds(other)).isEqualTo(known);
        await().atMost(Duration.ofSeconds(20)).until(() -> frauds(bed.module()) == known);
        try (InwardModule third = bed.another("c")) {
            // Models are listed that have scored here.
            InwardBed.send(third, InwardBed.transfer());
            assertThat(frauds(third)).isEqualTo(known);
        }
    }

    @Test
    void a_model_that_one_node_promotes_serves_on_the_other_which_keeps_its_own_when_it_cannot() throws Exception {
        Path elsewhere = bed.files.resolve("of-b/models/inward");
        bed.install(2);
        promote("payments@2");
        await().atMost(Duration.ofSeconds(20)).until(() -> champion(other).equals("payments@2"));
        assertThat(Files.exists(elsewhere.resolve("payments@2.model"))).isTrue();
        assertThat(why(InwardBed.send(other, InwardBed.transfer()).id())
                        .verdict()
                        .model())
                .isEqualTo("payments@2");

        // The other has something else under that version.
        Registry.open(elsewhere).install(InwardBed.model(3, "trained elsewhere").write());
        bed.install(3);
        promote("payments@3");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> other.readiness().detail().contains("payments@3"));
        assertThat(champion(other)).isEqualTo("payments@2");
        assertThat(other.fraud().models().problem()).contains("its file here is another one");
        assertThat(InwardBed.send(other, InwardBed.transfer()).brief()).isEqualTo("ACCC");
        Files.delete(elsewhere.resolve("payments@3.model"));
        await().atMost(Duration.ofSeconds(20)).until(() -> champion(other).equals("payments@3"));
        assertThat(other.fraud().models().problem()).isNull();

        UUID back = UUID.randomUUID();
        other.fraud().propose(back, ModelAction.ROLLBACK, null, null, "worse", "mary");
        assertThat(other.fraud().decide(back, true, "john")).isInstanceOf(Fraud.Step.Done.class);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> champion(bed.module()).equals("payments@2"));
    }

    private static void promote(String model) {
        UUID change = UUID.randomUUID();
        Fraud fraud = bed.module().fraud();
        assertThat(fraud.propose(change, ModelAction.PROMOTE, model, null, "newer", "mary"))
                .isInstanceOf(Fraud.Step.Done.class);
        assertThat(fraud.decide(change, true, "john")).isInstanceOf(Fraud.Step.Done.class);
    }

    private static String champion(InwardModule node) {
        return node.fraud().models().versions().stream()
                .filter(each -> each.role().equals("champion"))
                .map(Fraud.Version::id)
                .findFirst()
                .orElse("");
    }

    private static void sql(String text) throws SQLException {
        try (Connection connection = TestPostgres.connect(bed.ledger.database());
                PreparedStatement statement = connection.prepareStatement(text)) {
            statement.executeUpdate();
        }
    }

    private static String sqlText(String text) throws SQLException {
        try (Connection connection = TestPostgres.connect(bed.ledger.database());
                PreparedStatement statement = connection.prepareStatement(text);
                var row = statement.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }
}
