package org.exchequer.ledger.core;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;

/**
 * The naive twin of the core: every balance is the sum of all postings, made anew for each question, in unbounded
 * integers. Slow, and simple enough to be believed. Rules are written as a list of conditions per reason and the lowest
 * reason wins, rather than as guards in an order.
 */
final class NaiveLedger {
    /** One leg of an accepted transaction, debit positive. */
    record Posting(String account, BigInteger amount) {}

    static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    final Map<String, AccountSpec> accounts = new LinkedHashMap<>();
    final Map<String, AccountState> states = new HashMap<>();
    final List<@Nullable List<Posting>> journal = new ArrayList<>();
    final Map<Long, Long> reversalOf = new HashMap<>();

    /** Decides and applies; null when accepted. Every command takes one place in the journal. */
    @Nullable
    RejectionReason execute(Command command) {
        Set<RejectionReason> against = new HashSet<>();
        List<Posting> postings = null;
        switch (command) {
            case Command.Transfer t -> {
                if (t.debitAccount().equals(t.creditAccount())) {
                    against.add(RejectionReason.SAME_ACCOUNT);
                }
                postings = judge(
                        List.of(Leg.debit(t.debitAccount(), t.amount()), Leg.credit(t.creditAccount(), t.amount())),
                        against);
            }
            case Command.Post p -> postings = judge(p.legs(), against);
            case Command.Reverse r -> postings = judgeReversal(r.transactionId(), against);
            case Command.OpenAccount o -> judgeOpening(o.account(), against);
            case Command.ChangeAccount c -> judgeChange(c, against);
        }
        if (!against.isEmpty()) {
            journal.add(null);
            return against.stream().min(Enum::compareTo).orElseThrow();
        }
        journal.add(postings);
        switch (command) {
            case Command.OpenAccount o -> {
                accounts.put(o.account().code(), o.account());
                states.put(o.account().code(), AccountState.OPEN);
            }
            case Command.ChangeAccount c -> {
                if (c.state() != null) {
                    states.put(c.account(), c.state());
                }
                if (c.overdraftLimit() != null) {
                    AccountSpec spec = spec(c.account());
                    accounts.put(c.account(), spec.limited(spec.rule(), c.overdraftLimit()));
                }
            }
            case Command.Reverse r -> reversalOf.put((long) journal.size(), r.transactionId());
            case Command.Transfer t -> {}
            case Command.Post p -> {}
        }
        return null;
    }

    BigInteger turnover(String account, Side side) {
        int sign = side == Side.DEBIT ? 1 : -1;
        BigInteger sum = BigInteger.ZERO;
        for (List<Posting> postings : journal) {
            if (postings != null) {
                for (Posting posting : postings) {
                    if (posting.account().equals(account) && posting.amount().signum() == sign) {
                        sum = sum.add(posting.amount().abs());
                    }
                }
            }
        }
        return sum;
    }

    BigInteger net(String account) {
        return turnover(account, Side.DEBIT).subtract(turnover(account, Side.CREDIT));
    }

    private List<Posting> judge(List<Leg> legs, Set<RejectionReason> against) {
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
        if (against.isEmpty()) {
            judgePostings(postings, against);
        }
        return postings;
    }

    private void judgePostings(List<Posting> postings, Set<RejectionReason> against) {
        Map<String, BigInteger> moves = new HashMap<>();
        for (Posting posting : postings) {
            moves.merge(posting.account(), posting.amount(), BigInteger::add);
            if (states.get(posting.account()) == AccountState.CLOSED) {
                against.add(RejectionReason.ACCOUNT_CLOSED);
            }
            if (states.get(posting.account()) == AccountState.FROZEN) {
                against.add(RejectionReason.ACCOUNT_FROZEN);
            }
            for (Side side : Side.values()) {
                BigInteger added = postings.stream()
                        .filter(p -> p.account().equals(posting.account())
                                && p.amount().signum() == (side == Side.DEBIT ? 1 : -1))
                        .map(p -> p.amount().abs())
                        .reduce(BigInteger.ZERO, BigInteger::add);
                if (turnover(posting.account(), side).add(added).compareTo(MAX) > 0) {
                    against.add(RejectionReason.BALANCE_OVERFLOW);
                }
            }
        }
        moves.forEach((account, move) -> {
            AccountSpec spec = spec(account);
            BigInteger after = net(account).add(move);
            BigInteger limit = BigInteger.valueOf(spec.overdraftLimit());
            if (spec.rule() == BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS
                    && move.signum() > 0
                    && after.compareTo(limit) > 0) {
                against.add(RejectionReason.INSUFFICIENT_FUNDS);
            }
            if (spec.rule() == BalanceRule.CREDITS_MAY_NOT_EXCEED_DEBITS
                    && move.signum() < 0
                    && after.negate().compareTo(limit) > 0) {
                against.add(RejectionReason.CREDITS_WOULD_EXCEED_DEBITS);
            }
        });
    }

