package org.exchequer.lab.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.fault.Injection.Proof;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Stage;
import org.exchequer.lab.stage.Watch;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Carries a schedule out, each fault on a thread of its own, and writes down what it did and what came of it. */
public final class Injector {
    private static final JsonMapper MAPPER = JsonMapper.shared();
    /** A successor writes within this time of the end of what took the writer away. */
    private static final long TAKEOVER_MS = 20_000;

    /** Under load something is written many times a second. */
    private static final long SILENCE_MS = 1_000;

    private static final int MOST_TAKEOVERS = 4;
    /** Who is meant is found out before it is due: of faults that begin together none hides it from another. */
    private static final long LOOK_AHEAD_MS = 500;

    private static final long LOOK_BACK_MS = 50;

    private final Stage stage;
    private final List<Watch> watches;
    private final Supplier<Map<String, Long>> troubles;
    private final Path file;
    private final Ticker ticker;
    private final Targets targets;
    private final List<Thread> threads = new ArrayList<>();
    private final List<FaultRecord> records = new ArrayList<>();
    private final Absences absences = new Absences();
    private volatile @Nullable String aborted;
    private long origin;

    /**
     * @param watches one for each shard
     * @param troubles attempts of clients that failed so far, by how
     * @param file a JSON line for every fault, when it has ended
     */
    public Injector(Stage stage, List<Watch> watches, Supplier<Map<String, Long>> troubles, Path file, Ticker ticker) {
        this.stage = stage;
        this.watches = List.copyOf(watches);
        this.troubles = troubles;
        this.file = file;
        this.ticker = ticker;
        List<Targets.Candidate> nodes = stage.nodes().stream()
                .map(node -> new Targets.Candidate(node.name(), node.id(), () -> node.isAlive() && node.isReady()))
                .toList();
        this.targets = new Targets(nodes, this::writer, ticker, Targets.PATIENCE);
    }

    /**
     * Begins.
     *
     * @param beginning the ticker's reading at the beginning of the load
     */
    public void start(List<Fault> schedule, long beginning) {
        origin = beginning;
        for (int i = 0; i < schedule.size(); i++) {
            Fault fault = schedule.get(i);
            int number = i + 1;
            threads.add(Thread.ofVirtual().name("fault-" + number).start(() -> carryOut(fault, number)));
        }
    }

    /** Ends every fault that is in force, and begins no more. */
    public void abort(String why) {
        aborted = why;
        threads.forEach(LockSupport::unpark);
    }

    /** When nodes could not answer their clients because of what was done to them, so far. */
    public List<Absences.Absence> absences() {
        return absences.all();
    }

    /** Waits until the last fault has ended. */
    public void awaitEnd() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** All faults, in order of time, with the evidence; once they have ended, and their consequences been seen. */
    public List<FaultRecord> finish() {
        synchronized (this) {
            return records.stream()
                    .sorted(Comparator.comparingLong(FaultRecord::beganMs))
                    .map(this::withConsequences)
                    .toList();
        }
    }

    private void carryOut(Fault fault, int number) {
        awaitMs(fault.atMs() - LOOK_AHEAD_MS);
        Map<String, Long> before = troubles.get();
        String resolved = fault.target();
        long began = fault.atMs();
        boolean injected = true;
        boolean withholds = false;
        Proof proof;
        try {
            Fault met = targets.resolve(fault);
            awaitMs(fault.atMs());
            if (aborted != null) {
                throw new NotInjected(String.valueOf(aborted));
            }
            began = nowMs();
            before = troubles.get();
            withholds = fault.withholds();
            if (withholds) {
                stage.withhold();
            }
            Optional<Runnable> away = absences.begin(met, ticker.nanos(), ticker::nanos);
            try {
                Injection injection = begin(met, number);
                resolved = injection.resolved();
                awaitMs(began + fault.lengthMs());
                proof = injection.ending().end();
            } finally {
                away.ifPresent(back -> whenBack(met, back));
            }
        } catch (NotInjected none) {
            injected = false;
            proof = Proof.of(false, "not injected: " + none.getMessage());
        } catch (Exception e) {
            // Written into the record, where the report shows that this fault did not bite.
            proof = Proof.of(false, "could not be carried out: " + e);
        } finally {
            if (withholds) {
                stage.giveBack();
            }
        }
        List<String> evidence = new ArrayList<>(proof.evidence());
        if (injected) {
            difference(before, troubles.get()).ifPresent(evidence::add);
        }
        FaultRecord record = new FaultRecord(fault, resolved, began, injected ? nowMs() : began, proof.bit(), evidence);
        synchronized (this) {
            records.add(record);
            write(record);
        }
    }

