package org.exchequer.lab.sim.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.sim.Fault;

/** Many runs from many seeds. */
public final class Campaign {
    /** What was seen in all runs together. */
    public static final class Summary {
        private long runs;
        private long events;
        private long undecided;
        private long failing;
        private long firstFailing = Long.MAX_VALUE;
        private final Map<String, Long> checked = new TreeMap<>();
        private final Map<String, Long> caught = new TreeMap<>();
        private final Map<Fault.Kind, Long> faults = new TreeMap<>();

        private void add(LedgerRun.Result result) {
            runs++;
            events += result.evidence().history().events().size();
            result.plan().faults().forEach(fault -> faults.merge(fault.kind(), 1L, Long::sum));
            for (Finding finding : result.findings()) {
                checked.merge(finding.checker() + " (" + finding.unit() + ")", finding.checked(), Long::sum);
                caught.merge(finding.checker(), finding.verdict() == Verdict.INVALID ? 1L : 0L, Long::sum);
            }
            switch (Verdict.of(result.findings())) {
                case VALID -> {}
                case UNKNOWN -> undecided++;
                case INVALID -> {
                    failing++;
                    firstFailing = Math.min(firstFailing, result.plan().seed());
                }
            }
        }

        private void add(Summary other) {
            runs += other.runs;
            events += other.events;
            undecided += other.undecided;
            failing += other.failing;
            firstFailing = Math.min(firstFailing, other.firstFailing);
            other.checked.forEach((name, count) -> checked.merge(name, count, Long::sum));
            other.caught.forEach((name, count) -> caught.merge(name, count, Long::sum));
            other.faults.forEach((kind, count) -> faults.merge(kind, count, Long::sum));
        }

        public long runs() {
            return runs;
        }

        /** Events of all histories. */
        public long events() {
            return events;
        }

        /** Runs in which a checker could not tell, and none found a violation. */
        public long undecided() {
            return undecided;
        }

        /** Runs in which at least one checker found a violation. */
        public long failing() {
            return failing;
        }

        /** The smallest seed whose run failed; {@code Long.MAX_VALUE} when none did. */
        public long firstFailing() {
            return firstFailing;
        }

        /** By checker, with its unit: how many things it looked at. */
        public Map<String, Long> checked() {
            return checked;
        }

        /** By checker: in how many runs it found a violation. */
        public Map<String, Long> caught() {
            return caught;
        }

        /** Faults of all plans. */
        public Map<Fault.Kind, Long> faults() {
            return faults;
        }
    }

    private Campaign() {}

    /**
     * Runs the seeds from {@code first} on.
     *
     * @param progress told now and then how many runs are done
     */
    public static Summary run(long first, long seeds, Bug bug, int operations, int threads, LongConsumer progress)
            throws InterruptedException {
        AtomicLong next = new AtomicLong(first);
        AtomicLong done = new AtomicLong();
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            List<Future<Summary>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                parts.add(workers.submit(() -> {
                    Summary mine = new Summary();
                    for (long seed = next.getAndIncrement(); seed < first + seeds; seed = next.getAndIncrement()) {
                        mine.add(LedgerRun.run(Plan.of(seed, bug, operations)));
                        progress.accept(done.incrementAndGet());
                    }
                    return mine;
                }));
            }
            Summary all = new Summary();
            for (Future<Summary> part : parts) {
                try {
                    all.add(part.get());
                } catch (ExecutionException e) {
                    throw new IllegalStateException("a simulated run ended in an error", e.getCause());
                }
            }
            return all;
        }
    }
}
