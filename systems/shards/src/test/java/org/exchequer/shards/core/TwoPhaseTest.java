package org.exchequer.shards.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.exchequer.shards.core.TwoPhase.Actor;
import org.exchequer.shards.core.TwoPhase.Side;
import org.exchequer.shards.core.TwoPhase.Step;
import org.junit.jupiter.api.Test;

/**
 * Every order in which two drivers and a resolver can take a transaction over three shards, with a crash after any
 * step: not a sample, all of it.
 */
class TwoPhaseTest {
    private static final int PARTS = 3;

    /** What the shards hold, and what each actor believes; a state of the whole. */
    private record State(List<Side> truth, List<List<Side>> beliefs, List<Boolean> alive, int refusing) {}

    private static Side apply(Step step, Side truth, boolean refuses) {
        return switch (step) {
            case Step.Reserve reserve -> truth != Side.ABSENT ? truth : refuses ? Side.REFUSED : Side.HELD;
            case Step.Decide decide -> truth == Side.HELD ? Side.POSTED : truth;
            case Step.Complete complete -> truth == Side.HELD ? Side.POSTED : truth;
            case Step.RollBack rollBack -> truth == Side.HELD ? Side.GONE : truth;
            case Step.Release release -> truth == Side.HELD ? Side.GONE : truth;
            case Step.Bar bar -> truth == Side.ABSENT ? Side.REFUSED : truth;
            case Step.Wait wait -> truth;
            case Step.Done done -> truth;
            case Step.Broken broken -> truth;
        };
    }

    private static int part(Step step) {
        return switch (step) {
            case Step.Reserve reserve -> reserve.part();
            case Step.Complete complete -> complete.part();
            case Step.Release release -> release.part();
            default -> 0;
        };
    }

    private static boolean over(Step step) {
        return step instanceof Step.Wait || step instanceof Step.Done || step instanceof Step.Broken;
    }

    /**
     * The answer to a reservation is the first answer, whatever has become of it: a driver believes that it is
     * held.
     */
    private static Side believed(Step step, Side after) {
        return step instanceof Step.Reserve && after != Side.REFUSED ? Side.HELD : after;
    }

    @Test
    void no_interleaving_of_two_drivers_a_resolver_and_crashes_is_half_done() {
        int states = 0;
        for (int refusing = -1; refusing < PARTS; refusing++) {
            List<Side> nothing = List.of(Side.ABSENT, Side.ABSENT, Side.ABSENT);
            Deque<State> open = new ArrayDeque<>(
                    List.of(new State(nothing, List.of(nothing, nothing), List.of(true, true), refusing)));
            Set<State> seen = new HashSet<>(open);
            int ends = 0;
            while (!open.isEmpty()) {
                State state = open.remove();
                assertSafe(state);
                List<State> next = successors(state);
                ends += next.isEmpty() ? 1 : 0;
                for (State successor : next) {
                    if (seen.add(successor)) {
                        open.add(successor);
                    }
                }
                // Whatever has happened, a resolver alone brings it to an end.
                assertSettled(resolve(state.truth(), 20));
            }
            states += seen.size();
            assertThat(ends).isPositive();
        }
        System.out.println(states + " states of two drivers, a resolver and three shards");
        assertThat(states).isGreaterThan(200);
    }

    private static List<State> successors(State state) {
        List<State> next = new ArrayList<>();
        for (int driver = 0; driver < 2; driver++) {
            if (!state.alive().get(driver)) {
                continue;
            }
            Step step = TwoPhase.next(state.beliefs().get(driver), Actor.DRIVER);
            assertThat(step).isNotInstanceOf(Step.Broken.class);
            next.add(with(state, state.truth(), driver, state.beliefs().get(driver), false));
            if (!over(step)) {
                int part = part(step);
                Side after = apply(step, state.truth().get(part), part == state.refusing());
                List<Side> truth = set(state.truth(), part, after);
                List<Side> belief = set(state.beliefs().get(driver), part, believed(step, after));
                next.add(with(state, truth, driver, belief, true));
                // The answer is lost: it is done, and the driver stops.
                next.add(with(state, truth, driver, state.beliefs().get(driver), false));
            }
        }
        // One step of a resolver that finds the transaction overdue; and the coordinator's clock.
        Step step = TwoPhase.next(state.truth(), Actor.RESOLVER_OVERDUE);
        assertThat(step).isNotInstanceOf(Step.Broken.class);
        if (!over(step)) {
            int part = part(step);
            List<Side> truth =
                    set(state.truth(), part, apply(step, state.truth().get(part), false));
            next.add(new State(truth, state.beliefs(), state.alive(), state.refusing()));
        }
        if (state.truth().getFirst() == Side.HELD) {
            next.add(new State(set(state.truth(), 0, Side.GONE), state.beliefs(), state.alive(), state.refusing()));
        }
        return next;
    }

