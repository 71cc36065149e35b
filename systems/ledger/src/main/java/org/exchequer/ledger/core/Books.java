package org.exchequer.ledger.core;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.StampedLock;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.Decision.BookedLeg;
import org.exchequer.ledger.core.Decision.BookedLegs;
import org.exchequer.ledger.core.Decision.BookedPair;
import org.exchequer.ledger.core.Decision.Changed;
import org.exchequer.ledger.core.Decision.Declined;
import org.exchequer.ledger.core.Decision.Opened;
import org.jspecify.annotations.Nullable;

/**
 * All accounts in memory. One thread, the committer, applies decisions and seals each batch of them; when the batch is
 * durable it is published, and when it is not, it and all after it are undone. Any thread may read what is published.
 */
public final class Books {
    private final ConcurrentHashMap<String, Slot> byCode;
    private final List<Slot> byId;
    private final List<Slot> dirty = new ArrayList<>();
    private final HashMap<Long, Hold> holds = new HashMap<>();
    private final TreeSet<Expiry> expiries = new TreeSet<>();
    private final StampedLock published = new StampedLock();
    private volatile long publishedAccounts;
    private long publishedSequence;
    private @Nullable LocalDate closedThrough;

    /** Books without accounts. */
    public Books() {
        this(0);
    }

    /** Books without accounts, with room for so many before anything must be moved. */
    public Books(int accounts) {
        byCode = new ConcurrentHashMap<>(accounts);
        byId = new ArrayList<>(accounts);
    }

    /** When a hold ends by itself; in order of time, then of age. */
    private record Expiry(Instant at, long hold) implements Comparable<Expiry> {
        @Override
        public int compareTo(Expiry other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(hold, other.hold);
        }
    }

    /** An account and its totals, in minor units, at one position of the journal. */
    public record Totals(
            Account account, long debits, long credits, long pendingDebits, long pendingCredits, long sequence) {}

    /**
     * All published totals at one position, in minor units.
     *
     * @param debits by account number less one
     * @param credits by account number less one
     * @param pendingDebits by account number less one
     * @param pendingCredits by account number less one
     */
    @SuppressWarnings("ArrayRecordComponent") // a bulk copy for one reader, never compared
    public record Snapshot(long[] debits, long[] credits, long[] pendingDebits, long[] pendingCredits, long sequence) {}

    /** Copies all published totals; the writer waits meanwhile, about a millisecond per 100,000 accounts. */
    public Snapshot snapshot() {
        long stamp = published.readLock();
        try {
            int accounts = (int) publishedAccounts;
            long[] debits = new long[accounts];
            long[] credits = new long[accounts];
            long[] pendingDebits = new long[accounts];
            long[] pendingCredits = new long[accounts];
            for (Slot slot : byCode.values()) {
                if (slot.id <= accounts) {
                    debits[(int) slot.id - 1] = slot.committedDebits;
                    credits[(int) slot.id - 1] = slot.committedCredits;
                    pendingDebits[(int) slot.id - 1] = slot.committedPendingDebits;
                    pendingCredits[(int) slot.id - 1] = slot.committedPendingCredits;
                }
            }
            return new Snapshot(debits, credits, pendingDebits, pendingCredits, publishedSequence);
        } finally {
            published.unlockRead(stamp);
        }
    }

    @Nullable
    Slot find(String code) {
        return byCode.get(code);
    }

    /** The account with this number; it must exist. */
    public Slot slot(long id) {
        return byId.get((int) id - 1);
    }

    /** Accounts so far, which is also the number of the last one. */
    public int size() {
        return byId.size();
    }

    /** Debits minus credits of an account, what is not yet published included. For the deciding thread. */
    public long net(Slot slot) {
        return slot.debits - slot.credits;
    }

    /** The open hold with this id, what is not yet published included; null when there is none. */
    public @Nullable Hold hold(long id) {
        return holds.get(id);
    }

    /** Open holds. */
    public int holds() {
        return holds.size();
    }

    /** Everything open beside the accounts' totals, in words: for comparing two books. */
    String describeOpen() {
        StringBuilder text = new StringBuilder("closed through " + closedThrough + "\n");
        new TreeMap<>(holds)
                .forEach((id, hold) -> text.append("hold ")
                        .append(id)
                        .append(": ")
                        .append(hold.debit().code)
                        .append(" → ")
                        .append(hold.credit().code)
                        .append(' ')
                        .append(hold.remaining())
                        .append(" until ")
                        .append(hold.expiresAt())
                        .append('\n'));
        text.append(expiries).append('\n');
        return text.toString();
    }

    /** The last closed day, or null before the first closing. */
    public @Nullable LocalDate closedThrough() {
        return closedThrough;
    }

