package org.exchequer.lab.load;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.history.HistoryRecorder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Asks until it knows, or its patience is over: an attempt that brought no outcome is made again under the same key, at
 * the next node. Records in the history what it asked and what it learnt, and nothing it only believes.
 */
public final class Client {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final JsonNode NOTHING = JsonNodeFactory.instance.nullNode();

    private final Wire wire;
    private final HistoryRecorder history;
    private final Ticker ticker;
    private final long patienceNanos;
    private final long impatienceNanos;
    private final Map<String, LongAdder> troubles = new ConcurrentHashMap<>();

    /**
     * What became of an operation.
     *
     * @param type as recorded
     * @param values as recorded
     * @param body of the answer when it was done
     * @param attempts how many it took
     */
    public record Result(Event.Type type, Map<String, String> values, JsonNode body, int attempts) {}

    /**
     * @param patience from the first attempt until it gives up; an attempt under way is waited for
     * @param impatience the same of those who do not wait for long
     */
    public Client(Wire wire, HistoryRecorder history, Ticker ticker, Duration patience, Duration impatience) {
        this.wire = wire;
        this.history = history;
        this.ticker = ticker;
        this.patienceNanos = patience.toNanos();
        this.impatienceNanos = impatience.toNanos();
    }

    /** Attempts that did not bring an outcome, by what they brought instead. */
    public Map<String, Long> troubles() {
        Map<String, Long> counts = new HashMap<>();
        troubles.forEach((what, count) -> counts.put(what, count.sum()));
        return counts;
    }

    /**
     * Asks, beginning at this node.
     *
     * @param process who asks, as in the history: nobody else at the same time
     */
    public Result ask(int process, int node, Request request) throws InterruptedException {
        return ask(process, node, request, patienceNanos);
    }

    /** As {@link #ask}, but gives up soon and leaves it open. */
    public Result askHastily(int process, int node, Request request) throws InterruptedException {
        return ask(process, node, request, impatienceNanos);
    }

    private Result ask(int process, int node, Request request, long patience) throws InterruptedException {
        history.invoke(process, request.function(), request.asked());
        long began = ticker.nanos();
        boolean lost = false;
        String last = "";
        int attempts = 0;
        long pause = FIRST_PAUSE_NANOS;
        while (attempts == 0 || ticker.nanos() - began < patience) {
            Wire.Reply reply = attempt(node + attempts, request);
            attempts++;
            switch (reply) {
                case Wire.Reply.Done(JsonNode body) -> {
                    return done(process, request, body, attempts);
                }
                case Wire.Reply.Rejected(String code, long position) -> {
                    if (position > 0 || !lost || isFinal(code)) {
                        return rejected(process, request, code, position, attempts);
                    }
                    last = code;
                }
                case Wire.Reply.NotDone(String why) -> last = why;
                case Wire.Reply.Lost(String why) -> {
                    lost = true;
                    last = why;
                }
            }
            trouble(last);
            long jitter = ThreadLocalRandom.current().nextLong(pause / 2 + 1);
            LockSupport.parkNanos(pause / 2 + jitter);
            pause = Math.min(LONGEST_PAUSE_NANOS, 2 * pause);
        }
        Map<String, String> values = Map.of(Functions.REASON, last, "attempts", Integer.toString(attempts));
        boolean possible = lost && request.key() != null;
        history.record(process, possible ? Event.Type.INFO : Event.Type.FAIL, request.function(), values);
        return new Result(possible ? Event.Type.INFO : Event.Type.FAIL, values, NOTHING, attempts);
    }

    /**
     * The key belongs to another command; or what it asked for was rolled back over several shards, for good: whatever
     * was lost before, this was not done and never will be.
     */
    private static boolean isFinal(String code) {
        return code.equals("IDEMPOTENCY_KEY_REUSED") || code.equals("IN_DOUBT_TIMEOUT");
    }

    private Wire.Reply attempt(int node, Request request) throws InterruptedException {
        String key = request.key();
        return key == null || request.body() == null
                ? wire.get(node, request.path())
                : wire.post(node, request.path(), key, request.body());
    }

    private Result done(int process, Request request, JsonNode body, int attempts) {
        Map<String, String> values = Answers.of(request, body);
        history.ok(process, request.function(), values);
        return new Result(Event.Type.OK, values, body, attempts);
    }

    private Result rejected(int process, Request request, String code, long position, int attempts) {
        Map<String, String> values = position > 0
                ? Map.of(Functions.REASON, code, Functions.POSITION, Long.toString(position))
                : Map.of(Functions.REASON, code);
        history.fail(process, request.function(), values);
        return new Result(Event.Type.FAIL, values, NOTHING, attempts);
    }

    private void trouble(String what) {
        troubles.computeIfAbsent(what, name -> new LongAdder()).increment();
    }
}
