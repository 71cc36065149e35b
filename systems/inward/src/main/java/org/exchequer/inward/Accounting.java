package org.exchequer.inward;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    private static final long AT_START = Duration.ofSeconds(2).toNanos();
    private static final long PAUSE = Duration.ofMillis(50).toNanos();
    private static final long ANSWER_MS = 2_000;

    private final Ledger ledger;
    private final Ticker ticker;
    /** What is to be opened, parents first. */
    private final Deque<List<AccountSpec>> left = new ArrayDeque<>();

    private volatile String waiting = "the ledger was not asked yet";

    /** @param deposits whether the accounts behind simulated core banking systems are wanted too */
    Accounting(Ledger ledger, Ticker ticker, Settings settings, boolean deposits) {
        this.ledger = ledger;
        this.ticker = ticker;
        wantSettlement(settings);
        if (deposits) {
            wantDeposits(settings);
        }
    }

    /** Why payments cannot be posted yet; empty once all accounts are there. */
    String waiting() {
        return waiting;
    }

    /** Opens them for up to two seconds; what is left then is for {@link #advance}. */
    void start() {
        long end = ticker.nanos() + AT_START;
        while (!advance() && ticker.nanos() < end) {
            LockSupport.parkNanos(PAUSE);
        }
    }

    /**
     * Goes on where it stopped. A node that starts beside others gets no further until one of them writes.
     *
     * @return whether all are there
     * @throws IllegalStateException when the ledger rejects one: it will never be opened
     */
    synchronized boolean advance() {
        while (!left.isEmpty()) {
            List<AccountSpec> again = open(left.removeFirst());
            if (!again.isEmpty()) {
                left.addFirst(again);
                return false;
            }
        }
        waiting = "";
        return true;
    }

    /** What is settled through the scheme, one account for each currency. */
    private void wantSettlement(Settings settings) {
        List<AccountSpec> accounts = new ArrayList<>();
        settings.limits()
                .keySet()
                .forEach(code -> accounts.add(AccountSpec.posting(
                        settings.settlementAccount(code),
                        "Settlement of inward clearing, " + code,
                        AccountType.ASSET,
                        Currency.of(code),
                        null)));
        left.addLast(accounts);
    }

    /** The accounts behind those of the simulated core banking systems: ten in each currency. */
    private void wantDeposits(Settings settings) {
        left.addLast(List.of(summary(DEPOSITS, "Deposits", null)));
        List<AccountSpec> accounts = new ArrayList<>();
        for (String code : settings.limits().keySet()) {
            String parent = DEPOSITS + "." + code.toLowerCase(Locale.ROOT);
            left.addLast(List.of(summary(parent, "Deposits in " + code, DEPOSITS)));
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
        left.addLast(accounts);
    }

    private static AccountSpec summary(String code, String name, @Nullable String parent) {
        return AccountSpec.summary(code, name, AccountType.LIABILITY, parent);
    }

    /** Those that could not be opened now. */
    private List<AccountSpec> open(List<AccountSpec> accounts) {
        List<CompletableFuture<Outcome>> outcomes = accounts.stream()
                .map(spec -> ledger.submit(new Command.OpenAccount("inward-account-" + spec.code(), spec))
                        .copy()
                        .completeOnTimeout(new Outcome.Unknown("no answer in time"), ANSWER_MS, TimeUnit.MILLISECONDS))
                .toList();
        List<AccountSpec> again = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome outcome = outcomes.get(i).join();
            if (!isThere(outcome)) {
                waiting = "account " + accounts.get(i).code() + " is not open yet: " + words(outcome);
                if (outcome instanceof Outcome.Rejected) {
                    throw new IllegalStateException(waiting);
                }
                again.add(accounts.get(i));
            }
        }
        return again;
    }

    private static String words(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Refused refused
            when refused.cause() == Outcome.Refused.Cause.NO_WRITER -> "no node writes to the ledger";
            case Outcome.Refused refused -> "the ledger takes nothing now, " + refused.cause();
            case Outcome.Unknown unknown -> unknown.why();
            case Outcome.Rejected rejected -> rejected.reason() + ", " + rejected.detail();
            case Outcome.Posted other -> other.toString();
            case Outcome.Held other -> other.toString();
            case Outcome.Released other -> other.toString();
            case Outcome.Proposed other -> other.toString();
            case Outcome.Dismissed other -> other.toString();
            case Outcome.DayClosed other -> other.toString();
            case Outcome.AccountChanged other -> other.toString();
        };
    }

    /** A key that was used for other terms means that it was opened under these before. */
    private static boolean isThere(Outcome outcome) {
        return outcome instanceof Outcome.AccountChanged
                || (outcome instanceof Outcome.Rejected rejected
                        && (rejected.reason() == RejectionReason.ACCOUNT_EXISTS
                                || rejected.reason() == RejectionReason.IDEMPOTENCY_KEY_REUSED));
    }
}
