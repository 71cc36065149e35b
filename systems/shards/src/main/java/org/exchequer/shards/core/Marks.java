package org.exchequer.shards.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.ledger.api.PendingTransaction;
import org.jspecify.annotations.Nullable;

/**
 * What a hold of a transaction over several shards carries in its labels, so that whoever finds it needs nothing
 * but the journals to end it.
 *
 * @param transaction the transaction's name in keys
 * @param key the caller's
 * @param request digest of what the caller asked for
 * @param parts the shards, the coordinator's first, with the number of holds on each
 * @param leg the caller's leg that this hold stands for; -1 for none
 * @param peer the account at the other end, of a transaction of two legs; for people
 * @param reverses the transaction that it undoes, or null
 */
public record Marks(
        String transaction,
        String key,
        String request,
        List<PartSize> parts,
        int leg,
        @Nullable String peer,
        @Nullable Long reverses) {
    private static final String KEY = "2pc.key";
    private static final String REQUEST = "2pc.request";
    private static final String PARTS = "2pc.parts";
    private static final String LEG = "2pc.leg";
    private static final String PEER = "2pc.peer";
    private static final String REVERSES = "2pc.reverses";

    /** A shard and how many holds the transaction has there. */
    public record PartSize(int shard, int holds) {}

    Marks(Plan plan, int leg) {
        this(
                plan.transaction(),
                plan.key(),
                plan.request(),
                plan.parts().stream()
                        .map(part -> new PartSize(part.shard(), part.items().size()))
                        .toList(),
                leg,
                peer(plan, leg),
                plan.reverses());
    }

    private static @Nullable String peer(Plan plan, int leg) {
        if (plan.parts().size() != 2) {
            return null;
        }
        for (Plan.Part part : plan.parts()) {
            if (part.items().size() != 1) {
                return null;
            }
            Plan.Item item = part.items().getFirst();
            if (item.leg() != leg) {
                return Names.isOwnAccount(item.debit()) ? item.credit() : item.debit();
            }
        }
        return null;
    }

    Map<String, String> write() {
        Map<String, String> labels = new TreeMap<>();
        labels.put(KEY, key);
        labels.put(REQUEST, request);
        StringBuilder sizes = new StringBuilder();
        for (PartSize part : parts) {
            sizes.append(sizes.isEmpty() ? "" : ",")
                    .append(part.shard())
                    .append(':')
                    .append(part.holds());
        }
        labels.put(PARTS, sizes.toString());
        if (leg >= 0) {
            labels.put(LEG, Integer.toString(leg));
        }
        if (peer != null) {
            labels.put(PEER, peer);
        }
        if (reverses != null) {
            labels.put(REVERSES, Long.toString(reverses));
        }
        return labels;
    }

    /** What this hold carries; null when it is none of a transaction over several shards. */
    public static @Nullable Marks of(PendingTransaction hold) {
        Names.PartKey part = Names.part(hold.key());
        Map<String, String> labels = hold.details().metadata();
        String key = labels.get(KEY);
        String request = labels.get(REQUEST);
        String sizes = labels.get(PARTS);
        if (part == null || key == null || request == null || sizes == null) {
            return null;
        }
        List<PartSize> parts = new ArrayList<>();
        for (String size : sizes.split(",", -1)) {
            int colon = size.indexOf(':');
            parts.add(new PartSize(
                    Integer.parseInt(size.substring(0, colon)), Integer.parseInt(size.substring(colon + 1))));
        }
        String reverses = labels.get(REVERSES);
        return new Marks(
                part.transaction(),
                key,
                request,
                parts,
                Integer.parseInt(labels.getOrDefault(LEG, "-1")),
                labels.get(PEER),
                reverses == null ? null : Long.valueOf(reverses));
    }

    /** The coordinator's shard. */
    public int coordinator() {
        return parts.getFirst().shard();
    }
}
