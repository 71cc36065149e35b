package org.exchequer.lab.history;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.exchequer.kernel.Ticker;

/**
 * Appends events to a file, one JSON line each, in one order for all threads.
 *
 * <p>Every event is handed to the operating system before the call returns, so it survives the end of this process at
 * any moment; not the machine's, which ends the run anyway. Nothing is kept in memory.
 */
public final class HistoryRecorder implements Closeable {
    private final FileChannel file;
    private final Ticker ticker;
    private final long began;
    private long next;

    private HistoryRecorder(FileChannel file, Ticker ticker) {
        this.file = file;
        this.ticker = ticker;
        this.began = ticker.nanos();
    }

    /**
     * Begins a history.
     *
     * @param file must not exist yet: no run overwrites the evidence of another
     */
    public static HistoryRecorder create(Path file, Ticker ticker) throws IOException {
        return new HistoryRecorder(
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ticker);
    }

    /** Records that a process asks. To be called before the request is sent. */
    public Event invoke(int process, String function, Map<String, String> values) {
        return record(process, Event.Type.INVOKE, function, values);
    }

    /** Records that a process has learnt that it happened. To be called after the answer has arrived. */
    public Event ok(int process, String function, Map<String, String> values) {
        return record(process, Event.Type.OK, function, values);
    }

    /** Records that a process has learnt that it did not happen and will not. */
    public Event fail(int process, String function, Map<String, String> values) {
        return record(process, Event.Type.FAIL, function, values);
    }

    /** Records that a process gives up waiting: it may have happened, may still happen, or never. */
    public Event info(int process, String function, Map<String, String> values) {
        return record(process, Event.Type.INFO, function, values);
    }

    /**
     * Records an event; the order of these calls is the order of the history.
     *
     * @throws UncheckedIOException when the file cannot be written: a run without its history is worth nothing
     */
    public synchronized Event record(int process, Event.Type type, String function, Map<String, String> values) {
        Event event = new Event(next, ticker.nanos() - began, process, type, function, values);
        ByteBuffer line = ByteBuffer.wrap(EventJson.line(event).getBytes(StandardCharsets.UTF_8));
        try {
            while (line.hasRemaining()) {
                file.write(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be written", e);
        }
        next++;
        return event;
    }

    /** The time that an event would have now, in nanoseconds. */
    public long now() {
        return ticker.nanos() - began;
    }

    /** How many events were recorded. */
    public synchronized long size() {
        return next;
    }

    /** Ends the history, on the disk. */
    @Override
    public synchronized void close() throws IOException {
        if (file.isOpen()) {
            file.force(true);
            file.close();
        }
    }
}
