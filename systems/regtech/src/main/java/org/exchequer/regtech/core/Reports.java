package org.exchequer.regtech.core;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.TrialBalance;
import org.exchequer.regtech.api.PackRequest;
import org.jspecify.annotations.Nullable;

/** The rows of each report, of what the ledger says. */
public final class Reports {
    private Reports() {}

    public static Table trialBalance(TrialBalance balance) {
        List<List<String>> rows = new ArrayList<>();
        for (Balance row : balance.rows()) {
            rows.add(List.of(
                    row.account(),
                    row.currency().code(),
                    decimal(row.debits(), row.currency()),
                    decimal(row.credits(), row.currency()),
                    row.posted().toDecimal(),
                    row.normalSide().name()));
        }
        return new Table(
                "trial-balance",
                "Trial balance",
                List.of("account", "currency", "debits", "credits", "balance", "normalSide"),
                rows);
    }

    /** Whether one of its legs is as large as its currency's threshold. */
    public static boolean isLarge(Transaction transaction, PackRequest request) {
        return transaction.entries().stream()
                .map(entry -> entry.leg().amount())
                .anyMatch(amount -> amount.minorUnits() >= request.threshold(amount.currency()));
    }

    /** Why a transaction is in the audit extract; empty when it is not. */
    public static String reason(Transaction transaction, PackRequest request) {
        List<String> reasons = new ArrayList<>();
        if (isLarge(transaction, request)) {
            reasons.add("large");
        }
        if (transaction.origin().adjustmentId() != null) {
            reasons.add("adjustment");
        }
        if (transaction.reversalOf() != null) {
            reasons.add("reversal");
        }
        return String.join(" ", reasons);
    }

    /** A row per leg that is large. */
    public static Table largeMovements(List<Transaction> transactions, PackRequest request) {
        List<List<String>> rows = new ArrayList<>();
        for (Transaction transaction : transactions) {
            for (Transaction.Entry entry : transaction.entries()) {
                Leg leg = entry.leg();
                if (leg.amount().minorUnits() >= request.threshold(leg.amount().currency())) {
                    rows.add(List.of(
                            Long.toString(transaction.id()),
                            transaction.bookingDate().toString(),
                            transaction.valueDate().toString(),
                            leg.account(),
                            leg.side().name(),
                            leg.amount().toDecimal(),
                            leg.amount().currency().code(),
                            text(transaction.details().reference())));
                }
            }
        }
        return new Table(
                "large-movements",
                "Large movements",
                List.of(
                        "transactionId",
                        "bookingDate",
                        "valueDate",
                        "account",
                        "side",
                        "amount",
                        "currency",
                        "reference"),
                rows);
    }

    /**
     * Posting accounts that are open, were opened before the time began, and have no entry in it: what was ever debited
     * and credited is the same at its beginning and its end.
     */
    public static Table dormant(List<Account> accounts, TrialBalance before, TrialBalance after, PackRequest request) {
        Map<String, Balance> then = byAccount(before);
        Map<String, Balance> now = byAccount(after);
        LocalDate since = request.date().minusDays(request.dormantDays());
        List<List<String>> rows = new ArrayList<>();
        for (Account account : accounts) {
            Currency currency = account.spec().currency();
            LocalDate opened = account.openedAt().atZone(ZoneOffset.UTC).toLocalDate();
            if (currency == null || account.state() == AccountState.CLOSED || opened.isAfter(since)) {
                continue;
            }
            Balance was = then.get(account.code());
            Balance is = now.get(account.code());
            boolean moved = is != null && (was == null || was.debits() != is.debits() || was.credits() != is.credits());
            if (!moved) {
                rows.add(List.of(
                        account.code(),
                        account.spec().name(),
                        currency.code(),
                        is == null ? decimal(0, currency) : is.posted().toDecimal(),
                        opened.toString(),
                        account.state().name(),
                        Integer.toString(request.dormantDays())));
            }
        }
        return new Table(
                "dormant-accounts",
                "Dormant accounts",
                List.of("account", "name", "currency", "balance", "openedOn", "state", "daysWithout"),
                rows);
    }

    private static Map<String, Balance> byAccount(TrialBalance balance) {
        Map<String, Balance> rows = new HashMap<>();
        balance.rows().forEach(row -> rows.put(row.account(), row));
        return rows;
    }

    /** @param proofs transaction to what is known of its proof, e.g. the name of its file */
    public static Table auditExtract(List<Transaction> transactions, PackRequest request, Map<Long, String> proofs) {
        List<List<String>> rows = new ArrayList<>();
        for (Transaction transaction : transactions) {
            StringBuilder legs = new StringBuilder();
            for (Transaction.Entry entry : transaction.entries()) {
                legs.append(legs.isEmpty() ? "" : " ")
                        .append(entry.leg().side())
                        .append(':')
                        .append(entry.leg().account())
                        .append(':')
                        .append(entry.leg().amount().toDecimal())
                        .append(':')
                        .append(entry.leg().amount().currency().code());
            }
            rows.add(List.of(
                    Long.toString(transaction.id()),
                    transaction.bookedAt().toString(),
                    transaction.bookingDate().toString(),
                    reason(transaction, request),
                    transaction.key(),
                    text(transaction.details().reference()),
                    legs.toString(),
                    proofs.getOrDefault(transaction.id(), "")));
        }
        return new Table(
                "audit-extract",
                "Audit extract",
                List.of("transactionId", "bookedAt", "bookingDate", "why", "key", "reference", "legs", "proof"),
                rows);
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String decimal(long minorUnits, Currency currency) {
        return new Money(minorUnits, currency).toDecimal();
    }
}
