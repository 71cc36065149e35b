package org.exchequer.app.cli.inward.demo;

import java.util.List;
import org.exchequer.app.cli.inward.demo.Partners.Change;

/**
 * Something that goes wrong for a part of the run.
 *
 * @param from when it begins, in percent of the run
 * @param to when it ends
 * @param words what people see
 * @param change what makes it so
 */
record Fault(int from, int to, String words, Change change) {
    private static final List<String> VAM = List.of("vam/account");
    private static final List<String> MIDANZ = List.of("midanz/account");
    private static final List<String> RESERVE = List.of("liquidity/reserve");

    /** What the partners take while nothing is wrong: the times of the processor's specification. */
    static final List<Change> USUAL = List.of(
            new Change(VAM, Partners.script("medianMs", 156, "p99Ms", 190)),
            new Change(MIDANZ, Partners.script("medianMs", 245, "p99Ms", 390)),
            new Change(
                    List.of("liquidity/reserve", "liquidity/confirm", "liquidity/release", "liquidity/cancel"),
                    Partners.script("medianMs", 89, "p99Ms", 150)),
            new Change(List.of("availability/banks"), Partners.script("medianMs", 10, "p99Ms", 40)));

    /** In order; between them nothing is wrong, so that breakers close again. */
    static final List<Fault> LIST = List.of(
            new Fault(
                    10,
                    20,
                    "VAM is slow: every third call takes half a second to two seconds more",
                    new Change(
                            VAM,
                            Partners.script(
                                    "medianMs",
                                    156,
                                    "p99Ms",
                                    190,
                                    "spikes",
                                    0.34,
                                    "spikeLeastMs",
                                    500,
                                    "spikeMostMs",
                                    2_000))),
            new Fault(
                    26,
                    36,
                    "MIDANZ never answers half of its calls",
                    new Change(MIDANZ, Partners.script("medianMs", 245, "p99Ms", 390, "hangs", 0.5))),
            new Fault(
                    42,
                    50,
                    "liquidity reserves, and loses every third reply",
                    new Change(RESERVE, Partners.script("medianMs", 89, "p99Ms", 150, "lostReplies", 0.34))),
            new Fault(
                    56,
                    64,
                    "VAM is down: every connection breaks",
                    new Change(VAM, Partners.script("errors", 1, "failure", "DISCONNECT"))),
            new Fault(70, 78, "liquidity answers nothing", new Change(RESERVE, Partners.script("hangs", 1))),
            new Fault(
                    82,
                    86,
                    "the availability service fails",
                    new Change(List.of("availability/banks"), Partners.script("errors", 1, "failure", "UNAVAILABLE"))));

    /** The script that a fault's operations play after it. */
    Change over() {
        for (Change usual : USUAL) {
            if (usual.operations().containsAll(change.operations())) {
                return new Change(change.operations(), usual.script());
            }
        }
        throw new IllegalStateException("no usual script for " + change.operations());
    }
}
