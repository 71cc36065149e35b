package org.exchequer.ledger.core;

import static org.exchequer.ledger.core.Declines.closed;
import static org.exchequer.ledger.core.Declines.first;
import static org.exchequer.ledger.core.Declines.frozen;
import static org.exchequer.ledger.core.Declines.notFound;
import static org.exchequer.ledger.core.Declines.notPositive;
import static org.exchequer.ledger.core.Declines.overflow;
import static org.exchequer.ledger.core.Declines.unpostable;
import static org.exchequer.ledger.core.Declines.wrongCurrency;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.Decision.Booked;
import org.exchequer.ledger.core.Decision.BookedLeg;
import org.exchequer.ledger.core.Decision.BookedLegs;
import org.exchequer.ledger.core.Decision.BookedPair;
import org.exchequer.ledger.core.Decision.Declined;
import org.jspecify.annotations.Nullable;

/**
 * Decides commands against the books. Guards stand in the order of {@link RejectionReason}: the first that applies is
 * the answer, and within one reason the first leg it applies to.
 */
public final class Decider {
    private Decider() {}

    /** Finds what a command refers to and the books do not hold. */
    @FunctionalInterface
    public interface Originals {
        /** The journal entry with this id as of this decision; null when it is neither of these. */
        @Nullable
        Original find(long id);
    }

    /** What a command may refer to. */
    public sealed interface Original {
        /**
         * A posted transaction.
         *
         * @param booked as it was posted
         * @param reversal whether it is itself a reversal
         * @param reversed how much of it was reversed before, in minor units; of more than two legs, 0 or more than 0
         */
        record Posted(Booked booked, boolean reversal, long reversed) implements Original {}

        /**
         * A hold.
         *
         * @param ended why nothing can be posted of it any more; null while it is open
         */
        record Pending(Slot debit, @Nullable RejectionReason ended) implements Original {}

        /** An adjustment that waits for a decision. */
        record Proposed(Proposal proposal) implements Original {}

        /** An adjustment that was decided. */
        record Decided() implements Original {}
    }

    /**
     * Decides one command. Changes nothing.
     *
     * @param sequence its place in the journal
     * @param now booking time
     */
    public static Decision decide(Books books, Command command, Originals originals, long sequence, Instant now) {
        return switch (command) {
            case Command.Transfer transfer -> transfer(books, transfer);
            case Command.Post post -> post(books, post.legs(), post.details(), null);
            case Command.Hold hold -> hold(books, hold, sequence, now);
            case Command.PostPending post -> postPending(books, post, originals, now);
            case Command.VoidPending release -> voidPending(books, release, originals, now);
            case Command.Reverse reverse -> reverse(books, reverse, originals);
            case Command.ProposeAdjustment propose -> propose(books, propose, sequence);
            case Command.DecideAdjustment decide -> decideAdjustment(books, decide, originals);
            case Command.CloseDay close -> closeDay(books, close, now);
            case Command.OpenAccount open -> AccountDecider.open(books, open.account(), now);
            case Command.ChangeAccount change ->
                AccountDecider.change(
                        books,
                        change.change(),
                        change.tightenOnly() ? AccountDecider.By.ONE : AccountDecider.By.ANY_ONE);
        };
    }

    private static Decision transfer(Books books, Command.Transfer transfer) {
        Money amount = transfer.amount();
        Slot debit = books.find(transfer.debitAccount());
        Slot credit = books.find(transfer.creditAccount());
        Declined declined = amount.minorUnits() <= 0
                ? notPositive("amount", amount)
                : sameAccount(transfer.debitAccount(), transfer.creditAccount());
        if (declined != null) {
            return declined;
        }
        if (debit == null || credit == null) {
            return missing(debit, transfer.debitAccount(), transfer.creditAccount());
        }
        declined = unfit(books, debit, credit, amount, transfer.details());
        return declined != null
                ? declined
                : pair(debit, credit, amount.minorUnits(), null, "debitAccount", "creditAccount");
    }

    private static @Nullable Declined sameAccount(String debitAccount, String creditAccount) {
        return debitAccount.equals(creditAccount)
                ? new Declined(RejectionReason.SAME_ACCOUNT, "creditAccount", "debit and credit " + creditAccount)
                : null;
    }

