package org.exchequer.inward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.exchequer.inward.InwardBed.Draft;
import org.exchequer.inward.InwardBed.Told;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.api.PaymentView;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.exchequer.inward.sim.Script;
import org.exchequer.inward.sim.Service;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A partner hangs, and payments are known to miss their time before they do. */
class BreachTest {
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
    void reset() {
        bed.partners().reset();
    }

    private static PaymentView view(UUID id) {
        return bed.module().payments().dossier(id).orElseThrow().view();
    }

    private static PaymentEvent leaving(PaymentView view, Stage stage) {
        return view.events().stream()
                .filter(event -> event.from() != null && event.from().stage() == stage)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    @Test
    void predictsAtTheEndOfEachStageAndExpectsNothingBadOfAnOrdinaryDay() {
        PaymentView view = view(bed.send(InwardBed.transfer()).id());
        assertThat(view.events())
                .filteredOn(event -> event.forecast() != null)
                .extracting(PaymentEvent::to)
                .containsExactly(
                        State.IDEMPOTENCY_CHECK,
                        State.BUSINESS_VALIDATION,
                        State.FRAUD_DETECTION,
                        State.ACCOUNT_VALIDATION,
                        State.LIQUIDITY_CHECK,
                        State.PAYMENT_EXECUTION,
                        State.RESPONSE_GENERATION);
        PaymentEvent.Forecast forecast = leaving(view, Stage.ACCOUNT_VALIDATION).forecast();
        assertThat(forecast).isNotNull();
        assertThat(forecast.probability()).isLessThan(0.5);
        assertThat(forecast.atRisk()).isFalse();
    }

    /** Who comes after the first that wait is not kept waiting: small amounts pass at once, up to their cap. */
    @Test
    void knowsThatAPaymentWillBeLateBeforeItIsAndDoesWithoutWhatHangs() {
        bed.partners().play(Service.LIQUIDITY, "reserve", Script.AT_ONCE.hanging(1));
        List<CompletableFuture<Answered>> caught = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            caught.add(bed.submit(InwardBed.transfer()));
        }
        List<Told> warned = new ArrayList<>();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    CompletableFuture<Answered> next = bed.submit(InwardBed.transfer());
                    caught.add(next);
                    caught.stream()
                            .filter(CompletableFuture::isDone)
                            .map(InwardBed::told)
                            .filter(BreachTest::isSpared)
                            .forEach(warned::add);
                    return !warned.isEmpty();
                });
        PaymentView view = view(warned.getFirst().id());
        PaymentEvent.Forecast forecast = leaving(view, Stage.ACCOUNT_VALIDATION).forecast();
        assertThat(forecast).isNotNull();
        assertThat(forecast.atRisk()).isTrue();
        assertThat(view.events().stream().map(PaymentEvent::forecast).filter(Objects::nonNull))
                .anySatisfy(made -> assertThat(made.probability()).isGreaterThanOrEqualTo(0.8));
        assertThat(warned.getFirst().brief()).isEqualTo("ACCC");
        assertThat(view.fallbacks()).contains("LIQUIDITY_CHECK");

        Draft listed = InwardBed.transfer().with("debtorName", "Osman Blacklisted");
        assertThat(bed.send(listed).brief()).as("screened all the same").isEqualTo("RJCT RR04");
        caught.forEach(InwardBed::told);
    }

    private static boolean isSpared(Told told) {
        PaymentView view = view(told.id());
        return view.events().stream()
                .anyMatch(event -> event.from() == State.LIQUIDITY_CHECK
                        && String.valueOf(event.reason()).contains("expected to miss its time"));
    }
}
