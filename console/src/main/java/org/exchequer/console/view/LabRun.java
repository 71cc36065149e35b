package org.exchequer.console.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of the lab made ready for reading.
 *
 * @param name of its folder
 * @param verdict {@code valid}, {@code invalid} or {@code unknown}; or {@code no result}
 * @param sentence the verdict in one sentence; where there is no result, why
 * @param result what else it says, or null when it says nothing that can be read
 * @param report whether it has left a page for people
 */
public record LabRun(
        String name,
        String verdict,
        String sentence,
        @Nullable Result result,
        boolean report) {
    /** Where no verdict can be read. */
    public static final String NONE = "no result";

    /**
     * What a run says about itself.
     *
     * @param length of the load, for people
     * @param took the whole run, for people
     * @param rate operations a second
     * @param done share of operations that were done, e.g. {@code 91 %}; empty where it is not told
     * @param gap the longest time without an acknowledged write; empty where it is not told
     * @param faults how many were carried out
     * @param bit how many of them with evidence that they had an effect
     * @param kinds each kind of fault, with how many bit of how many
     */
    public record Result(
            String scenario,
            String summary,
            String seed,
            Moment started,
            String length,
            String took,
            String rate,
            String program,
            String machine,
            String replay,
            String done,
            String gap,
            int faults,
            int bit,
            List<Kind> kinds) {}

    /** A kind of fault, e.g. {@code node kill}. */
    public record Kind(String name, int carriedOut, int bit) {}

    /** A length of time for people, e.g. {@code 20 min 30 s} or {@code 12.5 s}. */
    public static String duration(long millis) {
        if (millis < 60_000) {
            String tenths = Long.toString(millis / 100 % 10);
            return millis / 1_000 + (tenths.equals("0") ? "" : "." + tenths) + " s";
        }
        long seconds = millis / 1_000 % 60;
        return millis / 60_000 + " min" + (seconds == 0 ? "" : " " + seconds + " s");
    }
}
