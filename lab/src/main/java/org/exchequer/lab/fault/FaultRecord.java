package org.exchequer.lab.fault;

import java.util.ArrayList;
import java.util.List;

/**
 * A fault as it was carried out.
 *
 * @param fault as planned
 * @param resolved what it met, e.g. {@code node2}; as planned where that says it
 * @param beganMs when it was in force, from the beginning of the load
 * @param endedMs when it was no longer, or {@code beganMs} when it was not injected
 * @param bit whether there is evidence that it had an effect
 * @param evidence what was seen, line by line
 */
public record FaultRecord(
        Fault fault, String resolved, long beganMs, long endedMs, boolean bit, List<String> evidence) {
    public FaultRecord {
        evidence = List.copyOf(evidence);
    }

    /** Whether it was done at all. */
    public boolean injected() {
        return endedMs > beganMs || bit;
    }

    /** The same with more evidence. */
    public FaultRecord with(String line) {
        List<String> more = new ArrayList<>(evidence);
        more.add(line);
        return new FaultRecord(fault, resolved, beganMs, endedMs, bit, more);
    }
}
