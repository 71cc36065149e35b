package org.exchequer.inward;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.jspecify.annotations.Nullable;

/** Opens the accounts in the ledger that payments are posted to; those that are there stay as they are. */
final class Accounting {
    private static final String DEPOSITS = "2000.deposits";
    private static final int BUCKETS = 10;
    private static final long PATIENCE = Duration.ofMinutes(2).toNanos();
    private static final long PAUSE = Duration.ofMillis(50).toNanos();

    private final Ledger ledger;
    private final Ticker ticker;

    Accounting(Ledger ledger, Ticker ticker) {
        this.ledger = ledger;
        this.ticker = ticker;
    }

    /**
     * What is settled through the scheme, one account for each currency.
     *
     * @throws IllegalStateException when the ledger does not open them within two minutes; a node that starts beside
     *     others waits until one of them writes
     */
    void openSettlement(Settings settings) {
        List<AccountSpec> accounts = new ArrayList<>();
        settings.limits()
                .keySet()
                .forEach(code -> accounts.add(AccountSpec.posting(
                        settings.settlementAccount(code),
                        "Settlement of inward clearing, " + code,
                        AccountType.ASSET,
                        Currency.of(code),
                        null)));
        open(accounts);
    }

    /** The accounts behind those of the simulated core banking systems: ten in each currency. */
    void openDeposits(Settings settings) {
        open(List.of(summary(DEPOSITS, "Deposits", null)));
        List<AccountSpec> accounts = new ArrayList<>();
        for (String code : settings.limits().keySet()) {
            String parent = DEPOSITS + "." + code.toLowerCase(Locale.ROOT);
            open(List.of(summary(parent, "Deposits in " + code, DEPOSITS)));
            for (int bucket = 0; bucket < BUCKETS; bucket++) {
                accounts.add(AccountSpec.posting(
                                "%s.%d".formatted(parent, bucket),
                                "Deposits in %s, %d".formatted(code, bucket),
                                AccountType.LIABILITY,
                                Currency.of(code),
                                parent)
                        .limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 0));
            }
        }
        open(accounts);
    }

    private static AccountSpec summary(String code, String name, @Nullable String parent) {
        return AccountSpec.summary(code, name, AccountType.LIABILITY, parent);
    }

    private void open(List<AccountSpec> accounts) {
        long end = ticker.nanos() + PATIENCE;
        List<AccountSpec> left = accounts;
        while (!left.isEmpty()) {
            List<CompletableFuture<Outcome>> outcomes = left.stream()
                    .map(spec -> ledger.submit(new Command.OpenAccount("inward-account-" + spec.code(), spec)))
                    .toList();
            List<AccountSpec> again = new ArrayList<>();
            for (int i = 0; i < outcomes.size(); i++) {
                Outcome outcome = outcomes.get(i).join();
                if (!isThere(outcome)) {
                    if (outcome instanceof Outcome.Rejected || ticker.nanos() > end) {
                        throw new IllegalStateException(
                                "account " + left.get(i).code() + " cannot be opened: " + outcome);
                    }
                    again.add(left.get(i));
                }
            }
            left = again;
            if (!left.isEmpty()) {
                LockSupport.parkNanos(PAUSE);
            }
        }
    }

    /** A key that was used for other terms means that it was opened under these before. */
    private static boolean isThere(Outcome outcome) {
        return outcome instanceof Outcome.AccountChanged
                || (outcome instanceof Outcome.Rejected rejected
                        && (rejected.reason() == RejectionReason.ACCOUNT_EXISTS
                                || rejected.reason() == RejectionReason.IDEMPOTENCY_KEY_REUSED));
    }
}
