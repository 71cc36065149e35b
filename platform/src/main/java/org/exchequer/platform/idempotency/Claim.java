package org.exchequer.platform.idempotency;

/** What a transaction may do under a key it has asked for. */
public sealed interface Claim {
    /** The key is this transaction's: make the effect and complete it. */
    record New() implements Claim {}

    /** The same request was answered before; this is that answer. */
    record Replay(Answer answer) implements Claim {}

    /** Another request was made under this key: refuse. */
    record KeyReused() implements Claim {}

    /** Another transaction has the key at this moment: ask again shortly. */
    record InProgress() implements Claim {}
}
