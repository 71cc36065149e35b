package org.exchequer.lab.fault;

/** There is nothing that this fault could be done to now: it is left out, and its record says why. */
final class NotInjected extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param why for people, e.g. {@code node1 does not run} */
    NotInjected(String why) {
        super(why);
    }
}
