package org.exchequer.console.view;

import java.util.List;
import org.exchequer.inward.api.Bulks;
import org.jspecify.annotations.Nullable;

/**
 * A bulk as shown.
 *
 * @param toStart whether this person may start it, and nobody has
 * @param running whether there is more to come
 * @param would items that will be done
 * @param skipped items that need not be
 */
public record BulkPage(
        Line line, List<Item> items, boolean toStart, boolean running, long would, long skipped, boolean letters) {
    /** In a list. */
    public record Line(
            String id,
            String what,
            Moment at,
            String by,
            String note,
            String stands,
            String level,
            int total,
            int done,
            int failed) {
        public static Line of(Bulks.Bulk bulk) {
            String stands = bulk.startedAt() == null ? "not started" : bulk.doneAt() == null ? "being done" : "done";
            return new Line(
                    bulk.id().toString(),
                    words(bulk.kind(), bulk.assignee()),
                    Moment.of(bulk.at()),
                    bulk.by(),
                    bulk.note(),
                    stands,
                    bulk.failed() > 0 ? "bad" : bulk.doneAt() != null ? "good" : "none",
                    bulk.total(),
                    bulk.total() - bulk.open(),
                    bulk.failed());
        }
    }

    /**
     * A payment or dead letter.
     *
     * @param payment that a dead letter became; null when it has not
     */
    public record Item(
            int position,
            String target,
            String brief,
            String state,
            String level,
            String outcome,
            @Nullable String payment) {
        static Item of(Bulks.Item item) {
            String id = item.target().toString();
            return new Item(
                    item.position(),
                    id,
                    id.substring(0, 8) + "…" + id.substring(id.length() - 4),
                    Times.words(item.state().name()),
                    switch (item.state()) {
                        case DONE -> "good";
                        case FAILED -> "bad";
                        case SKIPPED -> "warn";
                        case WAITING, RUNNING -> "none";
                    },
                    item.outcome(),
                    item.payment() == null ? null : item.payment().toString());
        }
    }

    static String words(Bulks.Kind kind, @Nullable String assignee) {
        return switch (kind) {
            case RESUBMIT -> "Hand in again";
            case ASK_AGAIN -> "Ask again";
            case EXPORT -> "Export";
            case ASSIGN -> "Assign to " + assignee;
            case SAY_FRAUD -> "Say fraud";
            case SAY_HARMLESS -> "Say harmless";
            case COMPLETE -> "Propose forced completion";
        };
    }

    public static BulkPage of(Bulks.Bulk bulk, List<Bulks.Item> items, String user) {
        long skipped = items.stream()
                .filter(item -> item.state() == Bulks.State.SKIPPED)
                .count();
        return new BulkPage(
                Line.of(bulk),
                items.stream().map(Item::of).toList(),
                bulk.startedAt() == null && bulk.by().equals(user),
                bulk.startedAt() != null && bulk.doneAt() == null,
                items.size() - skipped,
                skipped,
                bulk.kind() == Bulks.Kind.RESUBMIT);
    }
}
