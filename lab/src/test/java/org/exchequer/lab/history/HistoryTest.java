package org.exchequer.lab.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    @TempDir
    Path folder;

    private final AtomicLong time = new AtomicLong(5);

    @Test
    void what_is_recorded_is_read_again() throws IOException {
        Path file = folder.resolve("history.jsonl");
        try (HistoryRecorder recorder = HistoryRecorder.create(file, time::getAndIncrement)) {
            recorder.invoke(3, "transfer", Map.of("key", "a \"quoted\"\nline", "amount", "5"));
            recorder.ok(3, "transfer", Map.of("position", "9"));
            recorder.invoke(4, "read", Map.of("account", "ü"));
            assertThat(recorder.size()).isEqualTo(3);
        }
        History history = History.read(file);
        assertThat(history.torn()).isFalse();
        assertThat(history.events().getFirst())
                .isEqualTo(new Event(
                        0, 1, 3, Event.Type.INVOKE, "transfer", Map.of("key", "a \"quoted\"\nline", "amount", "5")));
        List<Operation> operations = history.operations();
        assertThat(operations).hasSize(2);
        assertThat(operations.getFirst().number("position")).isEqualTo(9);
        assertThat(operations.getFirst().number("amount")).isEqualTo(5);
        assertThat(operations.getLast().outcome()).isEqualTo(Event.Type.INFO);
        assertThatThrownBy(() -> HistoryRecorder.create(file, time::get))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void every_event_is_readable_before_the_recorder_ends() throws IOException {
        Path file = folder.resolve("history.jsonl");
        try (HistoryRecorder recorder = HistoryRecorder.create(file, time::get)) {
            recorder.invoke(1, "read", Map.of("account", "a"));
            assertThat(History.read(file).events()).hasSize(1);
            recorder.info(1, "read", Map.of());
            assertThat(History.read(file).events()).hasSize(2);
        }
    }

    @Test
    void threads_share_one_order() throws Exception {
        Path file = folder.resolve("history.jsonl");
        try (HistoryRecorder recorder = HistoryRecorder.create(file, time::getAndIncrement)) {
            List<Thread> threads = new ArrayList<>();
            for (int process = 0; process < 8; process++) {
                int mine = process;
                threads.add(Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < 200; i++) {
                        recorder.invoke(mine, "read", Map.of("account", "a"));
                        recorder.ok(mine, "read", Map.of("debits", "0", "credits", "0"));
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(History.read(file).operations()).hasSize(1_600).allMatch(operation -> operation.is(Event.Type.OK));
    }

    @Test
    void a_torn_last_line_is_left_out_and_any_other_is_an_error() throws IOException {
        Path file = folder.resolve("history.jsonl");
        try (HistoryRecorder recorder = HistoryRecorder.create(file, time::get)) {
            recorder.invoke(1, "read", Map.of("account", "a"));
        }
        Files.writeString(file, "{\"i\":1,\"t\":7,\"p\":1,\"ty", StandardOpenOption.APPEND);
        History torn = History.read(file);
        assertThat(torn.torn()).isTrue();
        assertThat(torn.events()).hasSize(1);
        Files.writeString(file, "\n{}\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> History.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void a_history_that_cannot_be_is_refused() throws IOException {
        assertThatThrownBy(() -> History.of(List.of(new Event(1, 0, 0, Event.Type.INVOKE, "read", Map.of()))))
                .hasMessageContaining("event 0 has index 1");
        Event asked = new Event(0, 0, 0, Event.Type.INVOKE, "read", Map.of());
        assertThatThrownBy(() -> History.of(List.of(asked, new Event(1, 0, 0, Event.Type.INVOKE, "read", Map.of())))
                        .operations())
                .hasMessageContaining("before it has an answer");
        assertThatThrownBy(() -> History.of(List.of(asked, new Event(1, 0, 7, Event.Type.OK, "read", Map.of())))
                        .operations())
                .hasMessageContaining("process 7 did not ask");
        Files.writeString(
                folder.resolve("bad.jsonl"), "{\"i\":0,\"t\":0,\"p\":0,\"type\":\"maybe\",\"f\":\"x\",\"v\":{}}\n{}");
        assertThatThrownBy(() -> History.read(folder.resolve("bad.jsonl"))).hasMessageContaining("type is none of");
    }
}
