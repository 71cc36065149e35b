package org.exchequer.lab.stage;

import java.util.List;

/**
 * What the lab asks a node to do to itself for a time; see {@link Burdens}. It ends by itself, whatever becomes of the
 * lab.
 *
 * @param number tells it from others
 * @param what of {@link What}
 * @param supply that is taken away; {@code -} for none
 * @param amount how much, see {@link What}
 * @param lengthMs for how long at most
 */
public record Order(long number, What what, String supply, int amount, long lengthMs) {
    /** No supply. */
    public static final String NONE = "-";

    /** What can be asked for. */
    public enum What {
        /** The heap is filled up to {@code amount} percent of the most there is. */
        HEAP,
        /** All processors are kept busy for {@code amount} percent of the time. */
        CPU,
        /** {@code amount} percent of a supply is taken away. */
        SUPPLY,
        /** A model takes {@code amount} times as long, and at least so many milliseconds. */
        MODEL_SLOW,
        /** {@code amount} of 100 questions to a model take 200 to 600 ms longer. */
        MODEL_SPIKES,
        /** {@code amount} of 100 questions to a model are never answered. */
        MODEL_HANGS,
        /** {@code amount} of 100 questions to a model fail. */
        MODEL_FAILS,
        /** {@code amount} of 100 features are missing. */
        FEATURES_MISSING,
        /** {@code amount} of 100 payments are judged by features of an earlier one. */
        FEATURES_STALE,
        /** {@code amount} of 100 payments look a thousand times as large to models. */
        FEATURES_DRIFT,
        /** {@code amount} of 100 explanations cannot be made. */
        REASONS_FAIL
    }

    String line() {
        return number + " " + what + " " + supply + " " + amount + " " + lengthMs;
    }

    static Order of(String line) {
        List<String> words = List.of(line.strip().split(" ", -1));
        return new Order(
                Long.parseLong(words.get(0)),
                What.valueOf(words.get(1)),
                words.get(2),
                Integer.parseInt(words.get(3)),
                Long.parseLong(words.get(4)));
    }

    /**
     * What came of it.
     *
     * @param bit whether it had an effect
     * @param seen in words
     */
    public record Outcome(long number, boolean bit, String seen) {
        String line() {
            return number + " " + bit + " " + seen;
        }

        static Outcome of(String line) {
            List<String> words = List.of(line.split(" ", 3));
            return new Outcome(Long.parseLong(words.get(0)), Boolean.parseBoolean(words.get(1)), words.get(2));
        }
    }
}
