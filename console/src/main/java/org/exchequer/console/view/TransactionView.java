package org.exchequer.console.view;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.BetweenShards;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * A transaction made ready for reading.
 *
 * @param id position in the journal
 * @param number the same with its thousands grouped
 * @param key idempotency key
 * @param booked booking time
 * @param bookingDate the business day it belongs to
 * @param valueDate the day it counts from
 * @param legs in the order posted
 * @param accounts one T per account
 * @param names of the accounts, by code
 * @param reference the caller's reference or null
 * @param correlationId or null
 * @param metadata labels in order
 * @param origin what it came from
 * @param reversedBy the transactions that undo it, in full or part, oldest first
 * @param remaining what can still be undone as typed into a form; empty when nothing is left of it, or it has more
 *     than two legs; null when it was undone in more parts than are added up here
 */
public record TransactionView(
        long id,
        String number,
        String key,
        Moment booked,
        String bookingDate,
        String valueDate,
        List<LegView> legs,
        List<TAccount> accounts,
        Map<String, String> names,
        @Nullable String reference,
        @Nullable String correlationId,
        Map<String, String> metadata,
        Transaction.Origin origin,
        List<Long> reversedBy,
        @Nullable String remaining) {
    private static final int MOST_PARTS = 50;

    /**
     * One leg.
     *
     * @param account code
     * @param name the account's name
     * @param side {@code Dr} or {@code Cr}
     * @param sideName {@code debit} or {@code credit}
     * @param amount grouped
     * @param currency code
     */
    public record LegView(String account, String name, String side, String sideName, String amount, String currency) {}

    /** The transaction with the names of its accounts and its links in both directions. */
    public static TransactionView of(Transaction transaction, Ledger ledger) {
        List<Leg> posted =
                transaction.entries().stream().map(Transaction.Entry::leg).toList();
        List<LegView> legs = legs(posted, ledger);
        Map<String, String> names = new LinkedHashMap<>();
        legs.forEach(leg -> names.put(leg.account(), leg.name()));
        List<Long> reversedBy = ledger.reversalsOf(transaction.id());
        return new TransactionView(
                transaction.id(),
                Long.toString(transaction.id()),
                transaction.key(),
                Moment.of(transaction.bookedAt()),
                transaction.bookingDate().toString(),
                transaction.valueDate().toString(),
                legs,
                TAccount.of(transaction),
                names,
                transaction.details().reference(),
                transaction.details().correlationId(),
                transaction.details().metadata(),
                transaction.origin(),
                reversedBy,
                remaining(posted, reversedBy, ledger));
    }

    private static @Nullable String remaining(List<Leg> legs, List<Long> reversedBy, Ledger ledger) {
        if (legs.size() != 2) {
            return "";
        }
        if (reversedBy.size() > MOST_PARTS) {
            return null;
        }
        Money rest = legs.getFirst().amount();
        for (long part : reversedBy) {
            Optional<Transaction> reversal = ledger.transaction(part);
            if (reversal.isPresent()) {
                rest = rest.minus(reversal.get().entries().getFirst().leg().amount());
            }
        }
        return rest.minorUnits() > 0 ? rest.toDecimal() : "";
    }

    /** The name of an account. */
    static String name(String code, Ledger ledger) {
        return ledger.account(code).map(account -> account.spec().name()).orElse("");
    }

    /** Legs with the names of their accounts. */
    static List<LegView> legs(List<Leg> legs, Ledger ledger) {
        Map<String, String> names = new HashMap<>();
        for (Leg leg : legs) {
            names.computeIfAbsent(leg.account(), code -> name(code, ledger));
        }
        return legs(legs, names);
    }

    static List<LegView> legs(List<Leg> legs, Map<String, String> names) {
        return legs.stream().map(leg -> leg(leg, names)).toList();
    }

    private static LegView leg(Leg leg, Map<String, String> names) {
        return new LegView(
                leg.account(),
                names.getOrDefault(leg.account(), ""),
                Amounts.abbreviation(leg.side()),
                Amounts.name(leg.side()),
                Amounts.text(leg.amount()),
                leg.amount().currency().code());
    }

    /** The transaction it undoes, or null. */
    public @Nullable Long reversalOf() {
        return origin.reversalOf();
    }

    /** Whether something of it can still be undone: it is no undoing itself, and not all of it was undone. */
    public boolean reversible() {
        return reversalOf() == null && !BetweenShards.isMove(key) && (reversedBy.isEmpty() || !"".equals(remaining));
    }

    /** Whether it carried an account to another shard: half of no movement of money. */
    public boolean isMove() {
        return BetweenShards.isMove(key);
    }

    /** Whether it can be undone in part. */
    public boolean reversibleInPart() {
        return reversible() && legs.size() == 2;
    }

    /** {@code reversed}, {@code partly reversed}, or empty. */
    public String reversed() {
        return reversedBy.isEmpty() ? "" : reversible() ? "partly reversed" : "reversed";
    }

    /** What moved, in one line: {@code 10.00 EUR} or {@code 3 legs, EUR and USD}. */
    public String summary() {
        return summary(legs);
    }

    static String summary(List<LegView> legs) {
        if (legs.size() == 2) {
            return legs.getFirst().amount() + " " + legs.getFirst().currency();
        }
        Set<String> currencies = new LinkedHashSet<>();
        legs.forEach(leg -> currencies.add(leg.currency()));
        return legs.size() + " legs in " + String.join(", ", currencies);
    }

    /** The accounts debited, e.g. {@code 1000.cash}, or the first and how many more. */
    public String debited() {
        return some(Side.DEBIT);
    }

    /** The accounts credited. */
    public String credited() {
        return some(Side.CREDIT);
    }

    private String some(Side side) {
        List<String> codes = legs.stream()
                .filter(leg -> leg.sideName().equals(Amounts.name(side)))
                .map(LegView::account)
                .distinct()
                .toList();
        if (codes.isEmpty()) {
            return "";
        }
        return codes.size() == 1 ? codes.getFirst() : codes.getFirst() + " and " + (codes.size() - 1) + " more";
    }
}