    private static Declined missing(@Nullable Slot debit, String debitAccount, String creditAccount) {
        return debit == null ? notFound("debitAccount", debitAccount) : notFound("creditAccount", creditAccount);
    }

    /** What stands against two accounts and an amount whatever the balances are. */
    private static @Nullable Declined unfit(Books books, Slot debit, Slot credit, Money amount, Details details) {
        Declined declined = first(unpostable("debitAccount", debit), unpostable("creditAccount", credit));
        if (declined == null) {
            declined = first(
                    wrongCurrency("amount", debit, amount.currency()),
                    wrongCurrency("amount", credit, amount.currency()));
        }
        return declined != null ? declined : valueDateClosed(books, details);
    }

    private static @Nullable Declined valueDateClosed(Books books, Details details) {
        LocalDate closed = books.closedThrough();
        return details.valueDate() == null
                        || closed == null
                        || details.valueDate().isAfter(closed)
                ? null
                : new Declined(
                        RejectionReason.VALUE_DATE_CLOSED,
                        "valueDate",
                        "value date " + details.valueDate() + " lies in a closed day; closed through " + closed);
    }

    private static @Nullable Declined closedOrFrozen(Slot debit, Slot credit, String debitField, String creditField) {
        Declined declined = first(closed(debitField, debit), closed(creditField, credit));
        return declined != null
                ? declined
                : first(frozen(debitField, debit, Side.DEBIT), frozen(creditField, credit, Side.CREDIT));
    }

    private static Decision pair(
            Slot debit, Slot credit, long amount, @Nullable Long refersTo, String debitField, String creditField) {
        Declined declined = unaffordable(debit, credit, amount, debitField, creditField);
        return declined != null
                ? declined
                : new BookedPair(
                        debit,
                        credit,
                        amount,
                        debit.debits + amount - debit.credits,
                        credit.debits - credit.credits - amount,
                        refersTo);
    }

    /** What stands against moving, or reserving, an amount: states, the range of a long, rules and bounds. */
    private static @Nullable Declined unaffordable(
            Slot debit, Slot credit, long amount, String debitField, String creditField) {
        Declined declined = closedOrFrozen(debit, credit, debitField, creditField);
        if (declined != null) {
            return declined;
        }
        if (debit.debits + debit.pendingDebits + amount < 0) {
            return overflow(debitField, debit);
        }
        if (credit.credits + credit.pendingCredits + amount < 0) {
            return overflow(creditField, credit);
        }
        long debitExposure = debit.exposure(Side.DEBIT) + amount;
        long creditExposure = credit.exposure(Side.CREDIT) + amount;
        if (debitExposure <= debit.debitBound && creditExposure <= credit.creditBound) {
            return null;
        }
        return graver(
                debitExposure <= debit.debitBound
                        ? null
                        : Declines.beyond(debitField, debit, Side.DEBIT, debitExposure, amount),
                creditExposure <= credit.creditBound
                        ? null
                        : Declines.beyond(creditField, credit, Side.CREDIT, creditExposure, amount));
    }

    /** The one that comes first in the order of precedence. */
    private static @Nullable Declined graver(@Nullable Declined one, @Nullable Declined two) {
        return one == null || (two != null && two.reason().compareTo(one.reason()) < 0) ? two : one;
    }

    private static Decision post(Books books, List<Leg> legs, Details details, @Nullable Reference reference) {
        List<BookedLeg> found = new ArrayList<>(legs.size());
        Declined declined = unfit(books, legs, details, found);
        return declined != null ? declined : legs(found, reference);
    }

    /** What a posting refers to, and the command's field that says so: that is what an answer names then. */
    private record Reference(long id, String field) {}

