package org.exchequer.ledger.core;

import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;

/**
 * The naive twin of the core: every balance is the sum of all postings, every reservation the sum of all open holds,
 * made anew for each question, in unbounded integers. Slow, and simple enough to be believed. Rules are written as a
 * list of conditions per reason and the lowest reason wins, rather than as guards in an order.
 */
public final class NaiveLedger {
    /** One leg of an accepted transaction, debit positive. */
    record Posting(String account, BigInteger amount) {}

    /** What stands in a place of the journal. */
    private sealed interface Entry {
        record Nothing() implements Entry {}

        record Posted(List<Posting> postings, boolean reversal, BigInteger reversed) implements Entry {}

        record Held(
                String debit,
                String credit,
                Money amount,
                BigInteger remaining,
                @Nullable Instant expiresAt,
                @Nullable RejectionReason ended)
                implements Entry {}

        record Proposed(Command.ProposeAdjustment proposal, boolean decided) implements Entry {}
    }

    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    final Map<String, AccountSpec> accounts = new LinkedHashMap<>();
    final Map<String, AccountState> states = new HashMap<>();
    private final Map<String, List<BigInteger>> lines = new HashMap<>();
    private final List<Entry> journal = new ArrayList<>();
    private @Nullable LocalDate closedThrough;
    private final NaiveAccountRules accountRules = new NaiveAccountRules(this);

    /** Account codes, in the order they were opened. */
    public List<String> codes() {
        return List.copyOf(accounts.keySet());
    }

    public boolean isSummary(String code) {
        return spec(code).currency() == null;
    }

    /** Places taken in the journal. */
    public long size() {
        return journal.size();
    }

    /** Ends every hold whose time is up, in order of time and age; each takes a place in the journal. */
    public void expire(Instant now) {
        record Due(int index, Entry.Held hold, Instant at) {}
        List<Due> due = new ArrayList<>();
        for (int i = 0; i < journal.size(); i++) {
            if (journal.get(i) instanceof Entry.Held held
                    && held.ended() == null
                    && held.expiresAt() != null
                    && !held.expiresAt().isAfter(now)) {
                due.add(new Due(i, held, held.expiresAt()));
            }
        }
        due.sort(Comparator.comparing(Due::at).thenComparingInt(Due::index));
        for (Due each : due) {
            journal.set(each.index(), end(each.hold(), RejectionReason.PENDING_EXPIRED));
            journal.add(new Entry.Nothing());
        }
    }

    private static Entry.Held end(Entry.Held hold, RejectionReason how) {
        return new Entry.Held(hold.debit(), hold.credit(), hold.amount(), BigInteger.ZERO, hold.expiresAt(), how);
    }

    /** Decides all or none; null for each when accepted. */
    public List<@Nullable RejectionReason> executeLinked(List<Command> commands, Instant now) {
        NaiveLedger before = new NaiveLedger();
        before.become(this);
        List<@Nullable RejectionReason> reasons = new ArrayList<>();
        int culprit = -1;
        for (int i = 0; i < commands.size() && culprit < 0; i++) {
            RejectionReason reason = execute(commands.get(i), now);
            reasons.add(reason);
            culprit = reason == null ? -1 : i;
        }
        if (culprit >= 0) {
            RejectionReason reason = reasons.get(culprit);
            become(before);
            reasons.clear();
            for (int i = 0; i < commands.size(); i++) {
                reasons.add(i == culprit ? reason : RejectionReason.LINKED_ITEM_FAILED);
                journal.add(new Entry.Nothing());
            }
        }
        return reasons;
    }

    private void become(NaiveLedger other) {
        accounts.clear();
        accounts.putAll(other.accounts);
        states.clear();
        states.putAll(other.states);
        lines.clear();
        other.lines.forEach((account, amounts) -> lines.put(account, new ArrayList<>(amounts)));
        journal.clear();
        journal.addAll(other.journal);
        closedThrough = other.closedThrough;
    }

    /** Decides and applies; null when accepted. Every command takes one place in the journal. */
    @Nullable
    RejectionReason execute(Command command) {
        return execute(command, Instant.EPOCH);
    }

