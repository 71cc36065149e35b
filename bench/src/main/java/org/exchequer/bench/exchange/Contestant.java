package org.exchequer.bench.exchange;

import java.util.List;

/** A book that carries out a flow. */
interface Contestant {
    /** Anew, with nothing in it; before each run, and not timed. */
    void reset();

    /** Carries out some of the flow's commands. */
    void run(int from, int to);

    /** A number that follows from all trades so far, and their order. */
    long trades();

    /** Price, quantity and number of orders of each level: buying ones, the best first, then selling ones. */
    List<Long> levels();
}
