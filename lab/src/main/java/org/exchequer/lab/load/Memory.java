package org.exchequer.lab.load;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What clients remember: what can still be settled, reversed or asked again. Bounded; the oldest is forgotten. */
final class Memory {
    private static final int MOST = 2_000;

    private final List<Request.Hold> holds = new ArrayList<>();
    private final List<Long> transactions = new ArrayList<>();
    private final List<Request> commands = new ArrayList<>();
    private final List<Request> unknown = new ArrayList<>();

    synchronized void held(Request.Hold hold) {
        add(holds, hold);
    }

    synchronized void posted(long transaction) {
        add(transactions, transaction);
    }

    synchronized void decided(Request request) {
        add(commands, request);
    }

    synchronized void unknown(Request request) {
        add(unknown, request);
    }

    /** Takes one of the open holds, or null when there is none. */
    synchronized Request.@Nullable Hold takeHold(RandomGenerator random) {
        return holds.isEmpty() ? null : holds.remove(random.nextInt(holds.size()));
    }

    /** One of the transactions; again another time, so that some are reversed twice. */
    synchronized @Nullable Long anyTransaction(RandomGenerator random) {
        return transactions.isEmpty() ? null : transactions.get(random.nextInt(transactions.size()));
    }

    /** One of the commands whose outcome is known. */
    synchronized @Nullable Request anyCommand(RandomGenerator random) {
        return commands.isEmpty() ? null : commands.get(random.nextInt(commands.size()));
    }

    /** One of the commands whose outcome nobody knows. */
    synchronized @Nullable Request anyUnknown(RandomGenerator random) {
        return unknown.isEmpty() ? null : unknown.get(random.nextInt(unknown.size()));
    }

    /** Commands whose outcome nobody knows. */
    synchronized List<Request> unknown() {
        return List.copyOf(unknown);
    }

    private static <T> void add(List<T> list, T item) {
        if (list.size() >= MOST) {
            list.remove(0);
        }
        list.add(item);
    }
}