    /** The same at this booking time. */
    public @Nullable RejectionReason execute(Command command, Instant now) {
        Set<RejectionReason> against = new HashSet<>();
        Entry entry = judge(command, now, against);
        if (!against.isEmpty()) {
            journal.add(new Entry.Nothing());
            return against.stream().min(Enum::compareTo).orElseThrow();
        }
        journal.add(entry);
        if (entry instanceof Entry.Posted posted) {
            posted.postings()
                    .forEach(p -> lines.computeIfAbsent(p.account(), a -> new ArrayList<>())
                            .add(p.amount()));
        }
        apply(command);
        return null;
    }

    private Entry judge(Command command, Instant now, Set<RejectionReason> against) {
        return switch (command) {
            case Command.Transfer t -> judgePair(t.debitAccount(), t.creditAccount(), t.amount(), t.details(), against);
            case Command.Post p -> judge(p.legs(), p.details(), true, against);
            case Command.Hold h -> {
                judgePair(h.debitAccount(), h.creditAccount(), h.amount(), h.details(), against);
                yield new Entry.Held(
                        h.debitAccount(),
                        h.creditAccount(),
                        h.amount(),
                        BigInteger.valueOf(h.amount().minorUnits()),
                        h.timeout() == null ? null : now.plus(h.timeout()),
                        null);
            }
            case Command.PostPending p -> judgePosting(p, now, against);
            case Command.VoidPending v -> {
                judgeHold(v.pendingId(), null, now, against);
                yield new Entry.Nothing();
            }
            case Command.Reverse r -> judgeReversal(r, against);
            case Command.ProposeAdjustment p -> {
                if (p.change() == null) {
                    judge(p.legs(), p.details(), false, against);
                } else {
                    accountRules.jointChange(p.change(), against);
                }
                yield new Entry.Proposed(p, false);
            }
            case Command.DecideAdjustment d -> judgeApproval(d, against);
            case Command.CloseDay c -> {
                if (closedThrough != null && !c.day().isAfter(closedThrough)) {
                    against.add(RejectionReason.DAY_ALREADY_CLOSED);
                }
                if (c.day().isAfter(LocalDate.ofInstant(now, ZoneOffset.UTC))) {
                    against.add(RejectionReason.DAY_NOT_REACHED);
                }
                yield new Entry.Nothing();
            }
            case Command.OpenAccount o -> {
                accountRules.opening(o.account(), against);
                yield new Entry.Nothing();
            }
            case Command.ChangeAccount c -> {
                accountRules.change(c.change(), against);
                if (c.tightenOnly() && accounts.containsKey(c.account())) {
                    accountRules.loosening(c.change(), against);
                }
                yield new Entry.Nothing();
            }
        };
    }

    /** What an accepted command changes beside its own place in the journal. */
    private void apply(Command command) {
        switch (command) {
            case Command.OpenAccount o -> {
                accounts.put(o.account().code(), o.account());
                states.put(o.account().code(), AccountState.OPEN);
            }
            case Command.ChangeAccount c -> change(c.change());
            case Command.PostPending p -> {
                Entry.Held hold = (Entry.Held) at(p.pendingId());
                BigInteger posted = p.amount() == null
                        ? hold.remaining()
                        : BigInteger.valueOf(p.amount().minorUnits());
                BigInteger left = p.keepRest() ? hold.remaining().subtract(posted) : BigInteger.ZERO;
                put(
                        p.pendingId(),
                        left.signum() == 0
                                ? end(hold, RejectionReason.PENDING_ALREADY_POSTED)
                                : new Entry.Held(
                                        hold.debit(), hold.credit(), hold.amount(), left, hold.expiresAt(), null));
            }
            case Command.VoidPending v ->
                put(v.pendingId(), end((Entry.Held) at(v.pendingId()), RejectionReason.PENDING_ALREADY_VOIDED));
            case Command.Reverse r -> {
                Entry.Posted original = (Entry.Posted) at(r.transactionId());
                BigInteger undone = ((Entry.Posted) journal.getLast())
                        .postings()
                        .getFirst()
                        .amount()
                        .abs();
                put(
                        r.transactionId(),
                        new Entry.Posted(
                                original.postings(),
                                original.reversal(),
                                original.reversed().add(undone)));
            }
            case Command.DecideAdjustment d -> {
                Command.ProposeAdjustment proposal = ((Entry.Proposed) at(d.adjustmentId())).proposal();
                put(d.adjustmentId(), new Entry.Proposed(proposal, true));
                if (d.approve() && proposal.change() != null) {
                    change(proposal.change());
                }
            }
            case Command.CloseDay c -> closedThrough = c.day();
            case Command.Transfer t -> {}
            case Command.Post p -> {}
            case Command.Hold h -> {}
            case Command.ProposeAdjustment p -> {}
        }
    }

