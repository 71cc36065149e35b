package org.exchequer.inward.api;

import java.util.Optional;
import java.util.UUID;
import org.exchequer.ledger.api.Page;
import org.jspecify.annotations.Nullable;

/** Messages that could not be read, for people to look at and to hand in again. */
public interface DeadLetters {
    /** How it is known by which door a message came that was handed in again. */
    String DOOR = "resubmission";

    /** One, with its message. */
    Optional<DeadLetter> letter(UUID id);

    /**
     * All, those received last first.
     *
     * @param cursor from the page before, or null for the first
     * @param limit 1 to 1,000
     * @throws IllegalArgumentException when the cursor is not one of ours
     */
    Page<DeadLetter> letters(@Nullable String cursor, int limit);

    /**
     * Hands one in again. Who did it is stored before, what became of it after it: when the process dies between, a
     * payment may be there that the letter does not name; the same message again gets its answer, and names it.
     *
     * @param message to hand in instead; null for the letter's own
     * @param by who asks for it
     * @return empty when there is no such letter
     */
    Optional<Submission> resubmit(UUID id, byte @Nullable [] message, String by);
}
