package org.exchequer.ledger.jobs;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.core.Digest;

/**
 * A command on its way to the writer, with the one who waits for its outcome; or the first of a linked batch, with all
 * that follow it. Digests are made on the caller's thread.
 */
final class Submission {
    final Command command;
    final UUID keyDigest;
    final UUID requestDigest;
    final CompletableFuture<Outcome> answer = new CompletableFuture<>();
    /** The rest of its linked batch, in order; empty when it stands alone. */
    final List<Submission> followers;

    Submission(Command command) {
        this(command, List.of());
    }

    private Submission(Command command, List<Submission> followers) {
        this.command = command;
        this.keyDigest = Digest.ofKey(command.key());
        this.requestDigest = Digest.ofRequest(command);
        this.followers = followers;
    }

    static Submission linked(List<Command> commands) {
        return new Submission(
                commands.getFirst(),
                commands.stream().skip(1).map(Submission::new).toList());
    }

    /** The same outcome for it and all that follow it, as far as they have none yet. */
    void completeAll(Outcome outcome) {
        answer.complete(outcome);
        followers.forEach(follower -> follower.answer.complete(outcome));
    }

    /** Roughly its size: a transfer is 1, a posting half its legs. Bounds what queues and batches hold. */
    int weight() {
        int weight = Command.legs(command) / 2;
        for (Submission follower : followers) {
            weight += Command.legs(follower.command) / 2;
        }
        return weight;
    }
}
