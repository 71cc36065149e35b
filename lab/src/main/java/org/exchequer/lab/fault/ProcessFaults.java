package org.exchequer.lab.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.exchequer.lab.fault.Injection.Proof;
import org.exchequer.lab.stage.Kafka;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Postgres;
import org.exchequer.lab.stage.Stage;
import org.jspecify.annotations.Nullable;

/** Processes killed and stopped. */
final class ProcessFaults {
    private static final long STALL_MS = 500;
    /** The virtual machine waits for its compilers before it halts, up to 10 s. */
    private static final java.time.Duration HALTING = java.time.Duration.ofSeconds(20);

    private final Stage stage;

    ProcessFaults(Stage stage) {
        this.stage = stage;
    }

    private String name(int shard) {
        return stage.databases().size() == 1 ? "PostgreSQL" : "PostgreSQL " + shard;
    }

    Injection postgresKill(int shard) throws IOException, InterruptedException {
        Postgres postgres = stage.postgres(shard);
        long before = postgres.pid();
        postgres.kill();
        return new Injection(name(shard), () -> {
            postgres.awaitRunning();
            long after = postgres.pid();
            return Proof.of(before != after, "postmaster " + before + " killed, " + after + " took its place");
        });
    }

    Injection postgresPause(int shard) throws IOException, InterruptedException {
        Postgres postgres = stage.postgres(shard);
        long pid = postgres.pid();
        postgres.pause();
        String state = state(pid);
        return new Injection(name(shard), () -> {
            postgres.resume();
            return stopped(pid, state);
        });
    }

    /** Until its end, half of every second. */
    Injection postgresStalls(int shard) {
        Postgres postgres = stage.postgres(shard);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger stalls = new AtomicInteger();
        Thread thread = Thread.ofVirtual().name("stalls").start(() -> {
            try {
                do {
                    postgres.pause();
                    stalls.incrementAndGet();
                    end.await(STALL_MS, TimeUnit.MILLISECONDS);
                    postgres.resume();
                } while (!end.await(STALL_MS, TimeUnit.MILLISECONDS));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        return new Injection(name(shard), () -> {
            end.countDown();
            thread.join();
            postgres.resume();
            return Proof.of(stalls.get() > 0, "stopped " + stalls + " times for " + STALL_MS + " ms");
        });
    }

    Injection kafkaKill() throws IOException, InterruptedException {
        Kafka kafka = stage.kafka();
        long before = kafka.pid();
        kafka.kill();
        return new Injection("Kafka", () -> {
            boolean back = kafka.awaitRunning(java.time.Duration.ofMinutes(2));
            long after = kafka.pid();
            return Proof.of(back && before != after, "broker " + before + " killed, " + after + " took its place");
        });
    }

    Injection kafkaPause() throws IOException, InterruptedException {
        Kafka kafka = stage.kafka();
        long pid = kafka.pid();
        kafka.pause();
        String state = state(pid);
        return new Injection("Kafka", () -> {
            kafka.resume();
            return stopped(pid, state);
        });
    }

    Injection nodeKill(Node node) throws InterruptedException {
        long before = node.pid();
        node.kill();
        return restarting(node, "process " + before + " of " + node.name() + " killed", before);
    }

    Injection nodeStop(Node node) throws InterruptedException {
        long before = node.pid();
        boolean inOrder = node.stop();
        String how = inOrder ? " ended in order" : " did not end in time and was killed";
        return restarting(node, "process " + before + " of " + node.name() + how, before);
    }

    private static Injection restarting(Node node, String what, long before) {
        boolean gone = !node.isAlive();
        return new Injection(node.name(), () -> {
            node.start();
            return Proof.of(gone && node.pid() != before, what + ", started again as " + node.pid());
        });
    }

    Injection nodePause(Node node) throws IOException, InterruptedException {
        long pid = node.pid();
        node.pause();
        String state = state(pid);
        return new Injection(node.name(), () -> {
            node.resume();
            return stopped(pid, state);
        });
    }

    /** A node dies at a passage of a fault point, or a database does while the node is there. */
    Injection crashAt(Node node, String point, int passage, @Nullable Integer shard) throws IOException {
        @Nullable Postgres victim = shard == null ? null : stage.postgres(shard);
        long before = victim == null ? node.pid() : victim.pid();
        long earlier = node.crashes(point);
        node.arm(point, passage, victim == null ? 0 : before);
        String what = victim == null ? node.name() : "PostgreSQL " + shard + " by " + node.name();
        return new Injection(what + " at " + point, () -> {
            boolean passed = node.disarm(point) > earlier;
            if (victim == null && passed) {
                node.awaitEnd(HALTING);
            }
            int code = node.exitCode().orElse(-1);
            if (victim == null) {
                node.start();
                return Proof.of(
                        passed && code == Node.CRASH_EXIT_CODE && node.pid() != before,
                        passed
                                ? "process %d wrote down that it passed %s and ended with exit code %d; started as %d"
                                        .formatted(before, point, code, node.pid())
                                : node.name() + " did not pass " + point);
            }
            victim.awaitRunning();
            return Proof.of(
                    passed && victim.pid() != before,
                    passed
                            ? "%s wrote down that it passed %s; postmaster %d killed, %d took its place"
                                    .formatted(node.name(), point, before, victim.pid())
                            : node.name() + " did not pass " + point);
        });
    }

    static Proof stopped(long pid, String state) {
        return Proof.of(state.equals("T"), "process " + pid + " was in state " + state + " (T: stopped)");
    }

    /** The system's letter for what a process does; empty where it does not say. A stop takes effect within moments. */
    static String state(long pid) throws IOException, InterruptedException {
        Path file = Path.of("/proc", Long.toString(pid), "stat");
        String state = "";
        for (int look = 0; look < 100 && Files.exists(file); look++) {
            String stat = Files.readString(file);
            state = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", 2))
                    .getFirst();
            if (state.equals("T")) {
                return state;
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return state;
    }
}
