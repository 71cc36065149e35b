package org.exchequer.inward.fraud;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.exchequer.inward.api.FraudSettings.Differs;
import org.exchequer.inward.api.FraudSettings.Preview;
import org.exchequer.inward.store.FraudBook;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.scoring.rules.Evaluation;

/** What other settings would have made of the last decisions. */
final class Previews {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int EXAMPLES = 20;

    private final FraudBook book;
    private final Ticker ticker;

    Previews(FraudBook book, Ticker ticker) {
        this.book = book;
        this.ticker = ticker;
    }

    /** What is counted on the way. */
    private static final class Count {
        private final Map<String, Long> before = new TreeMap<>();
        private final Map<String, Long> after = new TreeMap<>();
        private final List<Differs> examples = new ArrayList<>();
        private long looked;
        private long skipped;
        private long differ;
        private long moved;
        private boolean complete = true;

        void take(FraudBook.Judged row, Tuning now, Tuning would) {
            Optional<Replays.Verdict> one = Replays.judge(row, now);
            Optional<Replays.Verdict> other = Replays.judge(row, would);
            if (one.isEmpty() || other.isEmpty()) {
                skipped++;
                return;
            }
            Replays.Verdict was = one.get();
            Replays.Verdict next = other.get();
            looked++;
            before.merge(label(was), 1L, Long::sum);
            after.merge(label(next), 1L, Long::sum);
            if (was.decision() != next.decision() || was.refused() != next.refused()) {
                differ++;
                if (examples.size() < EXAMPLES) {
                    examples.add(differs(row, was, next));
                }
            } else if (was.score() != next.score()) {
                moved++;
            }
        }

        private static String label(Replays.Verdict verdict) {
            return verdict.refused() ? "REFUSED" : verdict.decision().name();
        }

        private static Differs differs(FraudBook.Judged row, Replays.Verdict was, Replays.Verdict next) {
            FraudBook.Past past = row.past();
            return new Differs(
                    past.payment(),
                    past.at(),
                    new Money(past.amountMinor(), Currency.of(past.currency())).toDecimal(),
                    past.currency(),
                    was.decision().name(),
                    was.refused(),
                    was.score(),
                    next.decision().name(),
                    next.refused(),
                    next.score(),
                    was.said().hits().stream().map(Evaluation.Hit::rule).toList(),
                    next.said().hits().stream().map(Evaluation.Hit::rule).toList());
        }
    }

    Preview of(long version, Tuning now, Tuning would, int most) {
        long end = ticker.nanos() + PATIENCE.toNanos();
        Count count = new Count();
        book.newest(most, (int) PATIENCE.toSeconds(), row -> {
            count.take(row, now, would);
            count.complete = ticker.nanos() < end;
            return count.complete;
        });
        return new Preview(
                version,
                count.looked,
                count.skipped,
                count.differ,
                count.moved,
                count.complete,
                count.before,
                count.after,
                count.examples);
    }
}
