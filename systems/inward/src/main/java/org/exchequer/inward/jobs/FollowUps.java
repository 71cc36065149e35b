package org.exchequer.inward.jobs;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
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

    private final Liquidity liquidity;
    private final Payments payments;
    private final PaymentLog log;
    private final Clock clock;
    private final Ticker ticker;
    private final Semaphore places = new Semaphore(AT_ONCE);
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

    /** Says what is left over. */
    public void run() throws SQLException {
        payments.owed(clock.instant().minus(OLD), MOST).forEach(this::start);
    }

    private boolean tell(Payments.Owed owed) {
        long deadline = ticker.nanos() + PATIENCE.toNanos();
        String reference = owed.reservation();
        return switch (owed.what()) {
            case CONFIRM -> reference != null && said(owed, liquidity.confirm(reference, deadline));
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
                LOG.debug("Reservation of payment {}: {} -> {}", owed.id(), owed.what(), state);
                yield true;
            }
            case Reply.Late<Liquidity.State> late -> false;
            case Reply.Unreachable<Liquidity.State> unreachable -> false;
        };
    }
}
