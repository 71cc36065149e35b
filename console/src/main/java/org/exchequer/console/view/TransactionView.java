package org.exchequer.console.view;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * @param legs in the order posted
 * @param accounts one T per account
 * @param names of the accounts, by code
 * @param reference the caller's reference or null
 * @param correlationId or null
 * @param metadata labels in order
 * @param reversalOf the transaction it undoes, or null
 * @param reversedBy the transaction that undoes it, or null
 */
public record TransactionView(
        long id,
        String number,
        String key,
        Moment booked,
        List<LegView> legs,
        List<TAccount> accounts,
        Map<String, String> names,
        @Nullable String reference,
        @Nullable String correlationId,
        Map<String, String> metadata,
        @Nullable Long reversalOf,
        @Nullable Long reversedBy) {

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
        Map<String, String> names = new LinkedHashMap<>();
        for (Transaction.Entry entry : transaction.entries()) {
            names.computeIfAbsent(
                    entry.leg().account(),
                    code -> ledger.account(code)
                            .map(account -> account.spec().name())
                            .orElse(""));
        }
        List<LegView> legs = transaction.entries().stream()
                .map(entry -> leg(entry.leg(), names))
                .toList();
        return new TransactionView(
                transaction.id(),
                Amounts.count(transaction.id()),
                transaction.key(),
                Moment.of(transaction.bookedAt()),
                legs,
                TAccount.of(transaction),
                names,
                transaction.details().reference(),
                transaction.details().correlationId(),
                transaction.details().metadata(),
                transaction.reversalOf(),
                ledger.reversedBy(transaction.id()).orElse(null));
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

    /** Whether it can still be undone: it neither was, nor is itself an undoing. */
    public boolean reversible() {
        return reversalOf == null && reversedBy == null;
    }

    /** What moved, in one line: {@code 10.00 EUR} or {@code 3 legs, EUR and USD}. */
    public String summary() {
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
