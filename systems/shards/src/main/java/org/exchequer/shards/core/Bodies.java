package org.exchequer.shards.core;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.Transaction;
import org.jspecify.annotations.Nullable;

/** What can be said of commands by their content alone. */
public final class Bodies {
    private Bodies() {}

    /** What no single shard would notice of a posting over several; null when nothing is wrong. */
    public static Outcome.@Nullable Rejected wrong(Command.Post post) {
        Map<Currency, BigInteger> sums = new HashMap<>();
        for (int i = 0; i < post.legs().size(); i++) {
            Leg leg = post.legs().get(i);
            if (leg.amount().minorUnits() <= 0) {
                return new Outcome.Rejected(
                        RejectionReason.AMOUNT_NOT_POSITIVE,
                        "legs[" + i + "].amount",
                        leg.amount() + " is not positive",
                        0,
                        false);
            }
            BigInteger amount = BigInteger.valueOf(leg.amount().minorUnits());
            sums.merge(leg.amount().currency(), leg.side() == Side.DEBIT ? amount : amount.negate(), BigInteger::add);
        }
        for (Map.Entry<Currency, BigInteger> sum : sums.entrySet()) {
            int off = sum.getValue().signum();
            if (off != 0) {
                Currency currency = sum.getKey();
                String by = new BigDecimal(sum.getValue().abs(), currency.scale()).toPlainString() + " " + currency;
                return new Outcome.Rejected(
                        RejectionReason.UNBALANCED,
                        "legs",
                        (off > 0 ? "debits exceed credits by " : "credits exceed debits by ") + by,
                        0,
                        false);
            }
        }
        return null;
    }

    /**
     * The answer given before, to who sends the key again: itself for the same command, a refusal for another. A
     * rejection is taken for the command's own, since it does not say what it rejected.
     */
    public static Outcome again(Command command, Outcome before) {
        boolean same = switch (before) {
            case Outcome.Posted o ->
                switch (command) {
                    case Command.Transfer c ->
                        same(
                                List.of(
                                        Leg.debit(c.debitAccount(), c.amount()),
                                        Leg.credit(c.creditAccount(), c.amount())),
                                c.details(),
                                o.transaction());
                    case Command.Post c -> same(c.legs(), c.details(), o.transaction());
                    default -> false;
                };
            case Outcome.Held o ->
                command instanceof Command.Hold c
                        && o.pending().debitAccount().equals(c.debitAccount())
                        && o.pending().creditAccount().equals(c.creditAccount())
                        && o.pending().amount().equals(c.amount())
                        && o.pending().details().equals(c.details())
                        && (o.pending().expiresAt() == null) == (c.timeout() == null);
            case Outcome.Proposed o ->
                command instanceof Command.ProposeAdjustment c
                        && o.adjustment().legs().equals(c.legs())
                        && Objects.equals(o.adjustment().change(), c.change())
                        && o.adjustment().reason().equals(c.reason());
            case Outcome.AccountChanged o ->
                switch (command) {
                    case Command.OpenAccount c -> o.account().spec().equals(c.account());
                    case Command.ChangeAccount c -> o.account().code().equals(c.account());
                    default -> false;
                };
            case Outcome.Rejected o -> true;
            default -> false;
        };
        return same
                ? before
                : new Outcome.Rejected(
                        RejectionReason.IDEMPOTENCY_KEY_REUSED,
                        "idempotencyKey",
                        "key " + command.key() + " was used before for a different command",
                        0,
                        false);
    }

    private static boolean same(List<Leg> legs, org.exchequer.ledger.api.Details details, Transaction transaction) {
        return transaction.entries().stream()
                        .map(Transaction.Entry::leg)
                        .toList()
                        .equals(legs)
                && transaction.details().equals(details);
    }
}
