package org.exchequer.shards;

import java.util.List;
import java.util.Optional;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Names;
import org.exchequer.shards.core.SlotMap;
import org.jspecify.annotations.Nullable;

/** Summary accounts: each has a home like every account, and is opened on another shard when it gets a child there. */
public final class Summaries {
    private Summaries() {}

    /**
     * Makes sure that a summary account which exists at its home exists on this shard too, and all above it. Blocks.
     *
     * @return why it could not be opened there, or null
     */
    public static @Nullable Outcome ensure(List<Shard> shards, int shard, String code, SlotMap map) {
        int home = map.shard(code);
        if (home == shard || shards.get(shard).ledger().account(code).isPresent()) {
            return null;
        }
        Optional<Account> original = shards.get(home).ledger().account(code);
        if (original.isEmpty() || !original.get().isSummary()) {
            return null;
        }
        String above = original.get().spec().parent();
        Outcome no = above == null ? null : ensure(shards, shard, above, map);
        if (no != null) {
            return no;
        }
        Outcome outcome = shards.get(shard)
                .ledger()
                .execute(new Command.OpenAccount(
                        Names.OWN_KEY + "open:" + code, original.get().spec()));
        return switch (outcome) {
            case Outcome.AccountChanged opened -> null;
            case Outcome.Rejected exists when exists.reason() == RejectionReason.ACCOUNT_EXISTS -> null;
            default -> outcome;
        };
    }
}
