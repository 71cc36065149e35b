package org.exchequer.bench;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.exchequer.inward.api.Inward;
import org.exchequer.inward.api.Submission;

/**
 * Credit transfers that fall due at times fixed beforehand, whether or not earlier ones were answered. What an answer
 * took is counted from when its message was due, so that what stands still is felt by all that falls due meanwhile.
 */
final class InwardLoop {
    private static final String[] BANKS = {"AAABSGSG", "BBBCSGSG", "CCCDDEFF", "DDDEFRPP"};
    private static final String[] CURRENCIES = {"SGD", "EUR"};
    private static final String[] GIVEN = ("Wei Ming Siti Nur Arjun Mei Lin Joseph Aisyah Hui Rajesh Grace "
                    + "Daniel Xiu Ying Farid Priya Marcus Yusof Charlotte Kenji Anh Maria Oliver Ingrid")
            .split(" ");
    private static final String[] FAMILY = ("Tan Lim Lee Ng Wong Ismail Kumar Pillai Chua Ong Fernandez Goh "
                    + "Nguyen Santos Tanaka Schmidt Koh Teo Rahman Sim Moreau Lindqvist Okafor Haddad Novak")
            .split(" ");
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(2);
    private static final long IN_TIME = TimeUnit.MILLISECONDS.toNanos(4_500);

    private final Inward inward;
    private final SplittableRandom random;
    private final Clock clock = Clock.systemUTC();
    private final Histogram latency = new ConcurrentHistogram(LONGEST_MICROS, 3);
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final LongAdder inTime = new LongAdder();
    private final LongAdder asked = new LongAdder();

    /**
     * What was measured.
     *
     * @param asked messages that fell due
     * @param nanos from the first to the last answer
     * @param inTime answered within 4.5 s of when they were due
     * @param answers how many of each kind
     * @param latency in microseconds, from when a message was due
     */
    record Measured(long asked, long nanos, long inTime, Map<String, Long> answers, Histogram latency) {
        long perSecond() {
            return (latency.getTotalCount() * 1_000_000_000L) / Math.max(1, nanos);
        }
    }

    InwardLoop(Inward inward, long seed) {
        this.inward = inward;
        this.random = new SplittableRandom(seed);
    }

    /** Sends so many a second for so long, and waits for the last answer. */
    Measured run(int perSecond, Duration length) {
        Phaser open = new Phaser(1);
        long began = System.nanoTime();
        double due = 0;
        while (due < length.toNanos()) {
            long at = began + (long) due;
            for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            send(at, open);
            due += -Math.log(1 - random.nextDouble()) * 1e9 / perSecond;
        }
        open.arriveAndAwaitAdvance();
        Map<String, Long> counts = new TreeMap<>();
        answers.forEach((what, count) -> counts.put(what, count.sum()));
        return new Measured(asked.sum(), System.nanoTime() - began, inTime.sum(), counts, latency.copy());
    }

    private void send(long due, Phaser open) {
        asked.increment();
        switch (inward.submit(message(), "bench", Duration.ZERO)) {
            case Submission.Taken taken -> {
                open.register();
                var unused = taken.answer().whenComplete((answered, failure) -> {
                    long took = System.nanoTime() - due;
                    latency.recordValue(Math.min(LONGEST_MICROS, TimeUnit.NANOSECONDS.toMicros(took)));
                    if (took <= IN_TIME) {
                        inTime.increment();
                    }
                    count(failure == null ? answered.status() : "failed");
                    open.arriveAndDeregister();
                });
            }
            case Submission.Busy busy -> count("busy");
            case Submission.Unreadable unreadable -> throw new IllegalStateException("unreadable: " + unreadable);
        }
    }

    private void count(String what) {
        answers.computeIfAbsent(what, name -> new LongAdder()).increment();
    }

    /** One of 15,625, so that whoever remembers names has little of it. */
    private String name() {
        return GIVEN[random.nextInt(GIVEN.length)] + " " + GIVEN[random.nextInt(GIVEN.length)] + " "
                + FAMILY[random.nextInt(FAMILY.length)];
    }

    /** In the JSON form; each with ids of its own. */
    byte[] message() {
        String id = Long.toString(random.nextLong(Long.MAX_VALUE), 36);
        UUID uetr = new UUID(
                random.nextLong() & 0xffffffffffff0fffL | 0x4000L,
                random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L);
        long amount = 100 + random.nextLong(10_000);
        return """
                {"messageType":"PACS_008","messageId":"M%s","created":"%s","instructingBic":"%s",\
                "instructedBic":"EXCQSGSG","settlementMethod":"CLRG","amount":"%d.%02d","currency":"%s",\
                "settlementDate":"%s","endToEndId":"E%s","transactionId":"T%s","uetr":"%s",\
                "debtorName":"%s","debtorAccount":"99%07d11","creditorName":"%s",\
                "creditorAccount":"7%06d%02d"}""".formatted(
                        id,
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        BANKS[random.nextInt(BANKS.length)],
                        amount / 100,
                        amount % 100,
                        CURRENCIES[random.nextInt(CURRENCIES.length)],
                        LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC),
                        id,
                        id,
                        uetr,
                        name(),
                        random.nextInt(10_000_000),
                        name(),
                        random.nextInt(1_000_000),
                        random.nextInt(90))
                .getBytes(StandardCharsets.UTF_8);
    }
}
