package org.exchequer.inward.api;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What becomes of a message that was handed in. */
public sealed interface Submission {
    /**
     * It gets an answer.
     *
     * @param answer normally within the time that the scheme allows, whatever breaks, and never exceptionally
     */
    record Taken(CompletableFuture<Answered> answer) implements Submission {}

    /**
     * It cannot be read, and is kept for a person to look at.
     *
     * @param deadLetter under which id
     * @param code of the ISO 20022 external status reasons
     * @param rule that it breaks
     */
    record Unreadable(UUID deadLetter, String code, String rule) implements Submission {}

    /** As much as can be done in time is under way; nothing was kept. To be sent again after so long. */
    record Busy(long retryAfterMs) implements Submission {}
}