    private void change(AccountChange change) {
        if (change.state() != null) {
            states.put(change.account(), change.state());
        }
        AccountSpec spec = spec(change.account());
        spec = change.overdraftLimit() == null ? spec : spec.limited(spec.rule(), change.overdraftLimit());
        accounts.put(change.account(), change.bounds() == null ? spec : spec.bounded(change.bounds()));
    }

    private Entry at(long id) {
        return id >= 1 && id <= journal.size() ? journal.get((int) id - 1) : new Entry.Nothing();
    }

    private void put(long id, Entry entry) {
        journal.set((int) id - 1, entry);
    }

    /** Total of an account's debits or credits, in minor units. */
    public BigInteger turnover(String account, Side side) {
        int sign = side == Side.DEBIT ? 1 : -1;
        BigInteger sum = BigInteger.ZERO;
        for (BigInteger amount : lines.getOrDefault(account, List.of())) {
            sum = amount.signum() == sign ? sum.add(amount.abs()) : sum;
        }
        return sum;
    }

    /** What is reserved on a side of an account, in minor units. */
    public BigInteger pending(String account, Side side) {
        BigInteger sum = BigInteger.ZERO;
        for (Entry entry : journal) {
            if (entry instanceof Entry.Held held && account.equals(side == Side.DEBIT ? held.debit() : held.credit())) {
                sum = sum.add(held.remaining());
            }
        }
        return sum;
    }

    BigInteger net(String account) {
        return turnover(account, Side.DEBIT).subtract(turnover(account, Side.CREDIT));
    }

    /** How far the account would stand towards a side if all that is reserved there were posted. */
    BigInteger exposure(String account, Side side) {
        BigInteger net = side == Side.DEBIT ? net(account) : net(account).negate();
        return net.add(pending(account, side));
    }

    private Entry judgePair(String debit, String credit, Money amount, Details details, Set<RejectionReason> against) {
        if (debit.equals(credit)) {
            against.add(RejectionReason.SAME_ACCOUNT);
        }
        return judge(List.of(Leg.debit(debit, amount), Leg.credit(credit, amount)), details, true, against);
    }

    /** @param now whether it is to be posted or reserved now, rather than later */
    private Entry judge(List<Leg> legs, Details details, boolean now, Set<RejectionReason> against) {
        Map<String, BigInteger> perCurrency = new HashMap<>();
        List<Posting> postings = new ArrayList<>();
        for (Leg leg : legs) {
            BigInteger signed = BigInteger.valueOf(leg.amount().minorUnits());
            if (signed.signum() <= 0) {
                against.add(RejectionReason.AMOUNT_NOT_POSITIVE);
            }
            signed = leg.side() == Side.DEBIT ? signed : signed.negate();
            perCurrency.merge(leg.amount().currency().code(), signed, BigInteger::add);
            AccountSpec spec = accounts.get(leg.account());
            if (spec == null) {
                against.add(RejectionReason.ACCOUNT_NOT_FOUND);
            } else if (spec.currency() == null) {
                against.add(RejectionReason.ACCOUNT_IS_SUMMARY);
            } else if (!spec.currency().equals(leg.amount().currency())) {
                against.add(RejectionReason.CURRENCY_MISMATCH);
            }
            postings.add(new Posting(leg.account(), signed));
        }
        if (perCurrency.values().stream().anyMatch(sum -> sum.signum() != 0)) {
            against.add(RejectionReason.UNBALANCED);
        }
        judgeValueDate(details, against);
        if (against.isEmpty() && now) {
            judgeStates(postings, against);
            judgeAmounts(postings, against);
        }
        return new Entry.Posted(postings, false, BigInteger.ZERO);
    }

