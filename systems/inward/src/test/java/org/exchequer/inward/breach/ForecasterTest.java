package org.exchequer.inward.breach;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.exchequer.inward.breach.Forecaster.Standing;
import org.exchequer.inward.breach.Forecaster.Way;
import org.exchequer.inward.breach.Pace.End;
import org.exchequer.inward.core.Sla;
import org.exchequer.inward.partner.HandTicker;
import org.exchequer.iso20022.MessageType;
import org.junit.jupiter.api.Test;

/** What a node knows, made into features, and what the shipped model makes of them. */
class ForecasterTest {
    private static final long MS = 1_000_000;
    private static final Way TRANSFER = way(Sla.STANDARD, MessageType.PACS_008);

    private final HandTicker ticker = new HandTicker();
    private final List<String> notClosed = new ArrayList<>();
    private final Forecaster forecaster = new Forecaster(
            BreachModel.shipped()::probability, () -> new Moment.Load(10, 0, 2_000), () -> notClosed, ticker);

    private static Way way(Sla sla, MessageType type) {
        return new Way(sla, type, true, "SGD", "AAABSGSG", 0);
    }

    private static Standing after(State next) {
        return new Standing(next, 8 * MS, MS, 200 * MS, 0, -1);
    }

    private float feature(Moment moment, String name) {
        return moment.features()[Moment.SCHEMA.place(name)];
    }

    private void took(Work work, long ms, End how) {
        Pace pace = forecaster.pace(work);
        pace.begin(ticker.nanos());
        ticker.pass(Duration.ofMillis(ms));
        pace.end(ticker.nanos(), ms * MS, how);
    }

    private void allIsWell() {
        for (int i = 0; i < 40; i++) {
            for (Work work : Work.values()) {
                took(work, 3, End.DONE);
            }
        }
    }

    @Test
    void looksAtTheTwoStagesToComeAndTheirPartners() {
        took(Work.VAM, 30, End.DONE);
        took(Work.MIDANZ, 70, End.DONE);
        took(Work.LIQUIDITY, 50, End.DONE);
        Moment moment = forecaster.moment(TRANSFER, after(State.ACCOUNT_VALIDATION));
        assertThat(moment.next()).isEqualTo(Stage.ACCOUNT_VALIDATION);
        assertThat(moment.then()).isEqualTo(Stage.LIQUIDITY_CHECK);
        assertThat(feature(moment, "core")).isEqualTo(1);
        assertThat(feature(moment, "next.p50") / feature(moment, "next.grant")).isBetween(0.05f, 0.15f);
        assertThat(feature(moment, "account_age")).isNaN();
        Moment reversal = forecaster.moment(way(Sla.STANDARD, MessageType.PACS_007), after(State.PAYMENT_EXECUTION));
        assertThat(reversal.then()).isEqualTo(Stage.RESPONSE_GENERATION);
        assertThat(feature(reversal, "core")).isNaN();
        Moment last = forecaster.moment(TRANSFER, after(State.RESPONSE_GENERATION));
        assertThat(last.then()).isNull();
        assertThat(feature(last, "then.grant")).isNaN();
    }

    @Test
    void knowsTheBreakersThatStandBeforeThisPayment() {
        notClosed.addAll(List.of(
                "midanz=OPEN", "liquidity/confirm=OPEN", "liquidity/reserve/BBBCSGSG=OPEN", "vam/account/EUR=OPEN"));
        Moment moment = forecaster.moment(TRANSFER, after(State.ACCOUNT_VALIDATION));
        assertThat(feature(moment, "next.breaker")).isZero();
        assertThat(feature(moment, "then.breaker")).isZero();
        notClosed.addAll(List.of("vam/account/SGD=HALF_OPEN", "liquidity/reserve=FORCED_OPEN", "vam=FORCED_CLOSED"));
        moment = forecaster.moment(TRANSFER, after(State.ACCOUNT_VALIDATION));
        assertThat(feature(moment, "next.breaker")).isEqualTo(1);
        assertThat(feature(moment, "then.breaker")).isEqualTo(2);
    }

