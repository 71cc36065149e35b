package org.exchequer.shards.core;

import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.jspecify.annotations.Nullable;

/** What a shard says, with the ids that it has outside, see {@link Ids}. Of shard 0 nothing changes. */
public final class Globals {
    private Globals() {}

    public static Outcome outcome(int shard, Outcome outcome) {
        if (shard == 0) {
            return outcome;
        }
        return switch (outcome) {
            case Outcome.Posted o -> new Outcome.Posted(transaction(shard, o.transaction()), o.replayed());
            case Outcome.Held o -> new Outcome.Held(pending(shard, o.pending()), o.replayed());
            case Outcome.Released o ->
                new Outcome.Released(
                        Ids.global(shard, o.pendingId()), o.released(), Ids.global(shard, o.sequence()), o.replayed());
            case Outcome.Proposed o -> new Outcome.Proposed(adjustment(shard, o.adjustment()), o.replayed());
            case Outcome.Dismissed o ->
                new Outcome.Dismissed(
                        Ids.global(shard, o.adjustmentId()), Ids.global(shard, o.sequence()), o.replayed());
            case Outcome.DayClosed o -> new Outcome.DayClosed(close(shard, o.close()), o.replayed());
            case Outcome.AccountChanged o ->
                new Outcome.AccountChanged(account(shard, o.account()), Ids.global(shard, o.sequence()), o.replayed());
            case Outcome.Rejected o ->
                o.sequence() == 0
                        ? o
                        : new Outcome.Rejected(
                                o.reason(), o.field(), o.detail(), Ids.global(shard, o.sequence()), o.replayed());
            case Outcome.Refused o -> o;
            case Outcome.Unknown o -> o;
        };
    }

    public static Transaction transaction(int shard, Transaction t) {
        if (shard == 0) {
            return t;
        }
        Transaction.Origin origin = t.origin();
        return new Transaction(
                Ids.global(shard, t.id()),
                t.key(),
                t.bookedAt(),
                t.bookingDate(),
                t.valueDate(),
                t.entries(),
                t.details(),
                origin.equals(Transaction.Origin.DIRECT)
                        ? origin
                        : new Transaction.Origin(
                                optional(shard, origin.reversalOf()),
                                optional(shard, origin.pendingId()),
                                optional(shard, origin.adjustmentId()),
                                optional(shard, origin.linkedTo())));
    }

    public static PendingTransaction pending(int shard, PendingTransaction p) {
        return shard == 0
                ? p
                : new PendingTransaction(
                        Ids.global(shard, p.id()),
                        p.key(),
                        p.createdAt(),
                        p.debitAccount(),
                        p.creditAccount(),
                        p.amount(),
                        p.remaining(),
                        p.posted(),
                        p.expiresAt(),
                        p.state(),
                        p.details(),
                        optional(shard, p.linkedTo()));
    }

    public static Adjustment adjustment(int shard, Adjustment a) {
        if (shard == 0) {
            return a;
        }
        Adjustment.Decision decision = a.decision();
        return new Adjustment(
                Ids.global(shard, a.id()),
                a.key(),
                a.proposedAt(),
                a.author(),
                a.reason(),
                a.legs(),
                a.change(),
                a.details(),
                a.state(),
                decision == null
                        ? null
                        : new Adjustment.Decision(
                                decision.by(),
                                decision.at(),
                                Ids.global(shard, decision.sequence()),
                                decision.reason()),
                optional(shard, a.transactionId()));
    }

    public static Account account(int shard, Account a) {
        return shard == 0 ? a : new Account(Ids.global(shard, a.id()), a.spec(), a.state(), a.openedAt());
    }

    public static DayClose close(int shard, DayClose c) {
        return new DayClose(c.day(), Ids.global(shard, c.sequence()), c.closedAt(), c.closedBy());
    }

    public static Balance balance(int shard, Balance b) {
        return shard == 0
                ? b
                : new Balance(
                        b.account(),
                        b.currency(),
                        b.normalSide(),
                        b.debits(),
                        b.credits(),
                        b.pendingDebits(),
                        b.pendingCredits(),
                        b.posted(),
                        b.available(),
                        Ids.global(shard, b.asOfSequence()));
    }

    public static StatementLine line(int shard, StatementLine l) {
        return shard == 0
                ? l
                : new StatementLine(
                        Ids.global(shard, l.transactionId()),
                        l.leg(),
                        l.bookedAt(),
                        l.bookingDate(),
                        l.valueDate(),
                        l.side(),
                        l.amount(),
                        l.balanceAfter(),
                        l.reference(),
                        optional(shard, l.reversalOf()));
    }

    /** The command as the shard of what it refers to knows it. */
    public static Command local(Command command) {
        return switch (command) {
            case Command.PostPending c
            when Ids.shard(c.pendingId()) > 0 ->
                new Command.PostPending(c.key(), Ids.local(c.pendingId()), c.amount(), c.keepRest(), c.details());
            case Command.VoidPending c
            when Ids.shard(c.pendingId()) > 0 ->
                new Command.VoidPending(c.key(), Ids.local(c.pendingId()), c.details());
            case Command.Reverse c
            when Ids.shard(c.transactionId()) > 0 ->
                new Command.Reverse(c.key(), Ids.local(c.transactionId()), c.amount(), c.details());
            case Command.DecideAdjustment c
            when Ids.shard(c.adjustmentId()) > 0 ->
                new Command.DecideAdjustment(
                        c.key(), Ids.local(c.adjustmentId()), c.approve(), c.decidedBy(), c.reason());
            default -> command;
        };
    }

    private static @Nullable Long optional(int shard, @Nullable Long id) {
        return id == null ? null : Ids.global(shard, id);
    }
}