    private void judgeValueDate(Details details, Set<RejectionReason> against) {
        if (details.valueDate() != null
                && closedThrough != null
                && !details.valueDate().isAfter(closedThrough)) {
            against.add(RejectionReason.VALUE_DATE_CLOSED);
        }
    }

    private void judgeStates(List<Posting> postings, Set<RejectionReason> against) {
        for (Posting posting : postings) {
            AccountState state = states.get(posting.account());
            boolean debit = posting.amount().signum() > 0;
            if (state == AccountState.CLOSED) {
                against.add(RejectionReason.ACCOUNT_CLOSED);
            }
            if (state == AccountState.FROZEN
                    || (debit && state == AccountState.DEBIT_FROZEN)
                    || (!debit && state == AccountState.CREDIT_FROZEN)) {
                against.add(RejectionReason.ACCOUNT_FROZEN);
            }
        }
    }

    private void judgeAmounts(List<Posting> postings, Set<RejectionReason> against) {
        Map<String, BigInteger> moves = new HashMap<>();
        for (Posting posting : postings) {
            moves.merge(posting.account(), posting.amount(), BigInteger::add);
            for (Side side : Side.values()) {
                BigInteger added = postings.stream()
                        .filter(p -> p.account().equals(posting.account())
                                && p.amount().signum() == (side == Side.DEBIT ? 1 : -1))
                        .map(p -> p.amount().abs())
                        .reduce(BigInteger.ZERO, BigInteger::add);
                if (added.signum() > 0
                        && turnover(posting.account(), side)
                                        .add(pending(posting.account(), side))
                                        .add(added)
                                        .compareTo(MAX)
                                > 0) {
                    against.add(RejectionReason.BALANCE_OVERFLOW);
                }
            }
        }
        moves.forEach((account, move) -> {
            if (move.signum() != 0) {
                Side side = move.signum() > 0 ? Side.DEBIT : Side.CREDIT;
                judgeLimits(spec(account), side, exposure(account, side).add(move.abs()), against);
            }
        });
    }

    private static void judgeLimits(AccountSpec spec, Side side, BigInteger exposure, Set<RejectionReason> against) {
        BigInteger limit = BigInteger.valueOf(spec.overdraftLimit());
        if (side == Side.DEBIT
                && spec.rule() == BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS
                && exposure.compareTo(limit) > 0) {
            against.add(RejectionReason.INSUFFICIENT_FUNDS);
        }
        if (side == Side.CREDIT
                && spec.rule() == BalanceRule.CREDITS_MAY_NOT_EXCEED_DEBITS
                && exposure.compareTo(limit) > 0) {
            against.add(RejectionReason.CREDITS_WOULD_EXCEED_DEBITS);
        }
        Long minimum = spec.bounds().minimum();
        if (side != spec.normalSide()
                && minimum != null
                && exposure.negate().compareTo(BigInteger.valueOf(minimum)) < 0) {
            against.add(RejectionReason.BELOW_MINIMUM_BALANCE);
        }
        Long maximum = spec.bounds().maximum();
        if (side == spec.normalSide() && maximum != null && exposure.compareTo(BigInteger.valueOf(maximum)) > 0) {
            against.add(RejectionReason.ABOVE_MAXIMUM_BALANCE);
        }
    }

    private void judgeHold(long id, @Nullable Money amount, Instant now, Set<RejectionReason> against) {
        if (amount != null && amount.minorUnits() <= 0) {
            against.add(RejectionReason.AMOUNT_NOT_POSITIVE);
        }
        if (!(at(id) instanceof Entry.Held hold)) {
            against.add(RejectionReason.NOT_PENDING);
            return;
        }
        if (amount != null && !amount.currency().equals(hold.amount().currency())) {
            against.add(RejectionReason.CURRENCY_MISMATCH);
        }
        if (hold.ended() != null) {
            against.add(hold.ended());
        } else if (hold.expiresAt() != null && !hold.expiresAt().isAfter(now)) {
            against.add(RejectionReason.PENDING_EXPIRED);
        } else if (amount != null && BigInteger.valueOf(amount.minorUnits()).compareTo(hold.remaining()) > 0) {
            against.add(RejectionReason.EXCEEDS_PENDING_AMOUNT);
        }
    }