    private @Nullable List<Posting> judgeReversal(long id, Set<RejectionReason> against) {
        List<Posting> original = id <= journal.size() ? journal.get((int) id - 1) : null;
        if (original == null) {
            against.add(RejectionReason.TRANSACTION_NOT_FOUND);
            return null;
        }
        if (reversalOf.containsKey(id)) {
            against.add(RejectionReason.NOT_REVERSIBLE);
        }
        if (reversalOf.containsValue(id)) {
            against.add(RejectionReason.ALREADY_REVERSED);
        }
        List<Posting> postings = original.stream()
                .map(p -> new Posting(p.account(), p.amount().negate()))
                .toList();
        if (against.isEmpty()) {
            judgePostings(postings, against);
        }
        return postings;
    }

    private void judgeOpening(AccountSpec spec, Set<RejectionReason> against) {
        if (accounts.containsKey(spec.code())) {
            against.add(RejectionReason.ACCOUNT_EXISTS);
        }
        if (spec.parent() != null) {
            AccountSpec parent = accounts.get(spec.parent());
            if (parent == null) {
                against.add(RejectionReason.PARENT_NOT_FOUND);
            } else {
                if (parent.currency() != null) {
                    against.add(RejectionReason.PARENT_NOT_SUMMARY);
                }
                if (states.get(parent.code()) == AccountState.CLOSED) {
                    against.add(RejectionReason.PARENT_CLOSED);
                }
                if (parent.type() != spec.type()) {
                    against.add(RejectionReason.TYPE_DIFFERS_FROM_PARENT);
                }
            }
        }
    }

    private void judgeChange(Command.ChangeAccount change, Set<RejectionReason> against) {
        AccountSpec spec = accounts.get(change.account());
        if (spec == null) {
            against.add(RejectionReason.ACCOUNT_NOT_FOUND);
            return;
        }
        AccountState now = states.get(change.account());
        if (now == AccountState.CLOSED || change.state() == now) {
            against.add(RejectionReason.STATE_CHANGE_NOT_ALLOWED);
        }
        BigInteger net = net(change.account());
        if (change.overdraftLimit() != null) {
            if (spec.rule() == BalanceRule.NONE) {
                against.add(RejectionReason.NO_BALANCE_RULE);
            }
            BigInteger towards = spec.rule() == BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS ? net : net.negate();
            if (spec.rule() != BalanceRule.NONE
                    && change.overdraftLimit() < spec.overdraftLimit()
                    && towards.compareTo(BigInteger.valueOf(change.overdraftLimit())) > 0) {
                against.add(RejectionReason.LIMIT_BELOW_BALANCE);
            }
        }
        if (change.state() == AccountState.CLOSED) {
            if (net.signum() != 0) {
                against.add(RejectionReason.BALANCE_NOT_ZERO);
            }
            boolean openChild = accounts.values().stream()
                    .anyMatch(a -> change.account().equals(a.parent()) && states.get(a.code()) != AccountState.CLOSED);
            if (openChild) {
                against.add(RejectionReason.CHILDREN_NOT_CLOSED);
            }
        }
    }

    private AccountSpec spec(String account) {
        AccountSpec spec = accounts.get(account);
        if (spec == null) {
            throw new IllegalStateException("no account " + account);
        }
        return spec;
    }
}
