package org.exchequer.lab.check.shards;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.history.Operation;
import org.jspecify.annotations.Nullable;

/** The views of the evidence that was asked for last: several checkers look at the same, one after the other. */
final class Views {
    /** How often a key begins anew because an account has moved, or a reversal because one was rolled back. */
    private static final int ATTEMPTS = 4;

    private final Map<String, List<String>> names = new HashMap<>();
    private @Nullable ShardedEvidence last;
    private List<Evidence> views = List.of();

    /** Of each shard as a ledger of its own, and then of all put together. */
    synchronized List<Evidence> of(ShardedEvidence evidence) {
        if (last != evidence) {
            List<Evidence> made = new ArrayList<>();
            for (int shard = 0; shard < evidence.books().size(); shard++) {
                made.add(ShardView.of(evidence, shard, this));
            }
            made.add(WholeView.of(evidence));
            views = made;
            last = evidence;
        }
        return views;
    }

    /** The names that transactions over several shards for this command may have. */
    List<String> names(Operation command) {
        boolean reversal = command.function().equals(Functions.REVERSE);
        String key = reversal
                ? command.invoke().value(Functions.OF)
                : command.invoke().value(Functions.KEY);
        return names.computeIfAbsent((reversal ? "reverse " : "") + key, any -> {
            List<String> made = new ArrayList<>();
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                made.add(reversal ? Keys.reversal(Long.parseLong(key), attempt) : Keys.transaction(key, attempt));
            }
            return List.copyOf(made);
        });
    }
}
