package org.exchequer.platform.idempotency;

/** What became of a request that carried an idempotency key. */
public sealed interface Result {
    /**
     * It has its answer, durably.
     *
     * @param replayed true when the effect was made by an earlier request and this is its answer again
     */
    record Answered(Answer answer, boolean replayed) implements Result {}

    /** Another request was made under this key (HTTP 422). */
    record KeyReused() implements Result {}

    /** The same key is being worked on at this moment: ask again shortly (HTTP 409). */
    record InProgress() implements Result {}
}
