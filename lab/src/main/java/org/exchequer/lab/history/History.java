package org.exchequer.lab.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A history in memory: events in order, and the operations they make up.
 *
 * @param events by index
 * @param torn whether the file's last line was cut off and left out: the recorder was ended in mid-line
 */
public record History(List<Event> events, boolean torn) {
    public History {
        events = List.copyOf(events);
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).index() != i) {
                throw new IllegalArgumentException(
                        "event " + i + " has index " + events.get(i).index());
            }
        }
    }

    /** A whole history. */
    public static History of(List<Event> events) {
        return new History(events, false);
    }

    /**
     * Reads what a {@link HistoryRecorder} wrote. Only the last line may be cut off, and is then left out.
     *
     * @throws IOException when the file cannot be read, or a line other than a torn last one is no event; the message
     *     names the line
     */
    public static History read(Path file) throws IOException {
        List<Event> events = new ArrayList<>();
        boolean torn = false;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null) {
                String next = lines.readLine();
                try {
                    events.add(EventJson.parse(line));
                } catch (IllegalArgumentException e) {
                    if (next != null) {
                        throw new IOException(
                                file.getFileName() + ": line " + (events.size() + 1) + " is no event: "
                                        + e.getMessage(),
                                e);
                    }
                    torn = true;
                }
                line = next;
            }
            return new History(events, torn);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (IllegalArgumentException e) {
            throw new IOException(file.getFileName() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Invocations with their completions, in order of invocation.
     *
     * @throws IllegalArgumentException when a process completes what it did not ask, or asks twice at once
     */
    public List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        Map<Integer, Integer> open = new HashMap<>();
        for (Event event : events) {
            if (event.type() == Event.Type.INVOKE) {
                @Nullable Integer before = open.put(event.process(), operations.size());
                if (before != null) {
                    throw new IllegalArgumentException("process " + event.process() + " asks (event " + event.index()
                            + ") before it has an answer to event "
                            + operations.get(before).invoke().index());
                }
                operations.add(new Operation(event, null));
            } else {
                Integer asked = open.remove(event.process());
                if (asked == null || !operations.get(asked).function().equals(event.function())) {
                    throw new IllegalArgumentException(
                            "event " + event.index() + " completes what process " + event.process() + " did not ask");
                }
                operations.set(asked, new Operation(operations.get(asked).invoke(), event));
            }
        }
        return operations;
    }
}
