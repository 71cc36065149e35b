package org.exchequer.inward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.exchequer.inward.InwardBed.Draft;
import org.exchequer.inward.InwardBed.Told;
import org.exchequer.inward.api.Bulks;
import org.exchequer.inward.api.ConfigEntry;
import org.exchequer.inward.api.ConfigScope;
import org.exchequer.inward.api.Configurations;
import org.exchequer.inward.api.Controls;
import org.exchequer.inward.api.Decision;
import org.exchequer.inward.api.Measure;
import org.exchequer.inward.control.Measures;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What people configure and order, on a real database, ledger and partners. */
@SuppressWarnings("NullAway.Init") // set up before the tests
class ControlTest {
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

    @AfterEach
    void endAll() {
        bed.faults.disarmAll();
        controls().inForce().forEach(measure -> controls().end(measure.id(), "olga", "over"));
    }

    private static Configurations configurations() {
        return bed.module().configurations();
    }

    private static Controls controls() {
        return bed.module().controls();
    }

    private static Configurations.Draft draft(String key, @Nullable String value, ConfigScope scope) {
        return new Configurations.Draft(
                key, value == null ? null : new BigDecimal(value), scope, null, null, null, null, "a test");
    }

    private static ConfigEntry configure(Configurations.Draft draft) {
        ConfigEntry proposed = done(configurations().propose(draft, "mary"));
        return done(configurations().decide(draft.key(), proposed.version(), true, "john", ""));
    }

