package org.exchequer.shards.core;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Side;

/**
 * All that moves of slots ever carried, and balances without it. Immutable. An entry is taken out of what was read at a
 * position that includes it and at no other, so nothing depends on what was read first.
 */
public final class Carries {
    public static final Carries NONE = new Carries(Map.of(), Set.of());

    private final Map<String, List<Carry>> byAccount;
    private final Set<Long> entries;

    private Carries(Map<String, List<Carry>> byAccount, Set<Long> entries) {
        this.byAccount = byAccount;
        this.entries = entries;
    }

    /** These and more. */
    public Carries with(Collection<Carry> more) {
        if (more.isEmpty()) {
            return this;
        }
        Map<String, List<Carry>> accounts = new HashMap<>(byAccount);
        Set<Long> ids = new HashSet<>(entries);
        for (Carry carry : more) {
            List<Carry> known = new ArrayList<>(accounts.getOrDefault(carry.account(), List.of()));
            known.add(carry);
            accounts.put(carry.account(), List.copyOf(known));
            ids.add(Ids.global(carry.left().shard(), carry.left().id()));
            ids.add(Ids.global(carry.arrived().shard(), carry.arrived().id()));
        }
        return new Carries(accounts, ids);
    }

    /** The accounts that were ever carried. */
    public Set<String> accounts() {
        return byAccount.keySet();
    }

    /** What was carried of an account. */
    public List<Carry> of(String account) {
        return byAccount.getOrDefault(account, List.of());
    }

    /** Whether the entry with this id, as it is known outside, is half of a carry. */
    public boolean has(long id) {
        return entries.contains(id);
    }

    /** What entries of carries make up of an account's turnover. */
    private static final class Turnover {
        private long debits;
        private long credits;

        private void add(long signed) {
            debits = Math.addExact(debits, Math.max(0, signed));
            credits = Math.addExact(credits, Math.max(0, -signed));
        }
    }

    /** An account's balance on one shard, with that shard's own position, without what was carried there. */
    public Balance without(int shard, Balance balance, AsOf asOf) {
        Turnover turnover = new Turnover();
        for (Carry carry : of(balance.account())) {
            if (counts(carry.left(), shard, balance.asOfSequence(), asOf)) {
                turnover.add(-carry.net());
            }
            if (counts(carry.arrived(), shard, balance.asOfSequence(), asOf)) {
                turnover.add(carry.net());
            }
        }
        return less(balance, turnover);
    }

    /** The same for all of a shard's balances, read at one position. */
    List<Balance> without(int shard, List<Balance> balances, long position, AsOf asOf) {
        if (byAccount.isEmpty()) {
            return balances;
        }
        Map<String, Turnover> turnovers = new HashMap<>();
        for (List<Carry> carries : byAccount.values()) {
            for (Carry carry : carries) {
                if (counts(carry.left(), shard, position, asOf)) {
                    turnovers
                            .computeIfAbsent(carry.account(), code -> new Turnover())
                            .add(-carry.net());
                    turnovers
                            .computeIfAbsent(carry.leftTo(), code -> new Turnover())
                            .add(carry.net());
                }
                if (counts(carry.arrived(), shard, position, asOf)) {
                    turnovers
                            .computeIfAbsent(carry.account(), code -> new Turnover())
                            .add(carry.net());
                    turnovers
                            .computeIfAbsent(carry.arrivedFrom(), code -> new Turnover())
                            .add(-carry.net());
                }
            }
        }
        List<Balance> rest = new ArrayList<>();
        for (Balance balance : balances) {
            Turnover turnover = turnovers.get(balance.account());
            rest.add(turnover == null ? balance : less(balance, turnover));
        }
        return rest;
    }

    /** Whether a move has carried this account and it has no turnover but that. */
    boolean isOnlyCarried(Balance balance) {
        return byAccount.containsKey(balance.account()) && (balance.debits() | balance.credits()) == 0;
    }

    private static boolean counts(Carry.Entry entry, int shard, long position, AsOf asOf) {
        LocalDate last = asOf.date();
        return entry.shard() == shard
                && entry.id() <= position
                && (last == null || !entry.date().isAfter(last));
    }

    private static Balance less(Balance balance, Turnover turnover) {
        return of(
                balance,
                Math.subtractExact(balance.debits(), turnover.debits),
                Math.subtractExact(balance.credits(), turnover.credits));
    }

    /** The same account with another turnover. */
    static Balance of(Balance balance, long debits, long credits) {
        long net = Math.subtractExact(debits, credits);
        return new Balance(
                balance.account(),
                balance.currency(),
                balance.normalSide(),
                debits,
                credits,
                balance.pendingDebits(),
                balance.pendingCredits(),
                new Money(balance.normalSide() == Side.DEBIT ? net : Math.negateExact(net), balance.currency()),
                balance.available(),
                balance.asOfSequence());
    }
}
