package org.exchequer.ledger.store;

import java.time.Instant;
import java.util.UUID;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.core.Decision;

/**
 * A decided command with its place in the journal, about to be written.
 *
 * @param sequence its place
 * @param recordedAt booking time, whole microseconds
 * @param keyDigest see {@link org.exchequer.ledger.core.Digest#ofKey}
 * @param requestDigest see {@link org.exchequer.ledger.core.Digest#ofRequest}
 */
public record JournalEntry(
        long sequence, Instant recordedAt, Command command, UUID keyDigest, UUID requestDigest, Decision decision) {

    /** Kinds of command as the journal numbers them. */
    static final int TRANSFER = 1;

    static final int POST = 2;
    static final int REVERSAL = 3;
    static final int OPEN_ACCOUNT = 4;
    static final int CHANGE_ACCOUNT = 5;

    int kind() {
        return switch (command) {
            case Command.Transfer t -> TRANSFER;
            case Command.Post p -> POST;
            case Command.Reverse r -> REVERSAL;
            case Command.OpenAccount o -> OPEN_ACCOUNT;
            case Command.ChangeAccount c -> CHANGE_ACCOUNT;
        };
    }

    /** What the caller wanted remembered; nothing for commands about accounts. */
    public Details details() {
        return switch (command) {
            case Command.Transfer transfer -> transfer.details();
            case Command.Post post -> post.details();
            case Command.Reverse reverse -> reverse.details();
            case Command.OpenAccount open -> Details.NONE;
            case Command.ChangeAccount change -> Details.NONE;
        };
    }

    int outcome() {
        return decision instanceof Decision.Declined declined
                ? declined.reason().code()
                : 0;
    }
}