    /** The business day booked into at this time: its date in UTC, or the first day that is not closed. */
    public LocalDate bookingDate(Instant now) {
        LocalDate date = LocalDate.ofInstant(now, ZoneOffset.UTC);
        return closedThrough == null || date.isAfter(closedThrough) ? date : closedThrough.plusDays(1);
    }

    /** Holds whose time is up, the earliest first, at most so many. */
    public List<Hold> expired(Instant now, int atMost) {
        List<Hold> due = new ArrayList<>();
        for (Expiry expiry : expiries) {
            if (expiry.at().isAfter(now) || due.size() == atMost) {
                break;
            }
            due.add(Objects.requireNonNull(holds.get(expiry.hold())));
        }
        return due;
    }

    /** Whether a hold's time is up. */
    public boolean hasExpired(Instant now) {
        return !expiries.isEmpty() && !expiries.getFirst().at().isAfter(now);
    }

    /** Takes over an open hold at recovery; its reservations are in the accounts' totals already. */
    public void load(Hold hold) {
        put(hold);
    }

    /** Takes over the last closed day at recovery. */
    public void load(LocalDate closed) {
        closedThrough = closed;
    }

    /** Takes over one account at recovery: in the order of their numbers, before anything is decided. */
    public Slot load(Account account, long debits, long credits, long pendingDebits, long pendingCredits) {
        Slot slot = add(account);
        slot.committedAccount = account;
        slot.debits = slot.committedDebits = debits;
        slot.credits = slot.committedCredits = credits;
        slot.pendingDebits = slot.committedPendingDebits = pendingDebits;
        slot.pendingCredits = slot.committedPendingCredits = pendingCredits;
        if (slot.parent != null && account.state() == AccountState.CLOSED) {
            slot.parent.childrenNotClosed--;
        }
        return slot;
    }

    /** Applies a decision. What it changes stays invisible to readers until it is sealed and published. */
    public void apply(Decision decision) {
        switch (decision) {
            case BookedPair pair -> {
                addDebit(pair.debit(), pair.amount());
                addCredit(pair.credit(), pair.amount());
            }
            case BookedLegs legs -> legs.legs().forEach(leg -> post(leg, leg.amount()));
            case Decision.Held held -> reserve(held.hold(), held.hold().remaining());
            case Decision.PendingPosted posted -> {
                reserve(posted.hold().less(posted.released()), -posted.released());
                apply(posted.booked());
            }
            case Decision.PendingReleased released ->
                reserve(
                        released.hold().less(released.hold().remaining()),
                        -released.hold().remaining());
            case Decision.AdjustmentPosted posted -> apply(posted.booked());
            case Decision.AdjustmentMade made -> apply(made.changed());
            case Decision.Proposed proposed -> {}
            case Decision.AdjustmentDismissed dismissed -> {}
            case Decision.DayClosed closed -> closedThrough = closed.day();
            case Opened opened -> touch(add(opened.account()));
            case Changed changed -> change(changed.slot(), changed.before(), changed.after());
            case Declined declined -> {}
        }
    }

    /** Takes back a decision. Decisions are undone in the reverse order of their application. */
    public void undo(Decision decision) {
        switch (decision) {
            case BookedPair pair -> {
                addDebit(pair.debit(), -pair.amount());
                addCredit(pair.credit(), -pair.amount());
            }
            case BookedLegs legs -> legs.legs().forEach(leg -> post(leg, -leg.amount()));
            case Decision.Held held ->
                reserve(held.hold().less(held.hold().remaining()), -held.hold().remaining());
            case Decision.PendingPosted posted -> {
                undo(posted.booked());
                reserve(posted.hold(), posted.released());
            }
            case Decision.PendingReleased released ->
                reserve(released.hold(), released.hold().remaining());
            case Decision.AdjustmentPosted posted -> undo(posted.booked());
            case Decision.AdjustmentMade made -> undo(made.changed());
            case Decision.Proposed proposed -> {}
            case Decision.AdjustmentDismissed dismissed -> {}
            case Decision.DayClosed closed -> closedThrough = closed.before();
            case Opened opened -> {
                Slot last = byId.removeLast();
                byCode.remove(last.code);
                if (last.parent != null) {
                    last.parent.childrenNotClosed--;
                }
                dirty.remove(last);
            }
            case Changed changed -> change(changed.slot(), changed.after(), changed.before());
            case Declined declined -> {}
        }
    }

    /**
     * Marks off everything applied since the last seal, to be published when it is durable. Decisions may go on
     * meanwhile: what they apply belongs to the next seal. Nothing that is sealed and not published may be undone after
     * something that was sealed before it.
     */
    public Sealed seal(long sequence) {
        Sealed sealed = new Sealed(dirty, byId.size(), sequence);
        dirty.clear();
        return sealed;
    }

