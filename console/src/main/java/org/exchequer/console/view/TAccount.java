package org.exchequer.console.view;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.Transaction;

/**
 * What one transaction did to one account, as the T of a textbook: debits left, credits right, the balance before on
 * top and the balance after below the line.
 *
 * @param code the account
 * @param currency its currency
 * @param before balance before the transaction
 * @param lines one per leg on this account, in the transaction's order
 * @param after balance after the transaction
 */
public record TAccount(String code, String currency, Amounts.Net before, List<Line> lines, Amounts.Net after) {

    /**
     * One entry; exactly one of the two columns is filled.
     *
     * @param debit amount or empty
     * @param credit amount or empty
     */
    public record Line(String debit, String credit) {}

    /** The side the balance before stands on; at zero, the one it goes to. */
    public String beforeSide() {
        return before.side().isEmpty() ? after.side().isEmpty() ? "Dr" : after.side() : before.side();
    }

    /** The side the balance after stands on; at zero, the one it came from. */
    public String afterSide() {
        return after.side().isEmpty() ? beforeSide() : after.side();
    }

    /** One T per account, in order of first appearance. */
    public static List<TAccount> of(Transaction transaction) {
        Map<String, List<Transaction.Entry>> byAccount = new LinkedHashMap<>();
        for (Transaction.Entry entry : transaction.entries()) {
            byAccount
                    .computeIfAbsent(entry.leg().account(), code -> new ArrayList<>())
                    .add(entry);
        }
        List<TAccount> result = new ArrayList<>();
        byAccount.forEach((code, entries) -> result.add(of(code, entries)));
        return List.copyOf(result);
    }

    private static TAccount of(String code, List<Transaction.Entry> entries) {
        Currency currency = entries.getFirst().leg().amount().currency();
        BigInteger moved = BigInteger.ZERO;
        List<Line> lines = new ArrayList<>();
        for (Transaction.Entry entry : entries) {
            Leg leg = entry.leg();
            BigInteger amount = BigInteger.valueOf(leg.amount().minorUnits());
            String text = Amounts.text(leg.amount());
            if (leg.side() == Side.DEBIT) {
                moved = moved.add(amount);
                lines.add(new Line(text, ""));
            } else {
                moved = moved.subtract(amount);
                lines.add(new Line("", text));
            }
        }
        BigInteger after = BigInteger.valueOf(entries.getLast().balanceAfter());
        return new TAccount(
                code,
                currency.code(),
                Amounts.Net.of(after.subtract(moved), currency),
                List.copyOf(lines),
                Amounts.Net.of(after, currency));
    }
}
