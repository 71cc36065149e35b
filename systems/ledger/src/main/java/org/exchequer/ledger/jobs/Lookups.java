package org.exchequer.ledger.jobs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.core.Books;

/** What has to be looked up in the journal before commands can be decided. */
final class Lookups {
    private Lookups() {}

    /** Journal entries that these name and that the books do not know. */
    static Set<Long> named(List<Submission> submissions, Books books) {
        Set<Long> named = new HashSet<>();
        for (Submission submission : submissions) {
            name(submission.command, books, named);
            submission.followers.forEach(follower -> name(follower.command, books, named));
        }
        return named;
    }

    private static void name(Command command, Books books, Set<Long> named) {
        for (long id : refersTo(command)) {
            // Of an open hold, all that may be asked is in memory.
            if (command instanceof Command.Reverse || books.hold(id) == null) {
                named.add(id);
            }
        }
    }

    /** The journal entries that a command names. */
    static List<Long> refersTo(Command command) {
        return switch (command) {
            case Command.Reverse reverse -> List.of(reverse.transactionId());
            case Command.PostPending post -> List.of(post.pendingId());
            case Command.VoidPending release -> List.of(release.pendingId());
            case Command.DecideAdjustment decide -> List.of(decide.adjustmentId());
            default -> List.of();
        };
    }

    /** What their keys are filed under. */
    static List<UUID> keys(List<Submission> submissions) {
        List<UUID> keys = new ArrayList<>();
        for (Submission submission : submissions) {
            keys.add(submission.keyDigest);
            submission.followers.forEach(follower -> keys.add(follower.keyDigest));
        }
        return keys;
    }
}