    /** A node that is started again is away until it is ready. */
    private void whenBack(Fault met, Runnable back) {
        boolean restarts = switch (met.kind()) {
            case NODE_KILL, NODE_STOP, CRASH_AT -> true;
            default -> false;
        };
        if (!restarts) {
            back.run();
            return;
        }
        Node node = node(met.target().split("@", 2)[0]);
        Thread.ofVirtual().name("back-" + node.name()).start(() -> {
            try {
                while (!node.isReady()) {
                    TimeUnit.MILLISECONDS.sleep(LOOK_BACK_MS);
                }
                back.run();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void write(FaultRecord record) {
        try {
            Files.writeString(
                    file,
                    MAPPER.writeValueAsString(record) + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the faults cannot be written down", e);
        }
    }

    private Injection begin(Fault fault, int number) throws Exception {
        ProcessFaults processes = new ProcessFaults(stage);
        MachineFaults machine = new MachineFaults(stage, ticker);
        int amount = Math.toIntExact(fault.amount());
        return switch (fault.kind()) {
            case POSTGRES_KILL -> processes.postgresKill(Targets.shard(fault.target()));
            case POSTGRES_PAUSE -> processes.postgresPause(Targets.shard(fault.target()));
            case POSTGRES_STALLS -> processes.postgresStalls(Targets.shard(fault.target()));
            case KAFKA_KILL -> processes.kafkaKill();
            case KAFKA_PAUSE -> processes.kafkaPause();
            case REDIS_KILL -> new RedisFaults(stage).kill();
            case REDIS_PAUSE -> new RedisFaults(stage).pause();
            case REDIS_POISON -> new RedisFaults(stage).poison();
            case NODE_KILL -> processes.nodeKill(running(fault.target()));
            case NODE_PAUSE -> processes.nodePause(running(fault.target()));
            case NODE_STOP -> processes.nodeStop(running(fault.target()));
            case CUT -> wire(fault, number).cut();
            case SILENCE -> wire(fault, number).silence();
            case SLOW -> wire(fault, number).slow(amount);
            case SPIKES -> wire(fault, number).spikes(amount);
            case THROTTLE -> wire(fault, number).throttle(amount);
            case SLICE -> wire(fault, number).slice(amount);
            case RESET -> wire(fault, number).reset(amount);
            case LIMIT -> wire(fault, number).limit(amount);
            case CLOCK_SKEW -> machine.clockSkew(running(fault.target()), Duration.ofMillis(amount));
            case DISK_FULL -> machine.diskFull();
            case DISK_SLOW -> machine.diskSlow(Targets.shard(fault.target()));
            case CRASH_AT -> crash(processes, fault.target(), Math.max(1, amount));
            case MOVE_SLOTS -> new ShardFaults(stage).move(fault.target(), amount);
            case PARTNER_SLOW,
                    PARTNER_HANGS,
                    PARTNER_FAILS,
                    PARTNER_DISCONNECTS,
                    PARTNER_LOSES,
                    PARTNER_MANGLES,
                    PARTNER_SPIKES,
                    PARTNER_FLAPS -> new PartnerFaults(stage.partners(), fault.target()).begin(fault.kind(), amount);
            case ACCOUNTS_WRONG -> new AccountFaults(stage.partners()).begin(amount);
            case NODE_HEAP,
                    NODE_CPU,
                    NODE_SUPPLY,
                    MODEL_SLOW,
                    MODEL_SPIKES,
                    MODEL_HANGS,
                    MODEL_FAILS,
                    FEATURES_MISSING,
                    FEATURES_STALE,
                    FEATURES_DRIFT,
                    REASONS_FAIL -> new NodeFaults(ordered(fault.target()), number).begin(fault);
            case LOAD_SPIKE -> throw new IllegalArgumentException("the load is not the injector's");
            case REDELIVERY -> throw new IllegalArgumentException("redelivery cannot be scheduled");
        };
    }

    private WireFaults wire(Fault fault, int number) {
        String[] parts = fault.target().split(":", 2);
        if (parts[1].contains(">")) {
            String[] ends = parts[1].split(">", 2);
            return WireFaults.between(node(ends[0]), node(ends[1]), number);
        }
        List<Node> nodes = parts[1].equals("all") ? stage.nodes() : List.of(node(parts[1]));
        return new WireFaults(nodes, parts[0], number);
    }

    private List<Node> ordered(String target) throws NotInjected {
        return target.equals("all") ? stage.nodes() : List.of(running(target.split("@", 2)[0]));
    }

    private Injection crash(ProcessFaults processes, String target, int passage) throws IOException, NotInjected {
        String[] parts = target.split("@", 3);
        return processes.crashAt(
                running(parts[0]), parts[1], passage, parts.length == 3 ? Targets.shard(parts[2]) : null);
    }

    /** The node that writes a shard now, as far as is known. */
    private Targets.@Nullable Seen writer(int shard) {
        if (shard >= watches.size()) {
            throw new IllegalArgumentException("this run has no shard " + shard);
        }
        Watch.Look last = watches.get(shard).last();
        return last == null ? null : new Targets.Seen(last.nanos(), last.node());
    }

    private Node node(String name) {
        return stage.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("this run has no " + name));
    }

    /** One that something can be done to. */
    private Node running(String name) throws NotInjected {
        Node node = node(name);
        if (!node.isAlive()) {
            throw new NotInjected(name + " does not run");
        }
        return node;
    }

    /** What the clients met meanwhile. */
    private static java.util.Optional<String> difference(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> met = new TreeMap<>(after);
        before.forEach((what, count) -> met.merge(what, -count, Long::sum));
        met.values().removeIf(count -> count == 0);
        return met.isEmpty()
                ? java.util.Optional.empty()
                : java.util.Optional.of("attempts of clients that failed meanwhile: "
                        + met.entrySet().stream()
                                .map(each -> each.getValue() + " × " + each.getKey())
                                .collect(Collectors.joining(", ")));
    }

    /** What the watch saw: who took over, and for how long nothing was written. */
    private FaultRecord withConsequences(FaultRecord record) {
        if (!record.injected()) {
            return record;
        }
        FaultRecord with = record;
        for (int shard = 0; shard < watches.size(); shard++) {
            with = withConsequences(with, watches.get(shard), watches.size() == 1 ? "" : "shard " + shard + ": ");
        }
        return with;
    }

    private FaultRecord withConsequences(FaultRecord record, Watch watch, String where) {
        FaultRecord with = record;
        int most = record.evidence().size() + MOST_TAKEOVERS;
        long from = origin + TimeUnit.MILLISECONDS.toNanos(record.beganMs());
        long until = origin + TimeUnit.MILLISECONDS.toNanos(record.endedMs() + TAKEOVER_MS);
        Map<Long, Watch.Takeover> seen = new HashMap<>();
        for (Watch.Takeover takeover : watch.takeovers()) {
            if (takeover.nanos() > from
                    && takeover.nanos() < until
                    && !takeover.entries().isEmpty()) {
                seen.putIfAbsent(takeover.epoch(), takeover);
            }
        }
        for (Watch.Takeover takeover : new TreeMap<>(seen).values()) {
            @Nullable Node node = stage.byId(takeover.node());
            with = with.with((where + "epoch %d (%s) wrote its first entries %.1f s after the fault began")
                    .formatted(takeover.epoch(), node == null ? "?" : node.name(), (takeover.nanos() - from) / 1e9));
            if (with.evidence().size() >= most) {
                break;
            }
        }
        long end = origin + TimeUnit.MILLISECONDS.toNanos(record.endedMs());
        long silence = TimeUnit.NANOSECONDS.toMillis(longestSilence(watch, from, end));
        return silence < SILENCE_MS
                ? with
                : with.with(where + "no entry was written for %.1f s".formatted(silence / 1e3));
    }

    /** The longest time without a new entry that began before this end and ended after that beginning. */
    private static long longestSilence(Watch watch, long from, long until) {
        long longest = 0;
        Watch.Look before = null;
        for (Watch.Look look : watch.looks()) {
            if (before == null || look.end() != before.end()) {
                if (before != null && before.nanos() < until && look.nanos() > from) {
                    longest = Math.max(longest, look.nanos() - before.nanos());
                }
                before = look;
            }
        }
        return longest;
    }

    private void awaitMs(long ms) {
        long due = origin + TimeUnit.MILLISECONDS.toNanos(ms);
        for (long left = due - ticker.nanos(); left > 0 && aborted == null; left = due - ticker.nanos()) {
            LockSupport.parkNanos(left);
        }
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - origin);
    }
}