    /** What stands against legs whatever the balances are; fills in their accounts. */
    private static @Nullable Declined unfit(Books books, List<Leg> legs, Details details, List<BookedLeg> found) {
        for (int i = 0; i < legs.size(); i++) {
            if (legs.get(i).amount().minorUnits() <= 0) {
                return notPositive("legs[" + i + "].amount", legs.get(i).amount());
            }
        }
        for (int i = 0; i < legs.size(); i++) {
            Leg leg = legs.get(i);
            Slot slot = books.find(leg.account());
            if (slot == null) {
                return notFound("legs[" + i + "].account", leg.account());
            }
            found.add(new BookedLeg(slot, leg.side(), leg.amount().minorUnits(), 0));
        }
        for (int i = 0; i < legs.size(); i++) {
            Declined declined =
                    unpostable("legs[" + i + "].account", found.get(i).slot());
            if (declined != null) {
                return declined;
            }
        }
        for (int i = 0; i < legs.size(); i++) {
            Declined declined = wrongCurrency(
                    "legs[" + i + "].amount",
                    found.get(i).slot(),
                    legs.get(i).amount().currency());
            if (declined != null) {
                return declined;
            }
        }
        Declined declined = unbalanced(legs);
        return declined != null ? declined : valueDateClosed(books, details);
    }

    private static Decision legs(List<BookedLeg> legs, @Nullable Reference reference) {
        Long refersTo = reference == null ? null : reference.id();
        BookedLeg one = legs.get(0);
        BookedLeg two = legs.get(1);
        if (legs.size() == 2 && one.slot() != two.slot() && one.side() == Side.DEBIT) {
            return pair(one.slot(), two.slot(), one.amount(), refersTo, field(0, reference), field(1, reference));
        }
        Declined declined = null;
        for (int i = 0; i < legs.size() && declined == null; i++) {
            declined = closed(field(i, reference), legs.get(i).slot());
        }
        for (int i = 0; i < legs.size() && declined == null; i++) {
            declined =
                    frozen(field(i, reference), legs.get(i).slot(), legs.get(i).side());
        }
        if (declined != null) {
            return declined;
        }
        IdentityHashMap<Slot, long[]> after = new IdentityHashMap<>();
        for (int i = 0; i < legs.size(); i++) {
            BookedLeg leg = legs.get(i);
            Slot slot = leg.slot();
            long[] totals = after.computeIfAbsent(slot, s -> new long[] {s.debits, s.credits});
            int side = leg.side().ordinal();
            totals[side] += leg.amount();
            if (totals[side] < 0 || totals[side] + (side == 0 ? slot.pendingDebits : slot.pendingCredits) < 0) {
                return overflow(field(i, reference), slot);
            }
        }
        declined = beyondBounds(legs, after, reference);
        if (declined != null) {
            return declined;
        }
        List<BookedLeg> booked = new ArrayList<>(legs.size());
        for (BookedLeg leg : legs) {
            long[] totals = total(after, leg.slot());
            booked.add(new BookedLeg(leg.slot(), leg.side(), leg.amount(), totals[0] - totals[1]));
        }
        return new BookedLegs(booked, refersTo);
    }

    /**
     * A bound is broken only by a transaction that moves the account further in the forbidden direction: one that
     * improves an account which stands beyond it already is welcome.
     */
    private static @Nullable Declined beyondBounds(
            List<BookedLeg> legs, IdentityHashMap<Slot, long[]> after, @Nullable Reference reference) {
        Declined gravest = null;
        for (int i = 0; i < legs.size(); i++) {
            Slot slot = legs.get(i).slot();
            long[] totals = total(after, slot);
            long moved = (totals[0] - totals[1]) - (slot.debits - slot.credits);
            Side towards = moved > 0 ? Side.DEBIT : Side.CREDIT;
            long exposure = slot.exposure(towards) + Math.abs(moved);
            if (moved != 0 && exposure > slot.bound(towards)) {
                gravest =
                        graver(gravest, Declines.beyond(field(i, reference), slot, towards, exposure, Math.abs(moved)));
            }
        }
        return gravest;
    }

    /** What to name in an answer: a command that refers to another has no legs of its own. */
    private static String field(int leg, @Nullable Reference reference) {
        return reference == null ? "legs[" + leg + "].account" : reference.field();
    }

    private static long[] total(IdentityHashMap<Slot, long[]> after, Slot slot) {
        long[] totals = after.get(slot);
        if (totals == null) {
            throw new IllegalStateException("no totals for " + slot.code);
        }
        return totals;
    }

