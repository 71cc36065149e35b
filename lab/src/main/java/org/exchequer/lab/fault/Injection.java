package org.exchequer.lab.fault;

import java.util.List;

/**
 * A fault in force.
 *
 * @param resolved what it met
 * @param ending ends it
 */
record Injection(String resolved, Ending ending) {
    /** How a fault ends. */
    @FunctionalInterface
    interface Ending {
        /** Ends it and says what can be proved of it. */
        Proof end() throws Exception;
    }

    /**
     * What can be proved of a fault.
     *
     * @param bit whether it had an effect
     * @param evidence what was seen
     */
    record Proof(boolean bit, List<String> evidence) {
        static Proof of(boolean bit, String evidence) {
            return new Proof(bit, List.of(evidence));
        }
    }
}
