package org.exchequer.shards;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Names;
import org.exchequer.shards.core.Plan;

/** The accounts in transit of each shard, opened when they are first needed. */
public final class OwnAccounts {
    private final Set<String> opened = ConcurrentHashMap.newKeySet();

    /** The summary account that a shard's accounts in transit hang under; also says whose the shard is. */
    public static String top(int shard) {
        return Names.OWN_ACCOUNT + shard;
    }

    /** Whether all accounts in transit of these holds exist, as far as is known here. */
    boolean known(List<Plan.Item> items) {
        for (Plan.Item item : items) {
            if (!known(item.debit()) || !known(item.credit())) {
                return false;
            }
        }
        return true;
    }

    private boolean known(String code) {
        return !Names.isOwnAccount(code) || opened.contains(code);
    }

    /** Opens what is missing; true when all exist. */
    CompletableFuture<Boolean> open(Shard shard, List<Plan.Item> items) {
        List<CompletableFuture<Boolean>> opening = new ArrayList<>();
        for (Plan.Item item : items) {
            for (String code : List.of(item.debit(), item.credit())) {
                if (!known(code)) {
                    opening.add(opened(shard, code, item.amount().currency()));
                }
            }
        }
        return CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new))
                .thenApply(done -> opening.stream().allMatch(CompletableFuture::join));
    }

    private CompletableFuture<Boolean> opened(Shard shard, String code, Currency currency) {
        return open(shard, code, currency).thenApply(there -> {
            if (there) {
                opened.add(code);
            }
            return there;
        });
    }

    /** Opens an account in transit; true when it exists. */
    public static CompletableFuture<Boolean> open(Shard shard, String code, Currency currency) {
        AccountSpec spec = AccountSpec.posting(
                code, "In transit, " + currency.code(), AccountType.ASSET, currency, top(shard.index()));
        return shard.ledger()
                .submit(new Command.OpenAccount(Names.OWN_KEY + "open:" + code, spec))
                .thenApply(outcome -> outcome instanceof Outcome.AccountChanged
                        || (outcome instanceof Outcome.Rejected no && no.reason() == RejectionReason.ACCOUNT_EXISTS));
    }
}
