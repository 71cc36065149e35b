package org.exchequer.inward.jobs;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.exchequer.inward.core.FollowUp;
import org.exchequer.inward.partner.Liquidity;
import org.exchequer.inward.partner.Reply;
import org.exchequer.inward.store.PaymentLog;
import org.exchequer.inward.store.Payments;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the liquidity service how payments ended. What it owes stands in the database with the ending, so that what is
 * not said at once, or before a crash, is said later; each may be said more than once.
 */
public final class FollowUps {
    private static final Logger LOG = LoggerFactory.getLogger(FollowUps.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration OLD = Duration.ofSeconds(3);
    private static final int AT_ONCE = 64;
    private static final int MOST = 500;

    /** How long confirmations are gathered for one call, which costs as much as one does: nobody waits for them. */
    private static final long GATHERED_NANOS = Duration.ofMillis(10).toNanos();

    private static final int CONFIRMERS = 4;
    private static final int MOST_WAITING = 5_000;

    private final Liquidity liquidity;
    private final Payments payments;
    private final PaymentLog log;
    private final Clock clock;
    private final Ticker ticker;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Semaphore confirmers = new Semaphore(CONFIRMERS);
    private final BlockingQueue<Payments.Owed> confirmations = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Set<UUID> underWay = ConcurrentHashMap.newKeySet();

    public FollowUps(Liquidity liquidity, Payments payments, PaymentLog log, Clock clock, Ticker ticker) {
        this.liquidity = liquidity;
        this.payments = payments;
        this.log = log;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Begins to say it in the background, when there is a place; else {@link #run} does. */
    public void start(Payments.Owed owed) {
        if (owed.what() == FollowUp.CONFIRM && owed.reservation() != null) {
            confirm(owed);
            return;
        }
        if (!places.tryAcquire()) {
            return;
        }
        if (!underWay.add(owed.id())) {
            places.release();
            return;
        }
        Thread.ofVirtual().name("inward-follow-up").start(() -> {
            try {
                if (tell(owed)) {
                    log.followed(owed.id());
                }
            } finally {
                underWay.remove(owed.id());
                places.release();
            }
        });
    }

    private void confirm(Payments.Owed owed) {
        if (!underWay.add(owed.id())) {
            return;
        }
        if (confirmations.offer(owed)) {
            confirming();
        } else {
            underWay.remove(owed.id());
        }
    }

    /** One call is under way at a time, more only when they do not keep up. */
    private void confirming() {
        boolean behind = confirmations.size() >= Liquidity.MOST_CONFIRMED;
        if ((behind || confirmers.availablePermits() == CONFIRMERS) && confirmers.tryAcquire()) {
            Thread.ofVirtual().name("inward-confirmations").start(() -> {
                try {
                    while (!confirmations.isEmpty()) {
                        LockSupport.parkNanos(GATHERED_NANOS);
                        confirmGathered();
                    }
                } finally {
                    confirmers.release();
                }
                // What came since has found this one still at work.
                if (!confirmations.isEmpty()) {
                    confirming();
                }
            });
        }
    }

    private void confirmGathered() {
        List<Payments.Owed> gathered = new ArrayList<>();
        confirmations.drainTo(gathered, Liquidity.MOST_CONFIRMED);
        if (gathered.isEmpty()) {
            return;
        }
        try {
            List<String> references =
                    gathered.stream().map(Payments.Owed::reservation).toList();
            long deadline = ticker.nanos() + PATIENCE.toNanos();
            if (liquidity.confirmAll(references, deadline)
                    instanceof Reply.Answered<List<Liquidity.State>>(List<Liquidity.State> states)) {
                for (int i = 0; i < gathered.size(); i++) {
                    told(gathered.get(i), states.get(i));
                    log.followed(gathered.get(i).id());
                }
            }
        } finally {
            gathered.forEach(owed -> underWay.remove(owed.id()));
        }
    }

    /** Says what is left over. */
    public void run() throws SQLException {
        payments.owed(clock.instant().minus(OLD), MOST).forEach(this::start);
    }

    private boolean tell(Payments.Owed owed) {
        long deadline = ticker.nanos() + PATIENCE.toNanos();
        String reference = owed.reservation();
        return switch (owed.what()) {
            // With a reservation it is confirmed together with others; without one there is nothing to name.
            case CONFIRM -> false;
            case RELEASE -> reference != null && said(owed, liquidity.release(reference, deadline));
            case CANCEL -> said(owed, liquidity.cancel(owed.id(), deadline));
            case RESERVE -> reserve(owed, owed.payingBic(), owed.amount(), deadline);
        };
    }

    private boolean reserve(Payments.Owed owed, @Nullable String bic, @Nullable Money amount, long deadline) {
        if (bic == null || amount == null) {
            return true;
        }
        return switch (liquidity.reserve(owed.id(), bic, amount, deadline)) {
            case Reply.Answered<Liquidity.Decision>(Liquidity.Decision decision) ->
                switch (decision) {
                    case Liquidity.Approved(String reference, Money available) ->
                        said(owed, liquidity.confirm(reference, deadline));
                    case Liquidity.Declined(Liquidity.Reason reason, String text) -> {
                        LOG.warn("Payment {} was carried out and is not covered: {} {}", owed.id(), reason, text);
                        yield true;
                    }
                };
            case Reply.Late<Liquidity.Decision> late -> false;
            case Reply.Unreachable<Liquidity.Decision> unreachable -> false;
        };
    }

    private static boolean said(Payments.Owed owed, Reply<Liquidity.State> reply) {
        return switch (reply) {
            case Reply.Answered<Liquidity.State>(Liquidity.State state) -> {
                told(owed, state);
                yield true;
            }
            case Reply.Late<Liquidity.State> late -> false;
            case Reply.Unreachable<Liquidity.State> unreachable -> false;
        };
    }

    private static void told(Payments.Owed owed, Liquidity.State state) {
        LOG.debug("Reservation of payment {}: {} -> {}", owed.id(), owed.what(), state);
    }
}