    /** Five times the time for five times the work is the same. */
    @Test
    void featuresAreSharesOfThePaymentsOwnTime() {
        Map<Stage, Duration> budgets = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            budgets.put(stage, stage.budget().multipliedBy(5));
        }
        Sla slow = new Sla(
                Duration.ofMillis(22_500),
                Duration.ofMillis(17_500),
                Duration.ofMillis(21_000),
                Duration.ofMillis(22_250),
                budgets);
        took(Work.LIQUIDITY, 20, End.DONE);
        float standard = feature(forecaster.moment(TRANSFER, after(State.LIQUIDITY_CHECK)), "next.p50");
        took(Work.LIQUIDITY, 100, End.DONE);
        took(Work.LIQUIDITY, 100, End.DONE);
        float five = feature(
                forecaster.moment(
                        way(slow, MessageType.PACS_008),
                        new Standing(State.LIQUIDITY_CHECK, 40 * MS, 5 * MS, 1_000 * MS, 0, -1)),
                "next.p50");
        assertThat(five).isCloseTo(standard, org.assertj.core.data.Offset.offset(0.001f));
    }

    @Test
    void expectsNothingBadWhileAllIsWell() {
        allIsWell();
        for (State next : new State[] {
            State.BUSINESS_VALIDATION, State.FRAUD_DETECTION, State.ACCOUNT_VALIDATION, State.PAYMENT_EXECUTION
        }) {
            assertThat(forecaster.probability(TRANSFER, after(next)))
                    .as("%s", next)
                    .isLessThan(0.05);
        }
    }

    @Test
    void expectsWorseTwoStagesBeforeAPartnerThatHangs() {
        allIsWell();
        forecaster.pace(Work.LIQUIDITY).begin(ticker.nanos());
        ticker.pass(Duration.ofMillis(400));
        for (State next : new State[] {State.ACCOUNT_VALIDATION, State.LIQUIDITY_CHECK}) {
            assertThat(forecaster.probability(TRANSFER, after(next)))
                    .as("at %s, while a breaker may still open", next)
                    .isGreaterThan(0.2);
        }
        assertThat(forecaster.probability(TRANSFER, after(State.FRAUD_DETECTION)))
                .as("too far ahead")
                .isLessThan(0.1);
    }

    @Test
    void predictsNothingWhereThatIsNoQuestion() {
        Sla sla = Sla.STANDARD;
        assertThat(Forecaster.isOpen(sla, State.FRAUD_DETECTION, State.ACCOUNT_VALIDATION, MS))
                .isTrue();
        assertThat(Forecaster.isOpen(sla, State.FRAUD_DETECTION, State.FRAUD_TIMEOUT, MS))
                .isFalse();
        assertThat(Forecaster.isOpen(sla, State.FRAUD_DETECTION, State.FRAUD_HIGH_RISK, MS))
                .isFalse();
        assertThat(Forecaster.isOpen(sla, State.RESPONSE_GENERATION, State.COMPLETED, MS))
                .isFalse();
        assertThat(Forecaster.isOpen(sla, State.BUSINESS_VALIDATION, State.SLA_BREACH, MS))
                .isFalse();
        assertThat(Forecaster.isOpen(sla, State.FRAUD_DETECTION, State.ACCOUNT_VALIDATION, 4_100 * MS))
                .isFalse();
    }

    /** Otherwise nobody would learn that a partner is well again. */
    @Test
    void letsSomebodyAskWhenNothingWasHeardForAWhile() {
        assertThat(forecaster.goesWithout(Work.LIQUIDITY)).as("never asked").isFalse();
        took(Work.LIQUIDITY, 200, End.LATE);
        assertThat(forecaster.goesWithout(Work.LIQUIDITY)).isTrue();
        ticker.pass(Duration.ofMillis(1_001));
        assertThat(forecaster.goesWithout(Work.LIQUIDITY)).isFalse();
        forecaster.pace(Work.LIQUIDITY).begin(ticker.nanos());
        assertThat(forecaster.goesWithout(Work.LIQUIDITY)).as("somebody asks").isTrue();
    }
}
