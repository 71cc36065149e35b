package org.exchequer.inward.edge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OffsetsTest {
    private static final TopicPartition ONE = new TopicPartition("t", 1);
    private static final TopicPartition TWO = new TopicPartition("t", 2);

    private final Offsets offsets = new Offsets();

    @Test
    void a_position_never_passes_what_is_under_way() {
        Offsets.Work first = offsets.begin(ONE, 10);
        Offsets.Work second = offsets.begin(ONE, 11);
        offsets.begin(ONE, 12);
        second.done();
        assertThat(offsets.take()).isEmpty();
        first.done();
        assertThat(offsets.take()).containsOnly(java.util.Map.entry(ONE, new OffsetAndMetadata(12)));
        assertThat(offsets.take()).isEmpty();
    }

    @Test
    void partitions_know_nothing_of_each_other() {
        offsets.begin(ONE, 10);
        offsets.begin(TWO, 5).done();
        assertThat(offsets.take()).containsOnly(java.util.Map.entry(TWO, new OffsetAndMetadata(6)));
    }

    @Test
    void what_is_another_nodes_is_forgotten() {
        Offsets.Work gone = offsets.begin(ONE, 10);
        offsets.forget(List.of(ONE));
        gone.done();
        assertThat(offsets.take()).isEmpty();
        offsets.begin(ONE, 3).done();
        assertThat(offsets.take()).containsOnly(java.util.Map.entry(ONE, new OffsetAndMetadata(4)));
    }
}
