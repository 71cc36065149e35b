package org.exchequer.inward.partner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.exchequer.inward.core.Terms.Standing;
import org.exchequer.inward.sim.PartnerSimulator;
import org.exchequer.inward.sim.Script;
import org.exchequer.inward.sim.Service;
import org.exchequer.kernel.Ticker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DirectoryTest {
    private final HandTicker ticker = new HandTicker();
    private final PartnerSimulator simulator;
    private final HttpAvailability availability;
    private final Directory directory;

    DirectoryTest() throws IOException {
        Map<String, Standing> banks = new HashMap<>();
        for (int i = 0; i < 1_200; i++) {
            banks.put("%04dSGSG".formatted(i), i % 100 == 7 ? Standing.SUSPENDED : Standing.ACTIVE);
        }
        simulator =
                PartnerSimulator.start(PartnerSimulator.Settings.atOnce(7, banks), Clock.systemUTC(), Ticker.system());
        availability = new HttpAvailability(
                simulator.url(Service.AVAILABILITY),
                new Breakers("one", ticker, CoreBankingTest.PATIENT, CoreBankingTest.PATIENT, BreakerBoard.inMemory()),
                ticker);
        directory = new Directory(availability, ticker);
    }

    @AfterEach
    void stop() {
        directory.close();
        availability.close();
        simulator.close();
    }

    @Test
    void readsAllPages() {
        assertThat(directory.standing("0001SGSG")).isEmpty();
        assertThat(directory.age()).isEmpty();
        await().until(directory::refresh);
        assertThat(directory.standing("0001SGSG")).contains(Standing.ACTIVE);
        assertThat(directory.standing("1107SGSG")).contains(Standing.SUSPENDED);
        assertThat(directory.standing("1199SGSG")).contains(Standing.ACTIVE);
        assertThat(directory.standing("1200SGSG")).isEmpty();
        assertThat(simulator.calls(Service.AVAILABILITY, "banks")).isGreaterThanOrEqualTo(3);
    }

    @Test
    void goesOnWithWhatItKnowsWhileTheServiceIsAway() {
        await().until(directory::refresh);
        ticker.pass(Duration.ofMinutes(3));
        for (Script broken : new Script[] {
            Script.AT_ONCE.failing(1, Script.Failure.UNAVAILABLE), Script.AT_ONCE.mangling(1), Script.AT_ONCE.losing(1)
        }) {
            simulator.play(Service.AVAILABILITY, broken);
            assertThat(directory.refresh()).isFalse();
        }
        assertThat(directory.standing("0001SGSG")).contains(Standing.ACTIVE);
        assertThat(directory.age()).contains(Duration.ofMinutes(3));
    }

    @Test
    void followsInTheBackground() {
        await().until(directory::refresh);
        directory.start(Duration.ofMillis(20));
        simulator.putBank("0001SGSG", Standing.OFFLINE);
        await().untilAsserted(() -> assertThat(directory.standing("0001SGSG")).contains(Standing.OFFLINE));
    }
}
