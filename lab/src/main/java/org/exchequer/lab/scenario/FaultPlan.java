package org.exchequer.lab.scenario;

import java.util.List;
import java.util.random.RandomGenerator;
import org.exchequer.lab.fault.Fault;

/** Makes a schedule of faults from a seed. */
@FunctionalInterface
public interface FaultPlan {
    /** No faults at all. */
    FaultPlan NONE = (random, lengthMs) -> List.of();

    /**
     * The faults, in order of their beginning.
     *
     * @param lengthMs of the load; the last fault ends some seconds before it does
     */
    List<Fault> plan(RandomGenerator random, long lengthMs);
}
