package org.exchequer.inward.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the database says of a message that was just received. */
public sealed interface Receipt {
    /** Nobody has seen it before: it is durable now, and this process's to work on. */
    record New() implements Receipt {}

    /**
     * The same message was received before.
     *
     * @param id of that payment
     * @param answer the final one that was given to it; null while it is being worked on
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Known(UUID id, byte @Nullable [] answer) implements Receipt {}

    /**
     * It is durable and this process's to work on, but to be refused: another message came first with its ids, or with
     * its unique end-to-end transaction reference.
     *
     * @param other that payment
     */
    record Conflicting(UUID other) implements Receipt {}
}
