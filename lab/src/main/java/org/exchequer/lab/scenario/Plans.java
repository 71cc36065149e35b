package org.exchequer.lab.scenario;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultKind;

/** How schedules are made: a quiet beginning, then one fault after the other with time to recover, a quiet end. */
final class Plans {
    static final long QUIET_BEGINNING_MS = 4_000;
    static final long QUIET_END_MS = 4_000;

    private Plans() {}

    /** Faults that begin together; the next ones wait until these have ended. */
    @FunctionalInterface
    interface Step {
        List<Fault> at(long atMs, RandomGenerator random);
    }

    /** One after the other, in turn, from the beginning to the end; as many of the first ones as there is time for. */
    static FaultPlan inTurn(long recoveryMs, Step... steps) {
        return (random, lengthMs) -> {
            List<Fault> faults = new ArrayList<>();
            long at = QUIET_BEGINNING_MS;
            for (int i = 0; ; i = (i + 1) % steps.length) {
                List<Fault> next = steps[i].at(at, random);
                long end = next.stream()
                        .mapToLong(fault -> fault.atMs() + fault.lengthMs())
                        .max()
                        .orElse(at);
                // The first is made in any case: a run without a fault would show nothing.
                if (!faults.isEmpty() && end + QUIET_END_MS > lengthMs) {
                    return List.copyOf(faults);
                }
                faults.addAll(next);
                at = end + recoveryMs / 2 + random.nextLong(Math.max(1, recoveryMs));
                if (at + QUIET_END_MS > lengthMs) {
                    return List.copyOf(faults);
                }
            }
        };
    }

    /** Each of these once, in an order from the seed, and then from the beginning again. */
    static FaultPlan shuffled(long recoveryMs, List<Step> steps) {
        return (random, lengthMs) -> {
            List<Step> order = new ArrayList<>(steps);
            for (int i = order.size(); i > 1; i--) {
                Collections.swap(order, i - 1, random.nextInt(i));
            }
            return inTurn(recoveryMs, order.toArray(Step[]::new)).plan(random, lengthMs);
        };
    }

    /** One fault without a target, of a length between these. */
    static Step fault(FaultKind kind, long leastMs, long mostMs) {
        return (at, random) -> List.of(Fault.of(at, kind, between(random, leastMs, mostMs)));
    }

    /** One fault on a target. */
    static Step on(FaultKind kind, String target, long leastMs, long mostMs) {
        return (at, random) -> List.of(Fault.on(at, kind, target, between(random, leastMs, mostMs)));
    }

    /** One fault on a target, with an amount. */
    static Step on(FaultKind kind, String target, long leastMs, long mostMs, long amount) {
        return (at, random) -> List.of(new Fault(at, kind, target, between(random, leastMs, mostMs), amount));
    }

    /** So much later than what it stands together with. */
    static Step later(long afterMs, Step step) {
        return (at, random) -> step.at(at + afterMs, random);
    }

    /** Several at once. */
    static Step together(Step... steps) {
        return (at, random) -> {
            List<Fault> all = new ArrayList<>();
            for (Step step : steps) {
                all.addAll(step.at(at, random));
            }
            return all;
        };
    }

    /** Any of these. */
    static Step anyOf(Step... steps) {
        return (at, random) -> steps[random.nextInt(steps.length)].at(at, random);
    }

    static long between(RandomGenerator random, long least, long most) {
        return random.nextLong(least, most + 1);
    }
}
