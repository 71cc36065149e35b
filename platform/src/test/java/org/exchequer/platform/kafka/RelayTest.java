package org.exchequer.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class RelayTest {
    @Test
    void a_broker_that_does_not_answer_yet_is_no_trouble_at_first() {
        KafkaException silent = new KafkaException("cannot make topic t", new TimeoutException("no node"));
        assertThat(Relay.startsUp(silent, Duration.ofSeconds(25))).isTrue();
        assertThat(Relay.startsUp(silent, Duration.ofSeconds(60))).isFalse();
        assertThat(Relay.startsUp(new KafkaException("refused"), Duration.ZERO)).isFalse();
        assertThat(Relay.startsUp(new SQLException("gone"), Duration.ZERO)).isFalse();
    }
}