    private static ConfigEntry done(Configurations.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Configurations.Outcome.Done.class);
        return ((Configurations.Outcome.Done) outcome).entry();
    }

    private static Configurations.Why why(Configurations.Outcome outcome) {
        return ((Configurations.Outcome.NotDone) outcome).why();
    }

    private static Measure order(Controls.Draft draft) {
        Measure measure = done(controls().order(draft, "mary"));
        return draft.kind().fourEyes() ? done(controls().decide(measure.id(), true, "john", "")) : measure;
    }

    private static Measure done(Controls.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Controls.Outcome.Done.class);
        return ((Controls.Outcome.Done) outcome).measure();
    }

    private static Controls.Why why(Controls.Outcome outcome) {
        return ((Controls.Outcome.NotDone) outcome).why();
    }

    private static Controls.Draft measure(Measure.Kind kind, @Nullable String currency) {
        return new Controls.Draft(kind, null, null, null, null, null, currency, Duration.ofMinutes(5), "a test");
    }

    @Test
    void aValueAppliesToItsScopeAloneOnceAnotherPersonHasApprovedIt() {
        ConfigScope debits = new ConfigScope("PACS_003", "EUR", null, null, null);
        Configurations.Draft draft = draft("validation.most_amount", "500", debits);
        ConfigEntry proposed = done(configurations().propose(draft, "mary"));
        assertThat(why(configurations().decide(draft.key(), proposed.version(), true, " Mary ", "")))
                .isEqualTo(Configurations.Why.APPROVER_IS_AUTHOR);
        assertThat(configurations().proposed()).extracting(ConfigEntry::version).contains(proposed.version());
        ConfigEntry approved = done(configurations().decide(draft.key(), proposed.version(), true, "john", ""));
        assertThat(why(configurations().decide(draft.key(), proposed.version(), false, "john", "")))
                .isEqualTo(Configurations.Why.ALREADY_DECIDED);
        Draft debit = InwardBed.debit().with("currency", "EUR").with("amount", "5.01");
        Told refused = bed.send(debit);
        assertThat(refused.brief()).isEqualTo("RJCT AM02");
        assertThat(bed.row(refused.id())).containsEntry("config_revision", String.valueOf(approved.revision()));
        assertThat(bed.send(InwardBed.transfer().with("currency", "EUR").with("amount", "5.01"))
                        .status())
                .isEqualTo("ACCC");

        configure(draft("validation.most_amount", null, debits));
        ConfigEntry back = done(configurations().rollBack(draft.key(), proposed.version(), "mary", "it was right"));
        assertThat(back.value()).isEqualTo(new BigDecimal("500"));
        assertThat(back.rollbackOf()).isEqualTo(proposed.version());
        done(configurations().decide(draft.key(), back.version(), false, "john", "no"));
        assertThat(configurations().history(draft.key()))
                .extracting(ConfigEntry::state)
                .containsExactly(Decision.State.REJECTED, Decision.State.APPROVED, Decision.State.APPROVED);
    }

    @Test
    void whatMakesNoSenseIsRefusedByFieldAndRule() {
        assertThatThrownBy(() -> configurations().propose(draft("sla.hard_ms", "0", ConfigScope.ALL), "mary"))
                .isInstanceOfSatisfying(
                        FieldError.class, e -> assertThat(e.field()).isEqualTo("value"))
                .hasMessageContaining("1000 to 60000");
        assertThatThrownBy(() -> configurations().propose(draft("colour", "1", ConfigScope.ALL), "mary"))
                .isInstanceOf(FieldError.class);
        assertThatThrownBy(() -> configurations().propose(draft("fraud.risky_amount", "1", ConfigScope.ALL), "mary"))
                .hasMessageContaining("amount");
        assertThatThrownBy(() ->
                        configurations().propose(draft("breaker.standard.probes", "3", ConfigScope.of("SGD")), "mary"))
                .hasMessageContaining("same for all");
        ConfigEntry warning = done(configurations()
                .propose(draft("sla.warning_ms", "59000", new ConfigScope("CAMT_056", null, null, null, null)), "m"));
        assertThat(why(configurations().decide("sla.warning_ms", warning.version(), true, "john", "")))
                .isEqualTo(Configurations.Why.CONTRADICTION);
        done(configurations().decide("sla.warning_ms", warning.version(), false, "m", ""));
    }

    @Test
    void anExperimentTakesItsShareAndIsRecorded() {
        ConfigScope francs = ConfigScope.of("CHF");
        configure(new Configurations.Draft(
                "validation.most_amount",
                new BigDecimal("100"),
                francs,
                null,
                null,
                "small-francs",
                new BigDecimal("50"),
                "a test"));
        int in = 0;
        for (int i = 0; i < 40; i++) {
            Told told = bed.send(InwardBed.transfer().with("currency", "CHF").with("amount", "2.00"));
            boolean chosen = "{small-francs}".equals(bed.row(told.id()).get("experiments"));
            assertThat(told.brief()).isEqualTo(chosen ? "RJCT AM02" : "ACCC");
            in += chosen ? 1 : 0;
        }
        assertThat(in).isBetween(5, 35);
    }

    @Test
    void emergencyModeLeavesOutWhatItMayUpToItsCapAndNeverScreening() {
        ConfigScope pounds = ConfigScope.of("GBP");
        configure(draft("emergency.cap_payment", "1000", pounds));
        configure(draft("emergency.cap_total", "2000", pounds));
        Measure proposed = done(controls().order(measure(Measure.Kind.EMERGENCY_MODE, "GBP"), "mary"));
        assertThat(why(controls().decide(proposed.id(), true, "mary", ""))).isEqualTo(Controls.Why.APPROVER_IS_AUTHOR);
        assertThat(bed.row(send("GBP", "1.00").id())).containsEntry("emergency", "f");
        Measure measure = done(controls().decide(proposed.id(), true, "john", ""));
        Told told = send("GBP", "9.00");
        assertThat(told.status()).isEqualTo("ACCC");
        assertThat(bed.row(told.id()))
                .containsEntry("status", "EMERGENCY_PROCESSED")
                .containsEntry("measures", "{" + measure.id() + "}")
                .containsEntry("emergency", "t");
        assertThat(bed.way(told.id())).contains("FRAUD_FALLBACK_RULES", "LIQUIDITY_EMERGENCY_APPROVAL");
        assertThat(bed.send(InwardBed.transfer().with("currency", "GBP").with("debtorName", "Osman Blacklisted"))
                        .brief())
                .isEqualTo("RJCT RR04");
        ordinary("10.01", "above its cap");
        for (int i = 0; i < 5; i++) {
            send("GBP", "9.00");
        }
        ordinary("9.00", "used up");
        done(controls().end(measure.id(), "mary", "over"));
        assertThat(controls().acts(measure.id()))
                .extracting(Controls.Act::what)
                .containsExactly("PROPOSED", "APPROVED", "ENDED");
    }

    /** On a crowded machine one payment may do without something by itself; not all of them. */
    private static void ordinary(String amount, String why) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(bed.row(send("GBP", amount).id())).as(why).containsEntry("emergency", "f"));
    }

    private static Told send(String currency, String amount) {
        return bed.send(InwardBed.transfer().with("currency", currency).with("amount", amount));
    }

    @Test
    void fraudBypassLeavesOutModelsAndRulesButNotScreening() {
        configure(draft("fraud.risky_amount", "100", ConfigScope.of("AUD")));
        assertThat(send("AUD", "5.00").brief()).isEqualTo("RJCT FR01");
        Measure measure = order(measure(Measure.Kind.FRAUD_BYPASS, "AUD"));
        Told told = send("AUD", "5.00");
        assertThat(told.status()).isEqualTo("ACCC");
        assertThat(bed.row(told.id())).containsEntry("status", "EMERGENCY_PROCESSED");
        assertThat(bed.send(InwardBed.transfer().with("currency", "AUD").with("creditorName", "Osman Blacklisted"))
                        .brief())
                .isEqualTo("RJCT RR04");
        bed.restart();
        assertThat(controls().inForce()).extracting(Measure::id).contains(measure.id());
        assertThat(bed.send(InwardBed.transfer().with("currency", "AUD").with("amount", "5.00"))
                        .status())
                .as("also after a restart")
                .isEqualTo("ACCC");
    }

    @Test
    void orderedBreakersAndTimeHoldForAWhile() {
        Controls.Draft draft = new Controls.Draft(
                Measure.Kind.BREAKER_OVERRIDE,
                "liquidity/reserve",
                "FORCED_OPEN",
                null,
                null,
                null,
                null,
                Duration.ofSeconds(2),
                "a test");
        order(draft);
        assertThat(why(controls().order(draft, "mary"))).isEqualTo(Controls.Why.ALREADY_ORDERED);
        assertThat(controls().breakers())
                .anyMatch(one ->
                        one.name().equals("liquidity/reserve") && one.state().equals("FORCED_OPEN"));
        Told told = bed.send(InwardBed.transfer());
        assertThat(bed.way(told.id())).contains("LIQUIDITY_EMERGENCY_APPROVAL");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> controls().breakers().stream()
                        .noneMatch(one -> one.state().equals("FORCED_OPEN")));
        Measure more = order(new Controls.Draft(
                Measure.Kind.SLA_EXTENSION, null, null, 5_000, null, "PACS_008", null, Duration.ofMinutes(1), "slow"));
        assertThat(bed.row(bed.send(InwardBed.transfer()).id())).containsEntry("measures", "{" + more.id() + "}");
        extensionsDoNotAddUp();
        assertThatThrownBy(() -> order(new Controls.Draft(
                        Measure.Kind.SLA_EXTENSION, null, null, 5_000, null, null, null, Duration.ofHours(2), "slow")))
                .hasMessageContaining("3600");
    }

    /** One of 5 s for all pacs.008 is in force. */
    private static void extensionsDoNotAddUp() {
        assertThat(extension()).isEqualTo(Duration.ofSeconds(5));
        Measure longer = order(new Controls.Draft(
                Measure.Kind.SLA_EXTENSION, null, null, 5_500, null, null, "SGD", Duration.ofMinutes(1), "slow"));
        assertThat(extension()).isEqualTo(Duration.ofMillis(5_500));
        controls().end(longer.id(), "mary", "");
        assertThat(extension()).isEqualTo(Duration.ofSeconds(5));
    }

    /** Of what is received now. */
    private static Duration extension() {
        Messages.Taken taken =
                (Messages.Taken) new Messages().read(InwardBed.transfer().bytes());
        Duration hard =
                ((Measures) controls()).stance(taken.intake()).settings().sla().hard();
        return hard.minus(InwardBed.SLOW.hard());
    }

    @Test
    void twoPeopleCompleteAPaymentWhoseOutcomeIsNotKnown() {
        configure(draft("emergency.pending_hold_ms", "60000", ConfigScope.ALL));
        UUID paid = pending(InwardBed.transfer());
        UUID listed = pending(InwardBed.transfer().with("debtorName", "Osman Blacklisted"));
        for (UUID payment : new UUID[] {paid, listed}) {
            order(new Controls.Draft(
                    Measure.Kind.FORCED_COMPLETION,
                    null,
                    null,
                    null,
                    payment,
                    null,
                    null,
                    Duration.ofMinutes(1),
                    "the customer waits"));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> "t".equals(bed.row(payment).get("done")));
        }
        assertThat(bed.row(paid)).containsEntry("answer_status", "ACCC").containsEntry("status", "EMERGENCY_PROCESSED");
        assertThat(bed.posted(paid)).isPresent();
        assertThat(bed.row(listed)).containsEntry("answer_status", "RJCT").containsEntry("reason_code", "RR04");
        assertThat(bed.posted(listed)).isEmpty();
        assertThat(why(controls().order(forced(paid), "mary")))
                .isIn(Controls.Why.PAYMENT_NOT_PENDING, Controls.Why.ALREADY_ORDERED);
        assertThat(why(controls().order(forced(UUID.randomUUID()), "mary"))).isEqualTo(Controls.Why.PAYMENT_NOT_FOUND);
        configure(draft("emergency.pending_hold_ms", null, ConfigScope.ALL));
    }

    @Test
    void completionsAreProposedForManyAtOnceAndNoneTwice() {
        configure(draft("emergency.pending_hold_ms", "60000", ConfigScope.ALL));
        UUID paid = pending(InwardBed.transfer());
        assertThatThrownBy(() -> bulk("", paid)).hasMessageContaining("must say why");
        assertThat(bulk("the customer waits", paid)).singleElement().satisfies(item -> {
            assertThat(item.state()).isEqualTo(Bulks.State.DONE);
            assertThat(item.outcome()).matches("order [0-9]+ is proposed; another person approves it");
        });
        assertThat(bulk("again", paid)).singleElement().satisfies(item -> {
            assertThat(item.state()).isEqualTo(Bulks.State.SKIPPED);
            assertThat(item.outcome()).contains("in force or proposed already");
        });
        Measure proposed = controls().proposed().stream()
                .filter(one -> paid.equals(one.payment()))
                .findFirst()
                .orElseThrow();
        assertThat(proposed.reason()).isEqualTo("the customer waits");
        assertThat(why(controls().decide(proposed.id(), true, "mary", ""))).isEqualTo(Controls.Why.APPROVER_IS_AUTHOR);
        assertThat(controls().decide(proposed.id(), true, "john", "")).isInstanceOf(Controls.Outcome.Done.class);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> "t".equals(bed.row(paid).get("done")));
        assertThat(bed.row(paid)).containsEntry("status", "EMERGENCY_PROCESSED");
        assertThat(bulk("once more", paid))
                .singleElement()
                .satisfies(item -> assertThat(item.outcome()).startsWith("has its final answer"));
        configure(draft("emergency.pending_hold_ms", null, ConfigScope.ALL));
    }

    private static List<Bulks.Item> bulk(String note, UUID payment) {
        Bulks bulks = bed.module().views().bulks();
        UUID id = bulks.preview(new Bulks.Draft(Bulks.Kind.COMPLETE, List.of(payment), note, null), "mary")
                .id();
        assertThat(bulks.start(id, "mary")).isEqualTo(Bulks.Started.YES);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> bulks.bulk(id).orElseThrow().doneAt() != null);
        return bulks.items(id);
    }

    private static Controls.Draft forced(UUID payment) {
        return new Controls.Draft(
                Measure.Kind.FORCED_COMPLETION, null, null, null, payment, null, null, Duration.ofMinutes(1), "why");
    }

    /** One whose worker dies before anything is sent to the ledger. */
    private static UUID pending(Draft draft) {
        bed.faults.arm("inward.flow.step", name -> {
            throw new IllegalStateException("dies");
        });
        var unused = bed.submit(draft);
        await().atMost(Duration.ofSeconds(10)).until(() -> bed.idOf(draft).isPresent());
        bed.faults.disarmAll();
        return bed.idOf(draft).orElseThrow();
    }
}