    private static Decision hold(Books books, Command.Hold hold, long sequence, Instant now) {
        Slot debit = books.find(hold.debitAccount());
        Slot credit = books.find(hold.creditAccount());
        Declined declined = hold.amount().minorUnits() <= 0
                ? notPositive("amount", hold.amount())
                : sameAccount(hold.debitAccount(), hold.creditAccount());
        if (declined != null) {
            return declined;
        }
        if (debit == null || credit == null) {
            return missing(debit, hold.debitAccount(), hold.creditAccount());
        }
        long amount = hold.amount().minorUnits();
        declined = unfit(books, debit, credit, hold.amount(), hold.details());
        if (declined == null) {
            declined = unaffordable(debit, credit, amount, "debitAccount", "creditAccount");
        }
        return declined != null
                ? declined
                : new Decision.Held(new Hold(
                        sequence, debit, credit, amount, hold.timeout() == null ? null : now.plus(hold.timeout())));
    }

    private static Decision postPending(Books books, Command.PostPending post, Originals originals, Instant now) {
        Money asked = post.amount();
        if (asked != null && asked.minorUnits() <= 0) {
            return notPositive("amount", asked);
        }
        Hold hold = books.hold(post.pendingId());
        Declined foreign = notOnesOwn(post.key(), hold);
        if (foreign != null) {
            return foreign;
        }
        Declined declined = unpending(post.pendingId(), hold, asked, originals, now);
        if (declined != null || hold == null) {
            return Objects.requireNonNull(declined);
        }
        long amount = asked == null ? hold.remaining() : asked.minorUnits();
        if (amount > hold.remaining()) {
            return new Declined(
                    RejectionReason.EXCEEDS_PENDING_AMOUNT,
                    "amount",
                    "of hold " + hold.id() + " remain " + Declines.money(hold.debit(), hold.remaining()) + ", asked "
                            + Declines.money(hold.debit(), amount));
        }
        // Rules and bounds were kept when the amount was reserved, and count it until now.
        declined = valueDateClosed(books, post.details());
        if (declined == null) {
            declined = closedOrFrozen(hold.debit(), hold.credit(), "pendingId", "pendingId");
        }
        if (declined != null) {
            return declined;
        }
        BookedPair pair = new BookedPair(
                hold.debit(),
                hold.credit(),
                amount,
                hold.debit().debits + amount - hold.debit().credits,
                hold.credit().debits - hold.credit().credits - amount,
                hold.id());
        return new Decision.PendingPosted(hold, pair, post.keepRest() ? amount : hold.remaining());
    }

    private static Decision voidPending(Books books, Command.VoidPending release, Originals originals, Instant now) {
        Hold hold = books.hold(release.pendingId());
        Declined foreign = notOnesOwn(release.key(), hold);
        if (foreign != null) {
            return foreign;
        }
        Declined declined = unpending(release.pendingId(), hold, null, originals, now);
        return declined != null || hold == null
                ? Objects.requireNonNull(declined)
                : new Decision.PendingReleased(hold, false);
    }

    /**
     * A hold on an account in transit is one shard's part of a transaction over several: whoever ends it by itself
     * tears that apart. Its ends have keys of the ledger's own, which no caller of a ledger of several shards can
     * use.
     */
    private static @Nullable Declined notOnesOwn(String key, @Nullable Hold hold) {
        return hold == null
                        || key.charAt(0) == Ledger.OWN_KEY
                        || !(hold.debit().code.startsWith(Ledger.OWN_ACCOUNT)
                                || hold.credit().code.startsWith(Ledger.OWN_ACCOUNT))
                ? null
                : new Declined(
                        RejectionReason.RESERVED_NAME,
                        "pendingId",
                        "hold " + hold.id() + " is a part of a transaction over several shards");
    }

    /** Why a hold cannot be posted or voided; never null when there is none. */
    private static @Nullable Declined unpending(
            long id, @Nullable Hold hold, @Nullable Money asked, Originals originals, Instant now) {
        Slot debit;
        RejectionReason ended;
        if (hold != null) {
            debit = hold.debit();
            ended = hold.expiresAt() != null && !now.isBefore(hold.expiresAt())
                    ? RejectionReason.PENDING_EXPIRED
                    : null;
        } else if (originals.find(id) instanceof Original.Pending pending && pending.ended() != null) {
            debit = pending.debit();
            ended = pending.ended();
        } else {
            return new Declined(RejectionReason.NOT_PENDING, "pendingId", "no hold has id " + id);
        }
        Declined declined = asked == null ? null : wrongCurrency("amount", debit, asked.currency());
        if (declined != null || ended == null) {
            return declined;
        }
        String what = ended == RejectionReason.PENDING_ALREADY_POSTED
                ? " was posted before"
                : ended == RejectionReason.PENDING_ALREADY_VOIDED ? " was voided" : " has expired";
        return new Declined(ended, "pendingId", "hold " + id + what);
    }

