package org.exchequer.inward.fraud;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.exchequer.inward.store.FraudBook;
import org.exchequer.kernel.Ticker;
import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.features.PaymentType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a scorer back what it had seen before the program ended. */
public final class Restoring {
    /** As far back as any window of a feature reaches. */
    static final Duration WINDOW = Duration.ofDays(30);

    /** So that a start is not held up for long: the newest of more. */
    static final int MOST = 300_000;

    private static final Logger LOG = LoggerFactory.getLogger(Restoring.class);

    private Restoring() {}

    /**
     * Before the first payment is scored. Features are then as if the program had never ended.
     *
     * @return from where on {@link FraudFollower} reads
     */
    public static String run(Scorer scorer, FraudBook book, Clock clock, Ticker ticker) throws SQLException {
        long began = ticker.nanos();
        String horizon = book.horizon();
        AtomicInteger count = new AtomicInteger();
        book.recent(clock.instant().minus(WINDOW), MOST, horizon, past -> {
            remember(scorer, past);
            count.incrementAndGet();
        });
        if (count.get() > 0) {
            LOG.info("{} payments remembered for scoring in {} ms", count, (ticker.nanos() - began) / 1_000_000);
        }
        return horizon;
    }

    /** One that was scored before, or elsewhere. */
    static void remember(Scorer scorer, FraudBook.Past past) {
        scorer.remember(past.number(), event(past));
        String payment = past.payment().toString();
        boolean held = !past.decision().equals("APPROVE");
        scorer.remember(payment, past.model(), past.at(), held, past.probability());
        Boolean fraud = past.fraud();
        if (fraud != null) {
            scorer.label(payment, past.model(), fraud, past.rules());
        }
    }

    /** The payment as features saw it, from what is stored of it. */
    static Event event(FraudBook.Past past) {
        return Events.of(
                past.number(),
                past.at().toEpochMilli(),
                Events.party(past.debtor(), past.debtorCountry()),
                Events.party(past.creditor(), past.creditorCountry()),
                past.amountMinor(),
                past.currency(),
                past.baseMinor(),
                PaymentType.valueOf(past.kind()));
    }
}