    /** Makes what was sealed visible to readers. By one thread at a time, in the order of the seals. */
    public void publish(Sealed sealed) {
        long stamp = published.writeLock();
        try {
            sealed.copyToCommitted();
            publishedSequence = sealed.sequence;
            publishedAccounts = sealed.accounts;
        } finally {
            published.unlockWrite(stamp);
        }
    }

    /** Makes everything applied so far visible to readers, as of this position of the journal. */
    public void publish(long sequence) {
        publish(seal(sequence));
    }

    /** Accounts that changed, as they stood when they were sealed. */
    public static final class Sealed {
        private static final int TOTALS = 4;

        private final Slot[] slots;
        private final Account[] became;
        private final long[] totals;
        private final int accounts;
        private final long sequence;

        private Sealed(List<Slot> dirty, int accounts, long sequence) {
            this.slots = dirty.toArray(Slot[]::new);
            this.became = new Account[slots.length];
            this.totals = new long[slots.length * TOTALS];
            this.accounts = accounts;
            this.sequence = sequence;
            int at = 0;
            for (int i = 0; i < slots.length; i++) {
                Slot slot = slots[i];
                slot.dirty = false;
                became[i] = slot.account;
                totals[at++] = slot.debits;
                totals[at++] = slot.credits;
                totals[at++] = slot.pendingDebits;
                totals[at++] = slot.pendingCredits;
            }
        }

        private void copyToCommitted() {
            int at = 0;
            for (int i = 0; i < slots.length; i++) {
                Slot slot = slots[i];
                slot.committedAccount = became[i];
                slot.committedDebits = totals[at++];
                slot.committedCredits = totals[at++];
                slot.committedPendingDebits = totals[at++];
                slot.committedPendingCredits = totals[at++];
            }
        }
    }

    /** The published totals of an account; null when no such account is published. */
    public @Nullable Totals totals(String code) {
        Slot slot = byCode.get(code);
        if (slot == null || slot.id > publishedAccounts) {
            return null;
        }
        long stamp = published.tryOptimisticRead();
        @Nullable Totals totals = read(slot);
        if (!published.validate(stamp)) {
            stamp = published.readLock();
            try {
                totals = read(slot);
            } finally {
                published.unlockRead(stamp);
            }
        }
        return totals;
    }

    /** Null for an account whose opening was taken back, or is not yet durable. */
    private @Nullable Totals read(Slot slot) {
        Account account = slot.committedAccount;
        return account == null
                ? null
                : new Totals(
                        account,
                        slot.committedDebits,
                        slot.committedCredits,
                        slot.committedPendingDebits,
                        slot.committedPendingCredits,
                        publishedSequence);
    }

    private Slot add(Account account) {
        if (account.id() != byId.size() + 1L) {
            throw new IllegalStateException("account " + account.id() + " after " + byId.size());
        }
        String parentCode = account.spec().parent();
        Slot parent = parentCode == null ? null : byCode.get(parentCode);
        Slot slot = new Slot(account, parent);
        if (parent != null) {
            parent.childrenNotClosed++;
        }
        byId.add(slot);
        byCode.put(slot.code, slot);
        return slot;
    }

    private void change(Slot slot, Account from, Account to) {
        slot.become(to);
        if (slot.parent != null && from.state() != to.state()) {
            if (to.state() == AccountState.CLOSED) {
                slot.parent.childrenNotClosed--;
            } else if (from.state() == AccountState.CLOSED) {
                slot.parent.childrenNotClosed++;
            }
        }
        touch(slot);
    }

    private void post(BookedLeg leg, long amount) {
        if (leg.side() == Side.DEBIT) {
            addDebit(leg.slot(), amount);
        } else {
            addCredit(leg.slot(), amount);
        }
    }

    /** Moves what is reserved on both accounts by this much, after which the hold is as given. */
    private void reserve(Hold after, long amount) {
        after.debit().pendingDebits += amount;
        after.credit().pendingCredits += amount;
        touch(after.debit());
        touch(after.credit());
        put(after);
    }

    private void put(Hold hold) {
        if (hold.remaining() > 0) {
            holds.put(hold.id(), hold);
        } else {
            holds.remove(hold.id());
        }
        if (hold.expiresAt() != null) {
            Expiry expiry = new Expiry(hold.expiresAt(), hold.id());
            if (hold.remaining() > 0) {
                expiries.add(expiry);
            } else {
                expiries.remove(expiry);
            }
        }
    }

    private void addDebit(Slot slot, long amount) {
        slot.debits += amount;
        touch(slot);
    }

    private void addCredit(Slot slot, long amount) {
        slot.credits += amount;
        touch(slot);
    }

    private void touch(Slot slot) {
        if (!slot.dirty) {
            slot.dirty = true;
            dirty.add(slot);
        }
    }
}