    private static State with(State state, List<Side> truth, int driver, List<Side> belief, boolean alive) {
        List<List<Side>> beliefs = new ArrayList<>(state.beliefs());
        beliefs.set(driver, belief);
        List<Boolean> living = new ArrayList<>(state.alive());
        living.set(driver, alive);
        return new State(truth, List.copyOf(beliefs), List.copyOf(living), state.refusing());
    }

    private static List<Side> set(List<Side> sides, int at, Side side) {
        List<Side> changed = new ArrayList<>(sides);
        changed.set(at, side);
        return List.copyOf(changed);
    }

    /** A participant posts only what was decided on, and is never rolled back then. */
    private static void assertSafe(State state) {
        List<Side> truth = state.truth();
        if (truth.subList(1, PARTS).contains(Side.POSTED)) {
            assertThat(truth.getFirst()).as("%s", state).isEqualTo(Side.POSTED);
        }
        if (truth.getFirst() == Side.POSTED) {
            assertThat(truth).as("%s", state).doesNotContain(Side.GONE, Side.REFUSED, Side.ABSENT);
        }
    }

    private static List<Side> resolve(List<Side> truth, int steps) {
        Step step = TwoPhase.next(truth, Actor.RESOLVER_OVERDUE);
        if (over(step) || steps == 0) {
            assertThat(step).isInstanceOf(Step.Done.class);
            return truth;
        }
        int part = part(step);
        return resolve(set(truth, part, apply(step, truth.get(part), false)), steps - 1);
    }

    private static void assertSettled(List<Side> truth) {
        assertThat(truth).doesNotContain(Side.HELD);
        assertThat(truth.contains(Side.POSTED)).isEqualTo(truth.stream().allMatch(side -> side == Side.POSTED));
    }

    @Test
    void a_shard_that_does_not_answer_is_waited_for() {
        assertThat(TwoPhase.next(List.of(Side.UNSEEN, Side.HELD), Actor.RESOLVER_OVERDUE))
                .isEqualTo(new Step.Wait());
        assertThat(TwoPhase.next(List.of(Side.HELD, Side.UNSEEN), Actor.DRIVER)).isEqualTo(new Step.Wait());
        assertThat(TwoPhase.next(List.of(Side.POSTED, Side.UNSEEN, Side.HELD), Actor.RESOLVER))
                .isEqualTo(new Step.Complete(2));
        assertThat(TwoPhase.next(List.of(Side.GONE, Side.UNSEEN, Side.HELD), Actor.RESOLVER))
                .isEqualTo(new Step.Release(2));
    }

    @Test
    void a_shard_that_lost_what_it_answered_is_left_alone() {
        for (List<Side> broken : List.of(
                List.of(Side.HELD, Side.POSTED),
                List.of(Side.POSTED, Side.ABSENT),
                List.of(Side.POSTED, Side.GONE),
                List.of(Side.GONE, Side.POSTED))) {
            for (Actor actor : Actor.values()) {
                assertThat(TwoPhase.next(broken, actor)).as("%s", broken).isInstanceOf(Step.Broken.class);
            }
        }
    }

    @Test
    void a_hold_that_its_coordinator_never_heard_of_is_barred_before_it_is_given_back() {
        assertThat(TwoPhase.next(List.of(Side.ABSENT, Side.HELD), Actor.RESOLVER))
                .isEqualTo(new Step.Bar());
        assertThat(TwoPhase.next(List.of(Side.REFUSED, Side.HELD), Actor.RESOLVER))
                .isEqualTo(new Step.Release(1));
        assertThat(Arrays.stream(Actor.values()).map(actor -> TwoPhase.next(List.of(Side.REFUSED, Side.GONE), actor)))
                .containsOnly(new Step.Done(false));
    }
}
