package org.exchequer.inward.api;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter that somebody handed in again.
 *
 * @param by who
 * @param changed whether another text was handed in than had come
 * @param payment that it became; null when it could not be read again, or is not known yet
 * @param answerStatus that it was answered with; null as above
 * @param deadLetter that it became, when it could not be read again
 */
public record Resubmission(
        UUID id,
        Instant at,
        String by,
        boolean changed,
        @Nullable UUID payment,
        @Nullable String answerStatus,
        @Nullable UUID deadLetter) {}
