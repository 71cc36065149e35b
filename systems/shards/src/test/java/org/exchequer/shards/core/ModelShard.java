package org.exchequer.shards.core;

import java.util.HashMap;
import java.util.Map;
import org.exchequer.shards.core.TwoPhase.Side;
import org.jspecify.annotations.Nullable;

/**
 * The naive twin of a shard's ledger, as far as a transaction over several shards sees it: one account, an account in
 * transit, holds under keys, and a clock of its own. A command under a key that was used before gets the first answer.
 */
final class ModelShard {
    /** What a hold has become. */
    private static final class Hold {
        final long amount;
        final long expires;
        Side side = Side.HELD;

        Hold(long amount, long expires) {
            this.amount = amount;
            this.expires = expires;
        }
    }

    private final Map<String, Hold> holds = new HashMap<>();
    private final Map<String, Side> answers = new HashMap<>();
    private final long skew;
    private final boolean refuses;
    long account;
    long transit;
    long reserved;
    int postings;

    /**
     * @param skew what its clock is off by
     * @param refuses whether it refuses to reserve
     */
    ModelShard(long account, long skew, boolean refuses) {
        this.account = account;
        this.skew = skew;
        this.refuses = refuses;
    }

    /** Reserves; {@code HELD} or {@code REFUSED}, the same for ever, whatever became of the hold. */
    Side hold(String transaction, long amount, long timeout, long now) {
        expire(now);
        return answers.computeIfAbsent("hold " + transaction, key -> {
            if (refuses || (amount > 0 && account - reserved < amount)) {
                return Side.REFUSED;
            }
            reserved += Math.max(0, amount);
            holds.put(transaction, new Hold(amount, timeout == 0 ? Long.MAX_VALUE : now + skew + timeout));
            return Side.HELD;
        });
    }

    /** Makes sure that no hold comes any more; {@code REFUSED}, or what is there. */
    Side bar(String transaction) {
        answers.putIfAbsent("hold " + transaction, Side.REFUSED);
        return state(transaction);
    }

    /** Posts; what the hold is afterwards. */
    Side post(String transaction, long now) {
        expire(now);
        return answers.computeIfAbsent("post " + transaction, key -> {
            Hold hold = holds.get(transaction);
            if (hold == null) {
                return Side.ABSENT;
            }
            if (hold.side == Side.HELD) {
                end(hold, Side.POSTED);
                account -= hold.amount;
                transit += hold.amount;
                postings++;
            }
            return hold.side;
        });
    }

    /** Voids; what the hold is afterwards. */
    Side release(String transaction, long now) {
        expire(now);
        return answers.computeIfAbsent("void " + transaction, key -> {
            Hold hold = holds.get(transaction);
            if (hold == null) {
                return Side.ABSENT;
            }
            if (hold.side == Side.HELD) {
                end(hold, Side.GONE);
            }
            return hold.side;
        });
    }

    /** What a read says. */
    Side read(String transaction, long now) {
        expire(now);
        return state(transaction);
    }

    private Side state(String transaction) {
        Hold hold = holds.get(transaction);
        Side first = answers.get("hold " + transaction);
        return hold != null ? hold.side : first == null ? Side.ABSENT : first;
    }

    /** Loses everything of a transaction, as a database set back to an earlier time does. */
    void forget(String transaction) {
        Hold hold = holds.remove(transaction);
        if (hold != null && hold.side == Side.HELD) {
            reserved -= Math.max(0, hold.amount);
        }
        answers.keySet().removeIf(key -> key.endsWith(" " + transaction));
    }

    @Nullable
    Long open(String transaction) {
        Hold hold = holds.get(transaction);
        return hold != null && hold.side == Side.HELD ? hold.amount : null;
    }

    private void end(Hold hold, Side side) {
        hold.side = side;
        reserved -= Math.max(0, hold.amount);
    }

    private void expire(long now) {
        holds.values().stream()
                .filter(hold -> hold.side == Side.HELD && now + skew >= hold.expires)
                .forEach(hold -> end(hold, Side.GONE));
    }
}
