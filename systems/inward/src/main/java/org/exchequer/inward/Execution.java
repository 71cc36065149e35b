package org.exchequer.inward;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.exchequer.inward.core.Refusals;
import org.exchequer.iso20022.Finding;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Posts in the ledger, which alone decides whether a payment was carried out: by the one command under the payment's
 * key. What is to be refused after the command may have been sent is refused by taking the key for a command that the
 * ledger rejects for ever. Whichever comes first stays, so an answer that says "rejected" cannot be followed by money.
 */
final class Execution {
    private static final long LEAST_PAUSE = Duration.ofMillis(5).toNanos();
    private static final long UNKNOWN_PAUSE = Duration.ofMillis(20).toNanos();

    private final Ledger ledger;
    private final Ticker ticker;

    /** What became of a payment's command. */
    sealed interface Result {
        /** It is in the journal. */
        record Posted(Transaction transaction) implements Result {}

        /** The ledger said no, for good. */
        record Refused(Finding why) implements Result {}

        /** The key is taken: it has not happened, and never will. */
        record Barred() implements Result {}

        /** Nobody knows yet; to be asked again. */
        record Unknown(String why) implements Result {}
    }

    Execution(Ledger ledger, Ticker ticker) {
        this.ledger = ledger;
        this.ticker = ticker;
    }

    /**
     * Sends the command and waits for its outcome, on the calling (virtual) thread. A ledger that takes nothing at
     * present, or does not know, is asked again until the deadline.
     */
    Result post(Command command, long deadlineNanos) {
        String why = "the ledger was not asked";
        while (deadlineNanos - ticker.nanos() > 0) {
            Outcome outcome = await(command, deadlineNanos);
            if (outcome == null) {
                return new Result.Unknown("the ledger has not answered in time");
            }
            Result result = result(command.key(), outcome);
            long pause = UNKNOWN_PAUSE;
            if (result instanceof Result.Unknown(String text)) {
                why = text;
            } else if (result != null) {
                return result;
            } else if (outcome instanceof Outcome.Refused refused) {
                why = "the ledger takes nothing: " + refused.cause();
                pause = Math.max(LEAST_PAUSE, TimeUnit.MILLISECONDS.toNanos(refused.retryAfterMs()));
            }
            LockSupport.parkNanos(Math.min(pause, Math.max(1, deadlineNanos - ticker.nanos())));
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
        }
        return new Result.Unknown(why);
    }

    /**
     * Sees to it that the command under this key has happened or never will.
     *
     * @param account one that the command debits or credits: in a ledger of several shards its shard knows the key
     */
    Result bar(String key, String account, Money amount, long deadlineNanos) {
        Result result = post(new Command.Transfer(key, account, account, amount, Details.NONE), deadlineNanos);
        return result instanceof Result.Refused refused && refused.why().equals(Refusals.SAME_ACCOUNT)
                ? new Result.Barred()
                : result;
    }

    /** What the ledger says of a key at present, without taking it; null when nothing, or when it cannot say. */
    @Nullable
    Result look(String key) {
        try {
            Optional<Outcome> first = ledger.outcome(key);
            return first.isEmpty() ? null : result(key, first.get());
        } catch (LedgerUnavailableException e) {
            return null;
        }
    }

    private @Nullable Outcome await(Command command, long deadlineNanos) {
        try {
            return ledger.submit(command).get(Math.max(0, deadlineNanos - ticker.nanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the ledger completes with outcomes only", e);
        }
    }

    /** Null when it was not looked at, and should be sent again. */
    private @Nullable Result result(String key, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Posted posted -> new Result.Posted(posted.transaction());
            case Outcome.Rejected rejected
            when rejected.reason() == RejectionReason.IDEMPOTENCY_KEY_REUSED -> earlier(key);
            case Outcome.Rejected rejected -> new Result.Refused(Refusals.of(rejected));
            case Outcome.Unknown unknown -> new Result.Unknown(unknown.why());
            case Outcome.Refused refused -> null;
            case Outcome.Held held -> throw unexpected(outcome);
            case Outcome.Released released -> throw unexpected(outcome);
            case Outcome.Proposed proposed -> throw unexpected(outcome);
            case Outcome.Dismissed dismissed -> throw unexpected(outcome);
            case Outcome.DayClosed closed -> throw unexpected(outcome);
            case Outcome.AccountChanged changed -> throw unexpected(outcome);
        };
    }

    private Result earlier(String key) {
        try {
            Optional<Outcome> first = ledger.outcome(key);
            Result result = first.isEmpty() ? null : result(key, first.get());
            if (result instanceof Result.Refused refused && refused.why().equals(Refusals.SAME_ACCOUNT)) {
                return new Result.Barred();
            }
            return result == null ? new Result.Unknown("the key is taken, by what is not known") : result;
        } catch (LedgerUnavailableException e) {
            return new Result.Unknown("the key is taken, by what cannot be read now");
        }
    }

    private static IllegalStateException unexpected(Outcome outcome) {
        return new IllegalStateException("a transfer does not end as " + outcome);
    }
}
