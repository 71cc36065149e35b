package org.exchequer.lab.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.history.History;
import org.exchequer.lab.history.Operation;

/**
 * All attempts under one idempotency key with the same content: together they are one operation that may take effect
 * once, at any time from the first attempt on.
 *
 * @param attempts in order of invocation, at least one
 */
public record Request(String key, List<Operation> attempts) {
    /** The operations that write and carry a key. */
    public static final Set<String> WRITES = Set.of(
            Functions.TRANSFER, Functions.POSTING, Functions.HOLD, Functions.POST, Functions.VOID, Functions.REVERSE);

    /** What the clients know of it. */
    enum Status {
        /** It happened. */
        ACCEPTED,
        /** It was rejected, and that is recorded: it did not happen and never will under this key. */
        REJECTED,
        /** It may have happened, may still happen, or never. */
        OPEN,
        /** Every attempt left no trace. */
        NEVER
    }

    Operation first() {
        return attempts.getFirst();
    }

    /** The first answer that it happened. */
    Optional<Operation> accepted() {
        return attempts.stream()
                .filter(attempt -> attempt.is(Event.Type.OK))
                .min(Comparator.comparingLong(Operation::returnedAt));
    }

    /** The first answer that it is rejected for good. */
    Optional<Operation> rejected() {
        return attempts.stream()
                .filter(Request::recordedRejection)
                .min(Comparator.comparingLong(Operation::returnedAt));
    }

    Status status() {
        if (accepted().isPresent()) {
            return Status.ACCEPTED;
        }
        if (rejected().isPresent()) {
            return Status.REJECTED;
        }
        return attempts.stream().anyMatch(attempt -> attempt.is(Event.Type.INFO)) ? Status.OPEN : Status.NEVER;
    }

    static boolean recordedRejection(Operation operation) {
        return operation.is(Event.Type.FAIL) && operation.has(Functions.POSITION);
    }

    /**
     * The requests of a history in order of their first attempt. A key that was used for different contents makes
     * several.
     */
    static List<Request> of(History history) {
        Map<Map<String, String>, List<Operation>> byContent = new LinkedHashMap<>();
        for (Operation operation : history.operations()) {
            if (WRITES.contains(operation.function())) {
                Map<String, String> content =
                        new java.util.HashMap<>(operation.invoke().values());
                content.put("", operation.function());
                byContent.computeIfAbsent(content, any -> new ArrayList<>()).add(operation);
            }
        }
        return byContent.values().stream()
                .map(attempts -> new Request(attempts.getFirst().invoke().value(Functions.KEY), List.copyOf(attempts)))
                .toList();
    }
}
