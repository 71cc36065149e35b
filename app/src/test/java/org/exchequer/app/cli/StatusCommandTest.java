package org.exchequer.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.exchequer.app.RuntimeFile;
import org.exchequer.app.StartingFile;
import org.exchequer.platform.web.StrictJson;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class StatusCommandTest {
    @Test
    void json_says_what_a_start_waits_for() {
        assertThat(StatusCommand.starting(new StartingFile(42, "PostgreSQL", "2026-03-01T10:00:00Z", "1.2")))
                .isEqualTo("{\"version\":\"1.2\",\"pid\":42,\"ready\":false,\"startingWith\":\"PostgreSQL\","
                        + "\"since\":\"2026-03-01T10:00:00Z\"}");
    }

    @Test
    void json_says_as_much_as_the_table() {
        RuntimeFile running = new RuntimeFile(
                "http://127.0.0.1:7070", "http://127.0.0.1:7071", 42, "2026-03-01T10:00:00Z", "1.2", null);
        JsonNode ready =
                StrictJson.mapper().readTree("{\"ready\":true,\"components\":[{\"name\":\"ledger\",\"ready\":true}]}");
        assertThat(StatusCommand.withProcess(running, ready))
                .isEqualTo("{\"version\":\"1.2\",\"url\":\"http://127.0.0.1:7070\",\"grpc\":\"http://127.0.0.1:7071\","
                        + "\"pid\":42,\"started\":\"2026-03-01T10:00:00Z\",\"ready\":true,"
                        + "\"components\":[{\"name\":\"ledger\",\"ready\":true}]}");
    }

    @Test
    void a_broken_invariant_is_no_good_state() {
        String component = "{\"components\":[{\"name\":\"invariants\",\"ready\":%s}]}";
        assertThat(StatusCommand.broken(StrictJson.mapper().readTree(component.formatted("false"))))
                .isTrue();
        assertThat(StatusCommand.broken(StrictJson.mapper().readTree(component.formatted("true"))))
                .isFalse();
        assertThat(StatusCommand.broken(StrictJson.mapper().readTree("{}"))).isFalse();
    }
}
