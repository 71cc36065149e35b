package org.exchequer.lab.stage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.exchequer.inward.fraud.Scorer;
import org.exchequer.inward.fraud.Scorer.Given;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.faults.Faults;
import org.exchequer.scoring.model.Sample;
import org.exchequer.scoring.model.Vector;
import org.exchequer.scoring.stream.PaymentStream;

/**
 * What can be wrong with models: slow, hanging, failing, fed with what is missing, old or strange, unable to explain.
 */
final class ModelTroubles {
    private static final int PERCENT = 100;
    private static final long LEAST_SPIKE_MS = 200;
    private static final long MOST_SPIKE_MS = 600;
    /** Natural logarithm of a thousand. */
    private static final float THOUSANDFOLD = 6.9f;

    private static final String AMOUNT = "amount_log";
    private static final int MOST_REMEMBERED = 10_000;

    private final Faults faults;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final LongAdder passed = new LongAdder();
    private final LongAdder hit = new LongAdder();

    /** @param seed of what is hit by chance */
    ModelTroubles(Faults faults, Ticker ticker, long seed) {
        this.faults = faults;
        this.ticker = ticker;
        this.random = new Luck(seed);
    }

    /** A source of chance that several threads may use. */
    private static final class Luck implements RandomGenerator {
        private final java.util.SplittableRandom source;

        Luck(long seed) {
            this.source = new java.util.SplittableRandom(seed);
        }

        @Override
        public synchronized long nextLong() {
            return source.nextLong();
        }
    }

    Burdens.Burden begin(Order order) {
        int amount = order.amount();
        return switch (order.what()) {
            case MODEL_SLOW -> model("took longer", asked -> () -> slowly(asked, amount));
            case MODEL_SPIKES ->
                model("took 200 to 600 ms longer", asked -> chance(amount) ? () -> late(asked) : asked);
            case MODEL_HANGS -> model("were not answered", asked -> chance(amount) ? () -> never(asked) : asked);
            case MODEL_FAILS -> model("failed", asked -> chance(amount) ? ModelTroubles::fails : asked);
            case FEATURES_MISSING -> features("lacked features", given -> without(given, amount));
            case FEATURES_STALE -> features("were judged by features of an earlier one", stale(amount));
            case FEATURES_DRIFT ->
                features("looked a thousand times as large", given -> chance(amount) ? larger(given) : given);
            case REASONS_FAIL -> reasons(amount);
            default -> throw new IllegalArgumentException(order.what() + " is nothing that a model has");
        };
    }

    private boolean chance(int percent) {
        passed.increment();
        boolean hits = random.nextInt(PERCENT) < percent;
        if (hits) {
            hit.increment();
        }
        return hits;
    }

    private Burdens.Burden ends(String point, String how) {
        return () -> {
            faults.disarm(point);
            return new Burdens.Seen(hit.sum() > 0, "%,d of %,d %s".formatted(hit.sum(), passed.sum(), how));
        };
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Burdens.Burden model(String how, UnaryOperator<Supplier<Object>> change) {
        faults.distort(Scorer.MODEL_POINT, Supplier.class, asked -> change.apply(asked));
        return ends(Scorer.MODEL_POINT, "questions to models " + how);
    }

    private Burdens.Burden features(String how, UnaryOperator<Given> change) {
        faults.distort(Scorer.FEATURES_POINT, Given.class, change);
        return ends(Scorer.FEATURES_POINT, "payments " + how);
    }

    private Burdens.Burden reasons(int percent) {
        faults.arm(Scorer.REASONS_POINT, point -> {
            if (chance(percent)) {
                throw new IllegalStateException("no reasons: the lab says so");
            }
        });
        return ends(Scorer.REASONS_POINT, "explanations could not be made");
    }

    private Object slowly(Supplier<Object> asked, int times) {
        chance(PERCENT);
        long began = ticker.nanos();
        Object answer = asked.get();
        long took = Math.max(ticker.nanos() - began, TimeUnit.MILLISECONDS.toNanos(1));
        park(took * (times - 1));
        return answer;
    }

    private Object late(Supplier<Object> asked) {
        park(TimeUnit.MILLISECONDS.toNanos(LEAST_SPIKE_MS + random.nextLong(MOST_SPIKE_MS - LEAST_SPIKE_MS)));
        return asked.get();
    }

    /** Until whoever asked has given up and interrupts. */
    private static Object never(Supplier<Object> asked) {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.park();
        }
        return asked.get();
    }

    private static Object fails() {
        throw new IllegalStateException("no answer: the lab says so");
    }

    private void park(long nanos) {
        long end = ticker.nanos() + nanos;
        for (long left = nanos; left > 0 && !Thread.currentThread().isInterrupted(); left = end - ticker.nanos()) {
            LockSupport.parkNanos(left);
        }
    }

    private Given without(Given given, int percent) {
        float[] vector = given.payment().vector().clone();
        boolean any = false;
        passed.increment();
        for (int i = 0; i < vector.length; i++) {
            if (random.nextInt(PERCENT) < percent) {
                vector[i] = Float.NaN;
                any = true;
            }
        }
        if (any) {
            hit.increment();
        }
        return with(given, vector);
    }

    /** Of the same payer where one is remembered, else of whoever came before: as from a store that is not kept up. */
    private UnaryOperator<Given> stale(int percent) {
        Map<Long, float[]> seen = new ConcurrentHashMap<>();
        AtomicReference<float[]> last = new AtomicReference<>();
        return given -> {
            float[] now = given.payment().vector().clone();
            long payer = given.event().debtor().account();
            if (seen.size() > MOST_REMEMBERED) {
                seen.clear();
            }
            float[] own = seen.put(payer, now);
            float[] before = last.getAndSet(now);
            float[] old = own == null ? before : own;
            return old != null && chance(percent) ? with(given, old) : given;
        };
    }

    private static Given larger(Given given) {
        float[] vector = given.payment().vector().clone();
        vector[PaymentStream.FEATURES.place(AMOUNT)] += THOUSANDFOLD;
        return with(given, vector);
    }

    private static Given with(Given given, float[] vector) {
        Sample sample = new Sample(
                Vector.of(PaymentStream.FEATURES, vector),
                given.payment().sample().history());
        return new Given(given.event(), new PaymentStream.Seen(vector.clone(), sample));
    }
}
