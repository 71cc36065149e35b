package org.exchequer.exchange.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.exchequer.exchange.core.Terms.BUY;
import static org.exchequer.exchange.core.Terms.FILL_OR_KILL;
import static org.exchequer.exchange.core.Terms.HIDDEN;
import static org.exchequer.exchange.core.Terms.IMMEDIATE_OR_CANCEL;
import static org.exchequer.exchange.core.Terms.POST_ONLY;
import static org.exchequer.exchange.core.Terms.SELL;

import java.util.List;
import org.exchequer.exchange.core.Auction.Tie;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarketTest {
    private static final long ANY = Book.MAX_PRICE;

    private final Recording events = new Recording();
    private final Market market =
            new Market(new Instrument("EXCQ", TickTable.of(5), 10, 1_000, 8, 1_000, 200, 1_000, Tie.REFERENCE), events);

    @BeforeEach
    void open() {
        market.begin(Phase.CONTINUOUS);
        events.lines.clear();
    }

    private Verdict order(long id, int terms, long price, long quantity) {
        return market.enter(id, terms, price, quantity, 0, 0, id);
    }

    @Test
    void stopOrdersFollowOneAnotherDown() {
        order(1, BUY, 1_000, 10);
        order(2, BUY, 990, 10);
        order(3, BUY, 985, 30);
        assertThat(market.stop(4, SELL | IMMEDIATE_OR_CANCEL, 990, 0, 10, 0, 4)).isEqualTo(Verdict.DONE);
        assertThat(market.stop(5, SELL, 990, 985, 50, 0, 5)).isEqualTo(Verdict.DONE);
        assertThat(market.stop(6, SELL | IMMEDIATE_OR_CANCEL, 980, 0, 10, 0, 6)).isEqualTo(Verdict.DONE);
        events.lines.clear();
        assertThat(order(7, SELL | IMMEDIATE_OR_CANCEL, 990, 20)).isEqualTo(Verdict.FILLED);
        assertThat(events.lines)
                .containsExactly(
                        "traded 1 with 7 selling 10 at 1000, left 0 and 10",
                        "traded 2 with 7 selling 10 at 990, left 0 and 0",
                        "stop 4 selling triggered at 990",
                        "traded 3 with 4 selling 10 at 985, left 20 and 0",
                        "stop 5 selling triggered at 990",
                        "traded 3 with 5 selling 20 at 985, left 0 and 30",
                        "rested 5 to sell 30 of 30 at 985");
        assertThat(market.stops()).isEqualTo(1);
    }

    @Test
    void nothingIsExecutedBeyondTheBandAsItComes() {
        Market free = new Market(
                new Instrument("EXCQ", TickTable.of(5), 10, 1_000, 100, 1_000, 0, 1_000, Tie.REFERENCE), events);
        free.begin(Phase.CALL);
        free.enter(1, BUY, 905, 10, 0, 0, 1);
        free.enter(2, BUY, 950, 10, 0, 0, 2);
        free.enter(3, BUY, 1_050, 10, 0, 0, 3);
        free.enter(4, SELL, 1_050, 10, 0, 0, 4);
        // The reference price is 1,050 from now on, and the band begins at 945.
        free.begin(Phase.CONTINUOUS);
        free.stop(5, SELL | IMMEDIATE_OR_CANCEL, 950, 0, 10, 0, 5);
        events.lines.clear();
        assertThat(free.enter(6, SELL | IMMEDIATE_OR_CANCEL, 0, 10, 0, 0, 6)).isEqualTo(Verdict.FILLED);
        assertThat(events.lines)
                .containsExactly(
                        "traded 2 with 6 selling 10 at 950, left 0 and 0",
                        "stop 5 selling triggered at 950",
                        "killed 10 of 5, NOT_AT_ONCE",
                        "phase CALL, VOLATILITY");
    }

    @Test
    void aStopOrderWhosePriceIsReachedComesAtOnce() {
        order(1, SELL, 1_010, 10);
        assertThat(market.stop(2, BUY, 1_000, 1_010, 10, 0, 2)).isEqualTo(Verdict.DONE);
        assertThat(events.lines)
                .endsWith("stop 2 buying triggered at 1000", "traded 1 with 2 buying 10 at 1010, left 0 and 0");
    }

    @Test
    void anOrderThatMovesThePriceTooFarInterruptsTrading() {
        order(1, SELL, 1_010, 10);
        order(2, SELL, 1_020, 10);
        order(3, SELL, 1_025, 10);
        events.lines.clear();
        assertThat(order(4, BUY, 1_030, 50)).isEqualTo(Verdict.DONE);
        assertThat(events.lines)
                .containsExactly(
                        "traded 1 with 4 buying 10 at 1010, left 0 and 40",
                        "traded 2 with 4 buying 10 at 1020, left 0 and 30",
                        "rested 4 to buy 30 of 30 at 1030",
                        "phase CALL, VOLATILITY");
        assertThat(order(5, BUY | IMMEDIATE_OR_CANCEL, 1_030, 10)).isEqualTo(Verdict.WRONG_PHASE);
        events.lines.clear();
        assertThat(market.begin(Phase.CONTINUOUS)).isEqualTo(Verdict.DONE);
        assertThat(events.lines)
                .containsExactly(
                        "auctioned 10 at 1030, left 20",
                        "traded 4 with 3 selling 10 at 1030, left 20 and 0",
                        "phase CONTINUOUS, COMMANDED");
        assertThat(order(6, SELL, 1_030, 20)).as("trading goes on").isEqualTo(Verdict.FILLED);
        assertThat(market.phase()).isEqualTo(Phase.CONTINUOUS);
    }

    @Test
    void whatMustNotWaitInterruptsTradingToo() {
        order(1, SELL, 1_030, 10);
        assertThat(order(2, BUY | IMMEDIATE_OR_CANCEL, ANY, 10)).isEqualTo(Verdict.KILLED);
        assertThat(events.lines).endsWith("killed 10 of 2, NOT_AT_ONCE", "phase CALL, VOLATILITY");
        market.begin(Phase.CONTINUOUS);
        assertThat(order(3, BUY | FILL_OR_KILL, ANY, 10))
                .as("not within the range")
                .isEqualTo(Verdict.NOT_FILLABLE);
        assertThat(market.phase()).isEqualTo(Phase.CONTINUOUS);
    }

    @Test
    void anAuctionExecutesOrdersAtAnyPriceFirstAndLeavesNone() {
        market.begin(Phase.CALL);
        assertThat(order(1, BUY, ANY, 30)).isEqualTo(Verdict.DONE);
        assertThat(order(2, BUY, 1_010, 10)).isEqualTo(Verdict.DONE);
        assertThat(order(3, SELL, 1_005, 20)).isEqualTo(Verdict.DONE);
        assertThat(market.stop(4, BUY, 1_010, 1_020, 10, 0, 4)).isEqualTo(Verdict.DONE);
        events.lines.clear();
        market.begin(Phase.CONTINUOUS);
        assertThat(events.lines)
                .containsExactly(
                        "auctioned 20 at 1010, left 20",
                        "traded 1 with 3 selling 20 at 1010, left 10 and 0",
                        "removed 1 to buy 10 of 10 at " + ANY + ", CANCELLED",
                        "phase CONTINUOUS, COMMANDED",
                        "stop 4 buying triggered at 1010",
                        "rested 4 to buy 10 of 10 at 1020");
    }

    @Test
    void allOrdersOfAnOwnerAreTakenOutInAnyPhase() {
        market.enter(1, BUY, 990, 10, 0, 0, 77);
        market.enter(2, SELL, 1_010, 10, 0, 0, 77);
        market.enter(3, BUY, 995, 10, 0, 0, 77);
        market.enter(4, BUY, 995, 10, 0, 0, 78);
        market.stop(5, SELL, 980, 980, 10, 0, 77);
        market.begin(Phase.CLOSED);
        assertThat(market.cancel(1)).isEqualTo(Verdict.WRONG_PHASE);
        events.lines.clear();
        assertThat(market.cancelAll(77)).isEqualTo(4);
        assertThat(events.lines)
                .extracting(line -> line.substring(0, 9))
                .containsExactly("removed 3", "removed 1", "removed 2", "stop 5 se");
        assertThat(market.cancelAll(77)).isZero();
        assertThat(market.book().size()).isEqualTo(1);
    }

    @Test
    void smallerKeepsItsPlaceAndAllElseLosesIt() {
        order(1, BUY, 990, 50);
        order(2, BUY, 990, 50);
        assertThat(market.replace(1, 990, 40)).isEqualTo(Verdict.DONE);
        assertThat(market.replace(1, 990, 40)).as("nothing changes").isEqualTo(Verdict.DONE);
        order(3, SELL | IMMEDIATE_OR_CANCEL, 990, 40);
        assertThat(market.book().open(1)).isZero();
        order(4, BUY, 990, 50);
        assertThat(market.replace(2, 990, 60)).isEqualTo(Verdict.DONE);
        order(5, SELL | IMMEDIATE_OR_CANCEL, 990, 50);
        assertThat(market.book().open(4)).isZero();
        market.begin(Phase.HALTED);
        assertThat(market.replace(2, 990, 10)).isEqualTo(Verdict.DONE);
        assertThat(market.replace(2, 990, 20)).isEqualTo(Verdict.WRONG_PHASE);
        assertThat(order(6, BUY, 990, 10)).isEqualTo(Verdict.WRONG_PHASE);
        assertThat(market.cancel(2)).isEqualTo(Verdict.DONE);
        assertThat(market.replace(2, 990, 10)).isEqualTo(Verdict.UNKNOWN_ORDER);
    }

    /** In the order of {@link Verdict}: each command breaks its rule and all that come after. */
    @Test
    void theFirstRuleThatIsBrokenIsNamed() {
        order(1, BUY, 990, 10);
        for (long id = 2; id <= 8; id++) {
            order(id, BUY, 980, 10);
        }
        long far = 2_003;
        int crossed = SELL | POST_ONLY | IMMEDIATE_OR_CANCEL;
        market.begin(Phase.HALTED);
        assertThat(market.enter(1, crossed, far, 2_001, -1, -1, 1)).isEqualTo(Verdict.WRONG_PHASE);
        market.begin(Phase.CONTINUOUS);
        assertThat(market.enter(1, crossed, far, 2_001, -1, -1, 1)).isEqualTo(Verdict.DUPLICATE_ID);
        assertThat(market.enter(9, crossed, far, 2_001, -1, -1, 1)).isEqualTo(Verdict.BAD_TERMS);
        assertThat(market.enter(9, SELL | HIDDEN, far, 2_001, -1, -1, 1)).isEqualTo(Verdict.BAD_QUANTITY);
        assertThat(market.enter(9, SELL | HIDDEN, far, 11, -1, -1, 1)).isEqualTo(Verdict.OFF_LOT);
        assertThat(market.enter(9, SELL | HIDDEN, far, 10, -10, 10, 1)).isEqualTo(Verdict.BAD_PEAK);
        assertThat(market.enter(9, SELL, far, 10, 20, 0, 1)).isEqualTo(Verdict.BAD_MINIMUM);
        assertThat(market.enter(9, SELL, -1, 10, 10, 0, 1)).isEqualTo(Verdict.FULL);
        market.cancel(8);
        assertThat(market.stop(9, SELL, -1, -1, 10, 0, 1)).isEqualTo(Verdict.BAD_PRICE);
        assertThat(market.stop(9, SELL, -1, far, 10, 0, 1)).isEqualTo(Verdict.BAD_TRIGGER);
        assertThat(market.enter(9, SELL, far, 10, 10, 0, 1)).isEqualTo(Verdict.OFF_TICK);
        assertThat(market.enter(9, SELL, 2_000, 10, 10, 0, 1)).isEqualTo(Verdict.OUT_OF_BAND);
        assertThat(market.enter(9, SELL, 990, 20, 20, 0, 1)).isEqualTo(Verdict.NOT_FILLABLE);
        assertThat(market.enter(9, SELL | POST_ONLY, 990, 20, 0, 0, 1)).isEqualTo(Verdict.WOULD_TRADE);
        assertThat(market.enter(9, SELL, 990, 10, 10, 0, 1)).isEqualTo(Verdict.FILLED);
    }

    @ParameterizedTest
    @CsvSource({"899, OFF_TICK", "895, OUT_OF_BAND", "900, DONE", "1100, DONE", "1105, OUT_OF_BAND", "0, BAD_PRICE"})
    void limitsAreNearTheReferencePrice(long price, Verdict verdict) {
        assertThat(order(1, BUY, price, 10)).isEqualTo(verdict);
    }

    @Test
    void anInstrumentsRulesAreChecked() {
        TickTable ticks = TickTable.of(5);
        List<Runnable> wrong = List.of(
                () -> new Instrument("", ticks, 1, 1, 1, 0, 0, 5, Tie.MIDDLE),
                () -> new Instrument("A", ticks, 0, 1, 1, 0, 0, 5, Tie.MIDDLE),
                () -> new Instrument("A", ticks, 10, 15, 1, 0, 0, 5, Tie.MIDDLE),
                () -> new Instrument("A", ticks, 1, 1, 0, 0, 0, 5, Tie.MIDDLE),
                () -> new Instrument("A", ticks, 1, 1, 1, -1, 0, 5, Tie.MIDDLE),
                () -> new Instrument("A", ticks, 1, 1, 1, 0, 10_001, 5, Tie.MIDDLE),
                () -> new Instrument("A", ticks, 1, 1, 1, 0, 0, 6, Tie.MIDDLE),
                () -> TickTable.of(0),
                () -> TickTable.of(new long[] {0, 10}, new long[] {1}),
                () -> TickTable.of(new long[] {1}, new long[] {1}),
                () -> TickTable.of(new long[] {0, 10}, new long[] {2, 3}),
                () -> TickTable.of(new long[] {0, 11}, new long[] {1, 2}));
        for (Runnable each : wrong) {
            assertThatThrownBy(each::run).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