    private Entry judgePosting(Command.PostPending post, Instant now, Set<RejectionReason> against) {
        judgeHold(post.pendingId(), post.amount(), now, against);
        judgeValueDate(post.details(), against);
        if (!(at(post.pendingId()) instanceof Entry.Held hold)) {
            return new Entry.Nothing();
        }
        BigInteger amount = post.amount() == null
                ? hold.remaining()
                : BigInteger.valueOf(post.amount().minorUnits());
        List<Posting> postings =
                List.of(new Posting(hold.debit(), amount), new Posting(hold.credit(), amount.negate()));
        if (against.isEmpty()) {
            judgeStates(postings, against);
        }
        return new Entry.Posted(postings, false, BigInteger.ZERO);
    }

    private Entry judgeReversal(Command.Reverse reverse, Set<RejectionReason> against) {
        Money asked = reverse.amount();
        if (asked != null && asked.minorUnits() <= 0) {
            against.add(RejectionReason.AMOUNT_NOT_POSITIVE);
        }
        Entry entry = at(reverse.transactionId());
        if (entry instanceof Entry.Held) {
            against.add(RejectionReason.NOT_REVERSIBLE);
            return entry;
        }
        if (!(entry instanceof Entry.Posted original)) {
            against.add(RejectionReason.TRANSACTION_NOT_FOUND);
            return entry;
        }
        List<Posting> postings = original.postings();
        boolean divisible = postings.size() == 2
                && !postings.get(0).account().equals(postings.get(1).account());
        if (asked != null
                && divisible
                && !asked.currency().equals(spec(postings.get(0).account()).currency())) {
            against.add(RejectionReason.CURRENCY_MISMATCH);
        }
        if (original.reversal()) {
            against.add(RejectionReason.NOT_REVERSIBLE);
        }
        BigInteger left = divisible
                ? postings.get(0).amount().abs().subtract(original.reversed())
                : original.reversed().signum() == 0 ? BigInteger.ONE : BigInteger.ZERO;
        if (left.signum() <= 0) {
            against.add(RejectionReason.ALREADY_REVERSED);
        }
        if (asked != null && !divisible) {
            against.add(RejectionReason.PARTIAL_REVERSAL_NOT_POSSIBLE);
        }
        if (asked != null && divisible && BigInteger.valueOf(asked.minorUnits()).compareTo(left) > 0) {
            against.add(RejectionReason.EXCEEDS_REVERSIBLE_AMOUNT);
        }
        judgeValueDate(reverse.details(), against);
        BigInteger divided = asked == null ? left : BigInteger.valueOf(asked.minorUnits());
        List<Posting> undone = postings.stream()
                .map(p -> new Posting(
                        p.account(),
                        !divisible ? p.amount().negate() : p.amount().signum() > 0 ? divided.negate() : divided))
                .toList();
        if (against.isEmpty()) {
            judgeStates(undone, against);
            judgeAmounts(undone, against);
        }
        return new Entry.Posted(undone, true, BigInteger.ZERO);
    }

    private Entry judgeApproval(Command.DecideAdjustment decide, Set<RejectionReason> against) {
        if (!(at(decide.adjustmentId()) instanceof Entry.Proposed proposed)) {
            against.add(RejectionReason.ADJUSTMENT_NOT_FOUND);
            return new Entry.Nothing();
        }
        if (proposed.decided()) {
            against.add(RejectionReason.ADJUSTMENT_ALREADY_DECIDED);
            return new Entry.Nothing();
        }
        if (!decide.approve()) {
            return new Entry.Nothing();
        }
        if (decide.decidedBy().equals(proposed.proposal().author())) {
            against.add(RejectionReason.APPROVER_IS_AUTHOR);
        }
        Set<RejectionReason> posting = new HashSet<>();
        AccountChange change = proposed.proposal().change();
        Entry entry = new Entry.Nothing();
        if (change == null) {
            entry = judge(proposed.proposal().legs(), proposed.proposal().details(), true, posting);
        } else {
            accountRules.jointChange(change, posting);
        }
        if (against.isEmpty()) {
            against.addAll(posting);
        }
        return entry;
    }

    AccountSpec spec(String account) {
        AccountSpec spec = accounts.get(account);
        if (spec == null) {
            throw new IllegalStateException("no account " + account);
        }
        return spec;
    }
}
