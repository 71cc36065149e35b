package org.exchequer.inward.fraud;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.exchequer.inward.store.FraudBook;
import org.exchequer.kernel.Ticker;
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

    /** Before the first payment is scored. Features are then as if the program had never ended. */
    public static void run(Scorer scorer, FraudBook book, Clock clock, Ticker ticker) throws SQLException {
        long began = ticker.nanos();
        Instant since = clock.instant().minus(WINDOW);
        AtomicInteger count = new AtomicInteger();
        book.recent(since, MOST, past -> {
            scorer.remember(
                    past.number(),
                    Events.of(
                            past.number(),
                            past.at().toEpochMilli(),
                            Events.party(past.debtor(), past.debtorCountry()),
                            Events.party(past.creditor(), past.creditorCountry()),
                            past.amountMinor(),
                            past.currency(),
                            past.baseMinor(),
                            PaymentType.valueOf(past.kind())));
            String payment = past.payment().toString();
            boolean held = !past.decision().equals("APPROVE");
            scorer.remember(payment, past.model(), past.at(), held, past.probability());
            Boolean fraud = past.fraud();
            if (fraud != null) {
                scorer.label(payment, past.model(), fraud, past.rules());
            }
            count.incrementAndGet();
        });
        if (count.get() > 0) {
            LOG.info("{} payments remembered for scoring in {} ms", count, (ticker.nanos() - began) / 1_000_000);
        }
    }
}
