package org.exchequer.inward.partner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.exchequer.inward.partner.AccountInfo.Source;
import org.exchequer.inward.partner.Accounts.Known;
import org.exchequer.inward.partner.CoreBanking.Found;
import org.exchequer.inward.partner.CoreBanking.NotFound;
import org.exchequer.inward.partner.Reply.Answered;
import org.exchequer.inward.partner.Reply.Late;
import org.exchequer.inward.partner.Reply.Unreachable;
import org.exchequer.inward.sim.PartnerSimulator;
import org.exchequer.inward.sim.Script;
import org.exchequer.inward.sim.Service;
import org.exchequer.kernel.Ticker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccountsTest {
    private static final Script DOWN = Script.AT_ONCE.failing(1, Script.Failure.UNAVAILABLE);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String NUMBER = "0012345617";
    private static final String UNKNOWN = "0012345694";

    private final HandTicker ticker = new HandTicker();
    private final Breakers breakers =
            new Breakers("one", ticker, CoreBankingTest.PATIENT, CoreBankingTest.PATIENT, BreakerBoard.inMemory());
    private final PartnerSimulator simulator;
    private final HttpCoreBanking vam;
    private final HttpCoreBanking midanz;
    private final Accounts accounts;

    AccountsTest() throws IOException {
        simulator = PartnerSimulator.start(
                PartnerSimulator.Settings.atOnce(7, Map.of()), Clock.systemUTC(), Ticker.system());
        vam = HttpCoreBanking.vam(simulator.url(Service.VAM), breakers, ticker);
        midanz = HttpCoreBanking.midanz(simulator.url(Service.MIDANZ), breakers, ticker);
        accounts = new Accounts(vam, midanz, Duration.ofSeconds(2), ticker);
    }

    @AfterEach
    void stop() {
        vam.close();
        midanz.close();
        simulator.close();
    }

    private Reply<Known> ask(String number, String currency) {
        return accounts.account(number, currency, ticker.in(10_000));
    }

    private Known known(String number, String currency) {
        Reply<Known> reply = ask(number, currency);
        assertThat(reply).isInstanceOf(Answered.class);
        return ((Answered<Known>) reply).value();
    }

    private static Source source(Known known) {
        return ((Found) known.lookup()).account().source();
    }

    @Test
    void eachCurrencyHasItsSystem() {
        assertThat(source(known(NUMBER, "SGD"))).isEqualTo(Source.VAM);
        assertThat(source(known(NUMBER, "USD"))).isEqualTo(Source.MIDANZ);
    }

    @Test
    void whatIsKnownIsUsedThenReadAgainThenRemembered() {
        assertThat(known(NUMBER, "SGD").cached()).isFalse();
        ticker.pass(Duration.ofSeconds(20));
        assertThat(known(NUMBER, "SGD")).returns(true, Known::cached).returns(Duration.ofSeconds(20), Known::age);
        assertThat(simulator.calls(Service.VAM, "account")).isEqualTo(1);
        ticker.pass(Duration.ofSeconds(1));
        assertThat(known(NUMBER, "SGD").age()).isEqualTo(Duration.ofSeconds(21));
        await().untilAsserted(() -> assertThat(known(NUMBER, "SGD").age()).isZero());
        assertThat(simulator.calls(Service.VAM, "account")).as("once, ahead").isEqualTo(2);

        simulator.play(Service.VAM, DOWN);
        simulator.play(Service.MIDANZ, DOWN);
        ticker.pass(Duration.ofSeconds(31));
        assertThat(ask(NUMBER, "SGD")).isInstanceOf(Unreachable.class);
        assertThat(accounts.remembered(NUMBER, "SGD").orElseThrow().age()).isEqualTo(Duration.ofSeconds(31));
        ticker.pass(Duration.ofHours(1));
        assertThat(accounts.remembered(NUMBER, "SGD")).isEmpty();
    }

    @Test
    void thatAnAccountIsUnknownIsBelievedShortly() {
        assertThat(known(UNKNOWN, "SGD").lookup()).isEqualTo(new NotFound(UNKNOWN));
        ticker.pass(Duration.ofSeconds(2));
        assertThat(known(UNKNOWN, "SGD").cached()).isTrue();
        ticker.pass(Duration.ofMillis(1));
        assertThat(known(UNKNOWN, "SGD").cached()).isFalse();
        assertThat(accounts.remembered(UNKNOWN, "SGD")).isEmpty();
        accounts.forget(UNKNOWN, "SGD");
        assertThat(known(UNKNOWN, "SGD").cached()).isFalse();
    }

    @Test
    void theOtherSystemStandsInWhereItCan() {
        simulator.play(Service.VAM, DOWN);
        assertThat(source(known(NUMBER, "SGD"))).isEqualTo(Source.MIDANZ);
        assertThat(ask(UNKNOWN, "SGD"))
                .as("what the other does not know may be there all the same")
                .isInstanceOf(Unreachable.class);
        simulator.reset();
        simulator.play(Service.MIDANZ, DOWN);
        assertThat(ask(NUMBER, "USD")).as("VAM has no dollars").isInstanceOf(Unreachable.class);
        assertThat(simulator.calls(Service.VAM, "account")).isEqualTo(2);
    }

    @Test
    void theFirstIsWaitedForAloneAsLongAsItUsuallyTakes() {
        assertThat(Accounts.alone(120, 0, 800)).as("not known yet").isEqualTo(120);
        assertThat(Accounts.alone(120, 90, 800)).as("fast").isEqualTo(120);
        assertThat(Accounts.alone(120, 300, 800)).as("slow by nature").isEqualTo(300);
        assertThat(Accounts.alone(120, 700, 800))
                .as("half is left for the other")
                .isEqualTo(400);
        assertThat(Accounts.alone(120, 300, 100)).as("no more than there is").isEqualTo(100);
    }

    @Test
    void theOtherSystemIsAskedTooWhenTheFirstIsSlow() {
        simulator.play(Service.VAM, Script.AT_ONCE.hanging(1));
        Accounts hasty = new Accounts(vam, midanz, Duration.ofMillis(20), ticker);
        Reply<Known> reply = hasty.account(NUMBER, "SGD", ticker.in(5_000));
        assertThat(reply).isInstanceOf(Answered.class);
        assertThat(source(((Answered<Known>) reply).value())).isEqualTo(Source.MIDANZ);
        simulator.play(Service.MIDANZ, Script.AT_ONCE.hanging(1));
        assertThat(hasty.account("0012345618", "SGD", ticker.in(60))).isInstanceOf(Late.class);
    }

    @Test
    void theOtherSystemIsProbedAfterTroubleThoughTheFirstIsWell() {
        BreakerSettings quick = new BreakerSettings(
                4, 2, 0.5, 0.5, 1, Duration.ofSeconds(9), Duration.ofSeconds(9), 1, SECOND, Duration.ofSeconds(30));
        Breakers own = new Breakers("two", ticker, quick, quick, BreakerBoard.inMemory());
        try (HttpCoreBanking first = HttpCoreBanking.vam(simulator.url(Service.VAM), own, ticker);
                HttpCoreBanking second = HttpCoreBanking.midanz(simulator.url(Service.MIDANZ), own, ticker)) {
            Accounts both = new Accounts(first, second, Duration.ofSeconds(2), ticker);
            simulator.play(Service.MIDANZ, DOWN);
            for (int i = 0; i < 4; i++) {
                assertThat(second.account(NUMBER, "SGD", ticker.in(10_000))).isInstanceOf(Unreachable.class);
            }
            assertThat(second.due("SGD")).as("its wait has begun").isFalse();
            assertThat(source(both, "0012345601")).isEqualTo(Source.VAM);
            assertThat(simulator.calls(Service.MIDANZ, "account")).isEqualTo(2);

            ticker.pass(SECOND.plusMillis(1));
            assertThat(second.due("SGD")).isTrue();
            assertThat(source(both, "0012345602")).isEqualTo(Source.VAM);
            await().untilAsserted(() ->
                    assertThat(simulator.calls(Service.MIDANZ, "account")).isEqualTo(3));
            await().untilAsserted(() -> assertThat(second.due("SGD")).isFalse());

            simulator.reset();
            ticker.pass(SECOND.plusMillis(1).multipliedBy(30));
            assertThat(source(both, "0012345603")).isEqualTo(Source.VAM);
            await().untilAsserted(() -> assertThat(own.readings())
                    .extracting(BreakerReading::state)
                    .containsOnly(BreakerReading.State.CLOSED));
            long calls = simulator.calls(Service.MIDANZ, "account");
            assertThat(source(both, "0012345604")).isEqualTo(Source.VAM);
            assertThat(simulator.calls(Service.MIDANZ, "account"))
                    .as("no longer asked")
                    .isEqualTo(calls);
        }
    }

    private Source source(Accounts of, String number) {
        return source(((Answered<Known>) of.account(number, "SGD", ticker.in(10_000))).value());
    }
}
