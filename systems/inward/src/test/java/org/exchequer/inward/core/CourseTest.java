package org.exchequer.inward.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.exchequer.inward.api.State.*;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.exchequer.inward.api.State;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.MessageType;
import org.junit.jupiter.api.Test;

class CourseTest {
    private static final Outcome REFUSED = new Outcome.Refused(new Finding("AC04", "/", "is closed"));
    private static final List<Outcome> ALL = List.of(
            Outcome.PASSED,
            REFUSED,
            new Outcome.Listed(new Finding("RR04", "/", "is listed")),
            new Outcome.Repeated(),
            Outcome.LATE,
            new Outcome.Recalled());

    @Test
    void takesAPaymentThroughAllStages() {
        assertThat(way(MessageType.PACS_008, Outcome.PASSED))
                .containsExactly(
                        IDEMPOTENCY_CHECK,
                        BUSINESS_VALIDATION,
                        FRAUD_DETECTION,
                        ACCOUNT_VALIDATION,
                        LIQUIDITY_CHECK,
                        PAYMENT_EXECUTION,
                        RESPONSE_GENERATION,
                        COMPLETED);
    }

    @Test
    void takesAReversalPastTheChecksOfNewMoney() {
        assertThat(way(MessageType.PACS_007, Outcome.PASSED))
                .containsExactly(
                        IDEMPOTENCY_CHECK, BUSINESS_VALIDATION, PAYMENT_EXECUTION, RESPONSE_GENERATION, COMPLETED);
    }

    @Test
    void hasAFallbackForEachStageThatAsksOthers() {
        assertThat(Course.after(FRAUD_DETECTION, Outcome.LATE, MessageType.PACS_008))
                .isEqualTo(FRAUD_TIMEOUT);
        assertThat(Course.after(ACCOUNT_VALIDATION, Outcome.LATE, MessageType.PACS_008))
                .isEqualTo(ACCOUNT_TIMEOUT);
        assertThat(Course.after(LIQUIDITY_CHECK, Outcome.LATE, MessageType.PACS_008))
                .isEqualTo(LIQUIDITY_TIMEOUT);
        assertThat(Course.after(PAYMENT_EXECUTION, Outcome.LATE, MessageType.PACS_008))
                .isEqualTo(PAYMENT_TIMEOUT);
        assertThat(Course.after(RESPONSE_GENERATION, Outcome.LATE, MessageType.PACS_008))
                .isEqualTo(RESPONSE_TIMEOUT);
        assertThat(Course.after(ACCOUNT_CACHE_FALLBACK, Outcome.LATE, MessageType.PACS_008))
                .isEqualTo(SLA_BREACH);
    }

    @Test
    void neverRefusesWhatWasExecuted() {
        assertThatThrownBy(() -> Course.after(RESPONSE_GENERATION, REFUSED, MessageType.PACS_008))
                .isInstanceOf(IllegalStateException.class);
        assertThat(Lifecycle.next(RESPONSE_GENERATION))
                .containsExactlyInAnyOrder(RESPONSE_TIMEOUT, COMPLETED, SLA_BREACH);
    }

    @Test
    void recallsNothingOnceItIsExecuted() {
        for (State state : EnumSet.allOf(State.class)) {
            boolean before = !state.terminal()
                    && (state.compareTo(RESPONSE_GENERATION) < 0 && state.compareTo(BUSINESS_VALIDATION) >= 0
                            || state == EMERGENCY_PROCESSING);
            assertThat(Lifecycle.allows(state, CANCELLED)).as("%s", state).isEqualTo(before);
        }
    }

    @Test
    void reachesEveryStateAndEndsFromEach() {
        Set<State> reached = EnumSet.of(MESSAGE_RECEIVED);
        ArrayDeque<State> left = new ArrayDeque<>(reached);
        while (!left.isEmpty()) {
            for (State next : Lifecycle.next(left.pop())) {
                if (reached.add(next)) {
                    left.push(next);
                }
            }
        }
        assertThat(reached).isEqualTo(EnumSet.allOf(State.class));
        for (State state : State.values()) {
            assertThat(Lifecycle.next(state).isEmpty()).as("%s", state).isEqualTo(state.terminal());
            if (!state.terminal()) {
                assertThat(ends(state, EnumSet.noneOf(State.class)))
                        .as("%s ends", state)
                        .isTrue();
            }
        }
    }

    /** Each pair of state and outcome goes where the lifecycle allows, or is refused as a bug. */
    @Test
    void goesOnlyWhereTheLifecycleAllows() {
        for (State state : State.values()) {
            for (Outcome outcome : ALL) {
                for (MessageType type : MessageType.values()) {
                    try {
                        State next = Course.after(state, outcome, type);
                        assertThat(Lifecycle.allows(state, next)).isTrue();
                    } catch (IllegalStateException bug) {
                        assertThat(bug).hasMessageStartingWith("no payment");
                    }
                }
            }
        }
    }

    private static boolean ends(State state, Set<State> seen) {
        return state.terminal()
                || (seen.add(state) && Lifecycle.next(state).stream().anyMatch(next -> ends(next, seen)));
    }

    private static List<State> way(MessageType type, Outcome outcome) {
        List<State> way = new ArrayList<>();
        for (State state = MESSAGE_RECEIVED; !state.terminal(); ) {
            state = Course.after(state, outcome, type);
            way.add(state);
        }
        return way;
    }
}
