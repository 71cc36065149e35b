package org.exchequer.ledger.jobs;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.core.Digest;

/**
 * A command on its way to the writer, with the one who waits for its outcome. Digests are made on the caller's thread.
 */
final class Submission {
    final Command command;
    final UUID keyDigest;
    final UUID requestDigest;
    final CompletableFuture<Outcome> answer = new CompletableFuture<>();

    /** Roughly its size: a transfer is 1, a posting half its legs. Bounds what queues and batches hold. */
    int weight() {
        return command instanceof Command.Post post ? post.legs().size() / 2 : 1;
    }

    Submission(Command command) {
        this.command = command;
        this.keyDigest = Digest.ofKey(command.key());
        this.requestDigest = Digest.ofRequest(command);
    }
}