    private static Decision reverse(Books books, Command.Reverse reverse, Originals originals) {
        Money asked = reverse.amount();
        if (asked != null && asked.minorUnits() <= 0) {
            return notPositive("amount", asked);
        }
        long id = reverse.transactionId();
        return switch (originals.find(id)) {
            case null -> notATransaction(id);
            case Original.Proposed proposed -> notATransaction(id);
            case Original.Decided decided -> notATransaction(id);
            case Original.Pending pending ->
                new Declined(RejectionReason.NOT_REVERSIBLE, "transactionId", id + " is a hold; void it instead");
            case Original.Posted posted -> {
                Declined declined = irreversible(id, posted, asked);
                if (declined == null) {
                    declined = valueDateClosed(books, reverse.details());
                }
                yield declined != null ? declined : undo(id, posted, asked);
            }
        };
    }

    private static Declined notATransaction(long id) {
        return new Declined(RejectionReason.TRANSACTION_NOT_FOUND, "transactionId", "no transaction has id " + id);
    }

    private static @Nullable Declined irreversible(long id, Original.Posted original, @Nullable Money asked) {
        Slot slot = divisible(original.booked());
        Declined declined = asked == null || slot == null ? null : wrongCurrency("amount", slot, asked.currency());
        if (declined != null) {
            return declined;
        }
        if (original.reversal()) {
            return new Declined(
                    RejectionReason.NOT_REVERSIBLE,
                    "transactionId",
                    "transaction " + id + " is the reversal of "
                            + original.booked().refersTo());
        }
        long left = reversible(original);
        if (left <= 0) {
            return new Declined(
                    RejectionReason.ALREADY_REVERSED, "transactionId", "transaction " + id + " was reversed before");
        }
        if (asked != null && slot == null) {
            return new Declined(
                    RejectionReason.PARTIAL_REVERSAL_NOT_POSSIBLE,
                    "amount",
                    "transaction " + id + " has other than two legs on two accounts: reverse it as a whole");
        }
        return asked != null && slot != null && asked.minorUnits() > left
                ? new Declined(
                        RejectionReason.EXCEEDS_REVERSIBLE_AMOUNT,
                        "amount",
                        "of transaction " + id + " can be reversed " + Declines.money(slot, left) + ", asked " + asked)
                : null;
    }

    /** An account of a transaction that may be reversed in part: one between two accounts. Null for any other. */
    private static @Nullable Slot divisible(Booked booked) {
        return switch (booked) {
            case BookedPair pair -> pair.debit();
            case BookedLegs many -> {
                Slot first = many.legs().getFirst().slot();
                yield many.legs().size() == 2 && first != many.legs().getLast().slot() ? first : null;
            }
        };
    }

    /** What has not been reversed yet, in minor units; of a transaction that is not divisible 1 or 0. */
    private static long reversible(Original.Posted original) {
        return switch (original.booked()) {
            case BookedPair pair -> pair.amount() - original.reversed();
            case BookedLegs many
            when divisible(many) != null -> many.legs().getFirst().amount() - original.reversed();
            case BookedLegs many -> original.reversed() > 0 ? 0 : 1;
        };
    }

    private static Decision undo(long id, Original.Posted original, @Nullable Money asked) {
        long divided = asked == null ? reversible(original) : asked.minorUnits();
        return switch (original.booked()) {
            case BookedPair pair -> pair(pair.credit(), pair.debit(), divided, id, "transactionId", "transactionId");
            case BookedLegs many -> {
                boolean whole = divisible(many) == null;
                yield legs(
                        many.legs().stream()
                                .map(leg -> new BookedLeg(
                                        leg.slot(), leg.side().opposite(), whole ? leg.amount() : divided, 0))
                                .toList(),
                        new Reference(id, "transactionId"));
            }
        };
    }

