package org.exchequer.lab.scenario;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.exchequer.lab.fault.Fault;

/**
 * Lets faults begin small: in the beginning of a run shares and delays are a part of what they are later, and grow with
 * time. What lasts is made in steps. What cannot be small (a death, a cut) does not begin before the ramp is over.
 */
final class Ramp {
    private static final long STEP_MS = 15_000;
    /** The least part, of a hundred. */
    private static final long LEAST = 10;

    private static final long WHOLE = 100;

    private Ramp() {}

    /** @param rampMs from the beginning of the load; 0 for none */
    static List<Fault> over(List<Fault> schedule, long rampMs) {
        List<Fault> ramped = new ArrayList<>();
        for (Fault fault : schedule) {
            if (fault.atMs() >= rampMs) {
                ramped.add(fault);
                continue;
            }
            long end = fault.atMs() + fault.lengthMs();
            for (long at = fault.atMs(); at < end; ) {
                long until = at >= rampMs ? end : Math.min(end, at + STEP_MS);
                scaled(fault, at, until - at, rampMs).ifPresent(ramped::add);
                at = until;
            }
        }
        ramped.sort(Comparator.comparingLong(Fault::atMs));
        return List.copyOf(ramped);
    }

    private static Optional<Fault> scaled(Fault fault, long at, long lengthMs, long rampMs) {
        long part = at >= rampMs ? WHOLE : Math.max(LEAST, WHOLE * at / rampMs);
        if (part == WHOLE) {
            return Optional.of(new Fault(at, fault.kind(), fault.target(), lengthMs, fault.amount()));
        }
        long amount = switch (fault.kind()) {
            case SLOW,
                    SPIKES,
                    PARTNER_SLOW,
                    PARTNER_SPIKES,
                    PARTNER_HANGS,
                    PARTNER_FAILS,
                    PARTNER_DISCONNECTS,
                    PARTNER_LOSES,
                    PARTNER_MANGLES,
                    PARTNER_FLAPS,
                    ACCOUNTS_WRONG,
                    NODE_HEAP,
                    NODE_CPU,
                    NODE_SUPPLY,
                    MODEL_SPIKES,
                    MODEL_HANGS,
                    MODEL_FAILS,
                    FEATURES_MISSING,
                    FEATURES_STALE,
                    FEATURES_DRIFT,
                    REASONS_FAIL -> Math.max(1, fault.amount() * part / WHOLE);
            case MODEL_SLOW, LOAD_SPIKE -> 1 + (fault.amount() - 1) * part / WHOLE;
            default -> 0;
        };
        return amount == 0
                ? Optional.empty()
                : Optional.of(new Fault(at, fault.kind(), fault.target(), lengthMs, amount));
    }
}
