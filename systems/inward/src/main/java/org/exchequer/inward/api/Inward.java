package org.exchequer.inward.api;

import java.time.Duration;

/** Inward clearing: takes a bank's messages, and answers each once. */
public interface Inward {
    /** Most bytes of a message. */
    int MOST_BYTES = 256 * 1024;

    /**
     * Takes a message: pacs.008, pacs.003, pacs.007 or camt.056, as XML or in the JSON form. The same message again
     * gets the same answer.
     *
     * @param message its bytes
     * @param door by which it came: {@code http}, {@code grpc}, {@code kafka}
     * @param waited how long it lay there before; counts against its time
     */
    Submission submit(byte[] message, String door, Duration waited);
}