    private static Decision propose(Books books, Command.ProposeAdjustment propose, long sequence) {
        AccountChange change = propose.change();
        if (change != null) {
            Decision now = AccountDecider.change(books, change, AccountDecider.By.TWO);
            if (!(now instanceof Decision.Changed changed)) {
                return now;
            }
            change = change.in(changed.after().spec().currency());
        } else {
            Declined declined = unfit(books, propose.legs(), propose.details(), new ArrayList<>());
            if (declined != null) {
                return declined;
            }
        }
        return new Decision.Proposed(
                new Proposal(sequence, propose.author(), propose.reason(), propose.legs(), change, propose.details()));
    }

    private static Decision decideAdjustment(Books books, Command.DecideAdjustment decide, Originals originals) {
        long id = decide.adjustmentId();
        Original original = originals.find(id);
        if (!(original instanceof Original.Proposed open)) {
            return original instanceof Original.Decided
                    ? new Declined(
                            RejectionReason.ADJUSTMENT_ALREADY_DECIDED,
                            "adjustmentId",
                            "adjustment " + id + " was approved or rejected before")
                    : new Declined(RejectionReason.ADJUSTMENT_NOT_FOUND, "adjustmentId", "no adjustment has id " + id);
        }
        Proposal proposal = open.proposal();
        if (!decide.approve()) {
            return new Decision.AdjustmentDismissed(proposal, decide.decidedBy(), decide.reason());
        }
        if (decide.decidedBy().equalsIgnoreCase(proposal.author())) {
            return new Declined(
                    RejectionReason.APPROVER_IS_AUTHOR,
                    "decidedBy",
                    proposal.author() + " proposed adjustment " + id + "; somebody else must approve it");
        }
        if (proposal.change() != null) {
            Decision changing = AccountDecider.change(books, proposal.change(), AccountDecider.By.TWO);
            return changing instanceof Decision.Changed changed
                    ? new Decision.AdjustmentMade(proposal, decide.decidedBy(), changed)
                    : changing;
        }
        Decision posting = post(books, proposal.legs(), proposal.details(), new Reference(id, "adjustmentId"));
        return switch (posting.booked()) {
            case null -> posting instanceof Declined declined ? unapprovable(id, declined) : posting;
            case Booked booked -> new Decision.AdjustmentPosted(proposal, decide.decidedBy(), booked);
        };
    }

    /** What stands in the way of approving for ever, since a closed day stays closed and a proposal as it is. */
    private static Declined unapprovable(long id, Declined declined) {
        return declined.reason() != RejectionReason.VALUE_DATE_CLOSED
                ? declined
                : new Declined(
                        declined.reason(),
                        "adjustmentId",
                        "adjustment " + id + " cannot be approved any more, only rejected: its " + declined.detail());
    }

    private static Decision closeDay(Books books, Command.CloseDay close, Instant now) {
        LocalDate before = books.closedThrough();
        if (before != null && !close.day().isAfter(before)) {
            return new Declined(RejectionReason.DAY_ALREADY_CLOSED, "day", "days are closed through " + before);
        }
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        return close.day().isAfter(today)
                ? new Declined(RejectionReason.DAY_NOT_REACHED, "day", "today is " + today + " (UTC)")
                : new Decision.DayClosed(close.day(), before, close.closedBy());
    }

    private static @Nullable Declined unbalanced(List<Leg> legs) {
        Map<Currency, BigInteger> sums = new HashMap<>();
        for (Leg leg : legs) {
            BigInteger amount = BigInteger.valueOf(leg.amount().minorUnits());
            sums.merge(leg.amount().currency(), leg.side() == Side.DEBIT ? amount : amount.negate(), BigInteger::add);
        }
        for (Leg leg : legs) {
            Currency currency = leg.amount().currency();
            BigInteger sum = sums.getOrDefault(currency, BigInteger.ZERO);
            if (sum.signum() != 0) {
                String difference = new BigDecimal(sum.abs(), currency.scale()).toPlainString() + " " + currency;
                return new Declined(
                        RejectionReason.UNBALANCED,
                        "legs",
                        (sum.signum() > 0 ? "debits exceed credits by " : "credits exceed debits by ") + difference);
            }
        }
        return null;
    }
}
