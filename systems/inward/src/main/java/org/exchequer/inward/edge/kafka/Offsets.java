package org.exchequer.inward.edge.kafka;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Up to where all messages of each partition are done: they end in any order, and a position says that everything
 * before it is done. From the consumer's thread alone, but for {@link Work#done}.
 */
final class Offsets {
    /** One message under way. */
    static final class Work {
        private final long offset;
        private volatile boolean done;

        private Work(long offset) {
            this.offset = offset;
        }

        /** Nothing is left to do for it. From any thread. */
        void done() {
            done = true;
        }
    }

    private final Map<TopicPartition, Deque<Work>> open = new HashMap<>();

    /** A message is begun; of each partition in order. */
    Work begin(TopicPartition partition, long offset) {
        Work work = new Work(offset);
        open.computeIfAbsent(partition, key -> new ArrayDeque<>()).add(work);
        return work;
    }

    /** Positions that can be committed and were not told before. */
    Map<TopicPartition, OffsetAndMetadata> take() {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        open.forEach((partition, works) -> {
            while (!works.isEmpty() && works.getFirst().done) {
                positions.put(partition, new OffsetAndMetadata(works.removeFirst().offset + 1));
            }
        });
        return positions;
    }

    /** Forgets partitions that are another's now: what is under way there is delivered again, and answered alike. */
    void forget(Collection<TopicPartition> partitions) {
        open.keySet().removeAll(partitions);
    }

    /** Forgets all of them: another consumer begins. */
    void clear() {
        open.clear();
    }
}
