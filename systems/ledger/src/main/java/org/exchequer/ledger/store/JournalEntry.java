package org.exchequer.ledger.store;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.core.Decision;
import org.exchequer.ledger.core.Digest;
import org.exchequer.ledger.core.Hold;
import org.jspecify.annotations.Nullable;

/**
 * A decided command with its place in the journal, about to be written.
 *
 * @param sequence its place
 * @param recordedAt booking time, whole microseconds
 * @param kind which command it was, as the journal numbers them
 * @param keyDigest see {@link Digest#ofKey}
 * @param requestDigest see {@link Digest#ofRequest}
 * @param details what the caller wanted remembered; nothing for commands about accounts and days
 * @param otherDate the business day it belongs to, where that is not the date of {@code recordedAt} in UTC; else null
 * @param linkedTo place of the first item of its linked batch, or null
 */
public record JournalEntry(
        long sequence,
        Instant recordedAt,
        int kind,
        String key,
        UUID keyDigest,
        UUID requestDigest,
        Details details,
        @Nullable LocalDate otherDate,
        @Nullable Long linkedTo,
        Decision decision) {

    /** The entry of a decided command. */
    public static JournalEntry of(
            long sequence,
            Instant recordedAt,
            Command command,
            UUID keyDigest,
            UUID requestDigest,
            @Nullable LocalDate otherDate,
            @Nullable Long linkedTo,
            Decision decision) {
        return new JournalEntry(
                sequence,
                recordedAt,
                Kind.of(command),
                command.key(),
                keyDigest,
                requestDigest,
                details(command, decision),
                otherDate,
                linkedTo,
                decision);
    }

    /** The entry of a hold that expires: its key holds a space, which nobody else's key may. */
    public static JournalEntry expiry(long sequence, Instant recordedAt, Hold hold, @Nullable LocalDate otherDate) {
        String key = "expire " + hold.id();
        UUID digest = Digest.ofKey(key);
        return new JournalEntry(
                sequence,
                recordedAt,
                Kind.EXPIRE_PENDING,
                key,
                digest,
                digest,
                Details.NONE,
                otherDate,
                null,
                new Decision.PendingReleased(hold, true));
    }

    /** The business day it belongs to. */
    public LocalDate bookingDate() {
        return otherDate != null ? otherDate : LocalDate.ofInstant(recordedAt, ZoneOffset.UTC);
    }

    /** The day it counts from. */
    public LocalDate valueDate() {
        return details.valueDate() != null ? details.valueDate() : bookingDate();
    }

    private static Details details(Command command, Decision decision) {
        return switch (command) {
            case Command.Transfer transfer -> transfer.details();
            case Command.Post post -> post.details();
            case Command.Reverse reverse -> reverse.details();
            case Command.Hold hold -> hold.details();
            case Command.PostPending post -> post.details();
            case Command.VoidPending release -> release.details();
            case Command.ProposeAdjustment propose -> propose.details();
            case Command.DecideAdjustment decide ->
                decision instanceof Decision.AdjustmentPosted posted
                        ? posted.proposal().details()
                        : Details.NONE;
            case Command.OpenAccount open -> Details.NONE;
            case Command.ChangeAccount change -> Details.NONE;
            case Command.CloseDay close -> Details.NONE;
        };
    }

    int outcome() {
        return decision instanceof Decision.Declined declined
                ? declined.reason().code()
                : 0;
    }
}
