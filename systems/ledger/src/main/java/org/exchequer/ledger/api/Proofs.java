package org.exchequer.ledger.api;

import java.util.List;
import java.util.Optional;

/**
 * The proof log over the journal: that an entry stands in it as it did when it was signed. Positions are those of the
 * journal, from 1.
 */
public interface Proofs {
    /** What can be shown of an entry. */
    sealed interface Proof {
        /**
         * It is in the log.
         *
         * @param text the bundle, {@code c2sp.org/tlog-proof@v1}, which {@code exchequer verify --bundle} accepts
         */
        record Bundle(String text) implements Proof {}

        /** Not now: it is not signed yet, or there is no log here. */
        record NotReady(String why) implements Proof {}

        /** It was deleted from the log by policy; the log has its hash. */
        record Purged() implements Proof {}
    }

    /**
     * A log, of a ledger over several shards each shard's.
     *
     * @param key its public key (C2SP signed-note)
     * @param before the position before its first: what a transaction's number exceeds it by is the position in
     *     the log, from 1
     */
    record Log(String key, long before) {}

    /** Where no proof log is kept. */
    Proofs NONE = new Proofs() {
        @Override
        public Proof prove(long position) {
            return new Proof.NotReady("this process keeps no proof log");
        }

        @Override
        public Optional<byte[]> resource(String path) {
            return Optional.empty();
        }

        @Override
        public Optional<String> key() {
            return Optional.empty();
        }
    };

    /** The proof of the entry at this position; waits a little for an entry that is not signed yet. */
    Proof prove(long position);

    /**
     * What the log serves (C2SP tlog-tiles): {@code checkpoint}, {@code tile/0/000}, {@code tile/entries/000.p/7} ...
     * Its positions are from 0.
     *
     * @return empty when there is no such thing
     */
    Optional<byte[]> resource(String path);

    /**
     * The positions of all entries that this one's transaction consists of: more than one where it is over several
     * shards, each of which proves its own part.
     *
     * @return in the order of the shards, that which decided first; at least the position itself
     */
    default List<Long> parts(long position) {
        return List.of(position);
    }

    /** All logs there are, by {@code before} ascending. */
    default List<Log> logs() {
        return key().map(key -> new Log(key, 0)).stream().toList();
    }

    /** The log's public key (C2SP signed-note), by which a checkpoint is verified; empty when there is no log yet. */
    Optional<String> key();
}
