package org.exchequer.inward.partner;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import org.exchequer.inward.Settings;
import org.exchequer.inward.api.ConfigEntry;
import org.exchequer.inward.api.ConfigScope;
import org.exchequer.inward.api.Configurations;
import org.exchequer.inward.api.Controls;
import org.exchequer.inward.api.Measure;
import org.exchequer.inward.control.Configuration;
import org.exchequer.inward.control.Measures;
import org.exchequer.inward.control.SharedBoard;
import org.exchequer.inward.control.WorkGate;
import org.exchequer.inward.partner.BreakerReading.State;
import org.exchequer.inward.store.BreakerNotices;
import org.exchequer.inward.store.ConfigurationTable;
import org.exchequer.inward.store.MeasureTable;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nodes that have nothing in common but a database. */
@SuppressWarnings("NullAway.Init") // set up before the tests
class SharedBoardTest {
    private static Database database;

    @BeforeAll
    static void open() {
        database =
                Database.open(TestPostgres.freshDatabase(), "inward", new SimpleMeterRegistry(), OpenTelemetry.noop());
    }

    @AfterAll
    static void close() {
        database.close();
    }

    /** A node's part of what is shared. */
    private static final class Node {
        private final SharedBoard board = new SharedBoard(new BreakerNotices(database.dataSource()));
        private final HandTicker ticker = new HandTicker();
        private final Breakers breakers;
        private final Configuration configuration;
        private final Measures measures;

        Node(String name) {
            breakers = new Breakers(name, ticker, BreakerSettings.STANDARD, BreakerSettings.RESOURCE, board);
            configuration = new Configuration(
                    new ConfigurationTable(database.dataSource()),
                    Settings.standard(),
                    WorkGate.Bounds.STANDARD,
                    Clock.systemUTC(),
                    name);
            measures = new Measures(
                    new MeasureTable(database.dataSource()),
                    configuration,
                    breakers,
                    new WorkGate(WorkGate.Bounds.STANDARD, Ticker.system()),
                    ticker);
        }

        void follow() throws SQLException {
            configuration.refresh();
            measures.refresh();
            board.refresh();
        }

        State state(String breaker) {
            return breakers.breaker(breaker).state();
        }
    }

    @Test
    void whatOneNodesBreakerSeesOpensThoseOfTheOthersAndOfOneThatStarts() throws SQLException {
        Node one = new Node("one");
        Node two = new Node("two");
        Breaker breaker = one.breakers.breaker("vam/account");
        while (breaker.state() == State.CLOSED) {
            Breaker.Pass pass = breaker.acquire();
            breaker.record(pass, true, 1);
        }
        assertThat(two.state("vam/account")).isEqualTo(State.CLOSED);
        one.follow();
        two.follow();
        assertThat(two.state("vam/account")).isEqualTo(State.OPEN);
        Node three = new Node("three");
        three.follow();
        assertThat(three.breakers.notClosed()).containsExactly("vam/account=OPEN");
        one.ticker.pass(Duration.ofMillis(1_001));
        for (int i = 0; i < BreakerSettings.STANDARD.probes(); i++) {
            breaker.record(breaker.acquire(), false, 1);
        }
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        one.follow();
        two.follow();
        assertThat(two.state("vam/account")).as("sees for itself").isEqualTo(State.HALF_OPEN);
    }

    @Test
    void allNodesObeyAnOrderUntilItEndsAlsoWhenTheDatabaseIsNotAskedAgain() throws SQLException {
        Node one = new Node("one");
        Node two = new Node("two");
        Controls.Outcome outcome = one.measures.order(
                new Controls.Draft(
                        Measure.Kind.BREAKER_OVERRIDE,
                        "midanz",
                        "FORCED_OPEN",
                        null,
                        null,
                        null,
                        null,
                        Duration.ofMinutes(1),
                        "planned outage"),
                "mary");
        assertThat(outcome).isInstanceOf(Controls.Outcome.Done.class);
        two.follow();
        assertThat(two.state("midanz")).isEqualTo(State.FORCED_OPEN);
        two.ticker.pass(Duration.ofMinutes(1));
        assertThat(two.state("midanz")).isEqualTo(State.CLOSED);
        one.measures.end(((Controls.Outcome.Done) outcome).measure().id(), "john", "over");
        assertThat(one.state("midanz")).isEqualTo(State.CLOSED);
    }

    @Test
    void allNodesWorkByWhatWasApprovedOnOne() throws SQLException {
        Node one = new Node("one");
        Node two = new Node("two");
        Configurations.Draft draft = new Configurations.Draft(
                "breaker.standard.probes",
                BigDecimal.valueOf(2),
                new ConfigScope(null, null, null, null, "two"),
                null,
                null,
                null,
                null,
                "a test");
        ConfigEntry proposed = ((Configurations.Outcome.Done) one.configuration.propose(draft, "mary")).entry();
        assertThat(one.configuration.decide(draft.key(), proposed.version(), true, "john", ""))
                .isInstanceOf(Configurations.Outcome.Done.class);
        two.follow();
        assertThat(two.configuration.revision()).isEqualTo(one.configuration.revision());
        assertThat(two.configuration.ofNode().standard().probes()).isEqualTo(2);
        assertThat(one.configuration.ofNode().standard().probes())
                .as("is another node")
                .isEqualTo(5);
    }
}
