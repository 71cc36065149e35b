package org.exchequer.shards.core;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Rollup;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;

/** What accounts hold together, without what moves have carried of them, and each counted once. */
public final class Rollups {
    private final Function<String, Optional<Account>> accounts;
    private final Carries carries;
    /** Whether a summary account is the top or under it, as far as looked at. */
    private final Map<String, Boolean> under = new HashMap<>();

    /** What carries have added to one currency's sums. */
    private static final class Excess {
        private long debits;
        private long credits;
        private int accounts;
    }

    /** @param accounts finds an account by its code */
    public Rollups(Function<String, Optional<Account>> accounts, Carries carries) {
        this.accounts = accounts;
        this.carries = carries;
    }

    /** @param sums over all shards, per currency, of the account and all under it */
    public List<Rollup> without(List<Rollup> sums, Account top, AsOf asOf) {
        Map<String, Excess> excesses = new HashMap<>();
        for (String code : carries.accounts()) {
            if (isUnder(code, top.code())) {
                add(excesses, carries.of(code), asOf.date());
            }
        }
        List<Rollup> rest = new ArrayList<>();
        for (Rollup sum : sums) {
            Excess excess = excesses.getOrDefault(sum.currency().code(), new Excess());
            BigInteger debits = sum.debits().subtract(BigInteger.valueOf(excess.debits));
            BigInteger credits = sum.credits().subtract(BigInteger.valueOf(excess.credits));
            BigInteger net = debits.subtract(credits);
            rest.add(new Rollup(
                    sum.currency(),
                    sum.accounts() - excess.accounts,
                    debits,
                    credits,
                    top.spec().normalSide() == Side.DEBIT ? net : net.negate()));
        }
        return List.copyOf(rest);
    }

    private static void add(Map<String, Excess> excesses, List<Carry> carried, @Nullable LocalDate last) {
        Set<Integer> shards = new HashSet<>();
        for (Carry carry : carried) {
            Excess excess = excesses.computeIfAbsent(carry.currency().code(), code -> new Excess());
            shards.add(carry.left().shard());
            if (last == null || !carry.left().date().isAfter(last)) {
                excess.debits = Math.addExact(excess.debits, Math.max(0, -carry.net()));
                excess.credits = Math.addExact(excess.credits, Math.max(0, carry.net()));
            }
            if (last == null || !carry.arrived().date().isAfter(last)) {
                excess.debits = Math.addExact(excess.debits, Math.max(0, carry.net()));
                excess.credits = Math.addExact(excess.credits, Math.max(0, -carry.net()));
                excess.accounts += shards.add(carry.arrived().shard()) ? 1 : 0;
            }
        }
    }

    private boolean isUnder(String code, String top) {
        if (code.equals(top)) {
            return true;
        }
        String parent =
                accounts.apply(code).map(account -> account.spec().parent()).orElse(null);
        if (parent == null) {
            return false;
        }
        Boolean known = under.get(parent);
        if (known == null) {
            known = isUnder(parent, top);
            under.put(parent, known);
        }
        return known;
    }
}
