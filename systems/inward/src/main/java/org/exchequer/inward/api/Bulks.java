package org.exchequer.inward.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The same done with many payments or dead letters: shown first, then done one after the other, each at most once, with
 * what became of each. Survives restarts; any node goes on with it.
 *
 * <p>Each throws {@link PaymentsUnavailableException} when the database does not answer.
 */
public interface Bulks {
    /** Most targets of one. */
    int MOST = 500;

    /** Longest note, in characters. */
    int LONGEST = 500;

    /** Longest name of somebody that payments are assigned to. */
    int LONGEST_NAME = 100;

    /** What can be done. */
    enum Kind {
        /** Dead letters are handed in again as they came. */
        RESUBMIT,
        /** Payments without a final answer are asked about in the ledger now. */
        ASK_AGAIN,
        /** Payments are put into a file. */
        EXPORT,
        /** Somebody is to look at payments. */
        ASSIGN,
        /** It is said of scored payments that they were fraud. */
        SAY_FRAUD,
        /** It is said of scored payments that they were harmless. */
        SAY_HARMLESS,
        /** A forced completion is proposed for each payment without a final answer; another person approves each. */
        COMPLETE
    }

    /**
     * What is to be done.
     *
     * @param targets dead letters, or payments; a target named twice counts once
     * @param note why; nothing only where it may be left out
     * @param assignee of {@link Kind#ASSIGN}; null for others
     */
    record Draft(
            Kind kind,
            List<UUID> targets,
            String note,
            @Nullable String assignee) {
        public Draft {
            targets = targets.stream().distinct().toList();
        }
    }

    /**
     * One of them.
     *
     * @param by who has previewed it, and alone may start it
     * @param startedAt null before
     * @param doneAt null while items wait
     * @param total items
     * @param open items that wait or are worked on
     * @param failed items that could not be done
     */
    record Bulk(
            UUID id,
            Kind kind,
            String note,
            @Nullable String assignee,
            String by,
            Instant at,
            @Nullable Instant startedAt,
            @Nullable Instant doneAt,
            int total,
            int open,
            int failed) {}

    /** Where an item stands. */
    enum State {
        WAITING,
        RUNNING,
        DONE,
        /** There is nothing to be done with it; its outcome says why. */
        SKIPPED,
        /** It could not be done, several times. */
        FAILED
    }

    /**
     * A target.
     *
     * @param outcome what became of it, or will; in words
     * @param payment that a dead letter became; null when it has not
     */
    record Item(
            int position,
            UUID target,
            State state,
            String outcome,
            @Nullable UUID payment,
            @Nullable Instant at) {}

    /**
     * Stores what would be done, and does nothing.
     *
     * @throws org.exchequer.ledger.api.FieldError naming the field that breaks a rule: targets are 1 to {@link #MOST}
     */
    Bulk preview(Draft draft, String by);

    /** What became of a wish to start one. */
    enum Started {
        /** It is being done, or was before. */
        YES,
        NOT_FOUND,
        /** Another person has previewed it. */
        NOT_YOURS
    }

    /** Does it; a second time changes nothing. */
    Started start(UUID id, String by);

    Optional<Bulk> bulk(UUID id);

    /** In the order in which they were chosen. */
    List<Item> items(UUID id);

    /** Those previewed last first. */
    List<Bulk> latest(int limit);
}
