package org.exchequer.lab.check.shards;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.history.History;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a run of a ledger over several shards.
 *
 * @param history what clients asked and were answered, with the ids of the whole: shard × 2^48 + position
 * @param books of each shard, with the positions of its own journal and an empty history
 * @param marks what the holds of transactions over several shards say of them, by the transaction's name
 * @param cuts where the journals ended, again and again while it ran
 * @param healing how long it took, once every fault was over, until nothing was in doubt; empty when nobody looked
 */
public record ShardedEvidence(
        History history, List<Evidence> books, Map<String, Mark> marks, List<Cut> cuts, Optional<Healing> healing) {
    public ShardedEvidence {
        books = List.copyOf(books);
        marks = Map.copyOf(marks);
        cuts = List.copyOf(cuts);
    }

    /** A shard, and how many holds a transaction has there. */
    public record PartSize(int shard, int holds) {}

    /**
     * What a hold says of its transaction.
     *
     * @param key the caller's
     * @param parts the coordinator's first
     * @param reverses id of the transaction that it undoes, or null
     */
    public record Mark(
            String key, List<PartSize> parts, @Nullable Long reverses) {
        public Mark {
            parts = List.copyOf(parts);
        }

        /** The shard that decides. */
        public int coordinator() {
            return parts.getFirst().shard();
        }
    }

    /**
     * Where the journals ended. All shards are read in order of their numbers, and then all again: whatever was read
     * first of one shard was so before anything was read of a later one. -1 where a shard did not answer.
     *
     * @param atMs from the beginning of the load
     * @param first by shard
     * @param second by shard
     */
    public record Cut(long atMs, List<Long> first, List<Long> second) {
        public Cut {
            first = List.copyOf(first);
            second = List.copyOf(second);
        }

        /**
         * Ends of the journals of two shards as they were read one after the other.
         *
         * @param earlier of the one, before the other was read
         * @param other of the other
         * @param later of the one, after that
         */
        public record Pair(long earlier, long other, long later) {}

        /** Of two shards; empty when one of them did not answer. */
        public Optional<Pair> pair(int one, int other) {
            Pair pair = new Pair(first.get(one), one < other ? first.get(other) : second.get(other), second.get(one));
            return pair.earlier() < 0 || pair.other() < 0 || pair.later() < 0 ? Optional.empty() : Optional.of(pair);
        }
    }

    /**
     * After every fault had ended and every node was ready.
     *
     * @param tookMs until nothing was in doubt; how long was waited when something still is
     * @param boundMs within which nothing may be in doubt any more
     * @param left transactions that were in doubt when the waiting ended
     */
    public record Healing(long tookMs, long boundMs, long left) {}

    /** Whether every journal was read. */
    boolean isRead() {
        return books.stream().allMatch(book -> book.journal().isPresent());
    }

    /** The journal of a shard. */
    public List<Entry> journal(int shard) {
        return books.get(shard).journal().orElse(List.of());
    }

    /** The same with another journal of a shard. */
    public ShardedEvidence withJournal(int shard, List<Entry> journal) {
        List<Evidence> changed = new ArrayList<>(books);
        changed.set(shard, books.get(shard).withJournal(journal));
        return new ShardedEvidence(history, changed, marks, cuts, healing);
    }

    /** The same with another history. */
    public ShardedEvidence withHistory(History other) {
        return new ShardedEvidence(other, books, marks, cuts, healing);
    }

    /** The same with other books of a shard. */
    public ShardedEvidence withBook(int shard, Evidence book) {
        List<Evidence> changed = new ArrayList<>(books);
        changed.set(shard, book);
        return new ShardedEvidence(history, changed, marks, cuts, healing);
    }
}
