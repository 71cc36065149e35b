package org.exchequer.lab.fault;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Says which node {@code writer} and {@code standby} mean now. A node that is not ready is neither: what is done to one
 * that is down anyway shows nothing.
 */
final class Targets {
    /** A take-over takes some seconds. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What was seen longer ago may be over. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private static final long LOOK_EVERY_MS = 100;
    private static final Pattern ROLE = Pattern.compile("(?<=^|:)(writer(-[0-4])?|standby)(?=$|@)");

    private final List<Candidate> nodes;
    private final Writers writers;
    private final Ticker ticker;
    private final Duration patience;

    /**
     * A node that something can be done to.
     *
     * @param id as it stands in the writer's lease
     */
    record Candidate(String name, String id, Readiness readiness) {}

    /** Whether a node runs and is ready. */
    @FunctionalInterface
    interface Readiness {
        boolean now() throws InterruptedException;
    }

    /** Who writes, as far as is known. */
    interface Writers {
        /**
         * Who was seen to write a shard last; null for nobody.
         *
         * @throws IllegalArgumentException when there is no such shard
         */
        @Nullable
        Seen last(int shard);
    }

    /**
     * A writer that was seen.
     *
     * @param nanos when, by the ticker
     * @param id of its node
     */
    record Seen(long nanos, String id) {}

    Targets(List<Candidate> nodes, Writers writers, Ticker ticker, Duration patience) {
        this.nodes = List.copyOf(nodes);
        this.writers = writers;
        this.ticker = ticker;
        this.patience = patience;
    }

    /**
     * The same fault with nodes' names only. Waits for a while when there is no such node.
     *
     * @throws NotInjected when there is none then either
     */
    Fault resolve(Fault fault) throws NotInjected, InterruptedException {
        Matcher role = ROLE.matcher(fault.target());
        if (!role.find()) {
            return fault;
        }
        String target = role.replaceFirst(await(role.group(1)).name());
        return new Fault(fault.atMs(), fault.kind(), target, fault.lengthMs(), fault.amount());
    }

    private Candidate await(String role) throws NotInjected, InterruptedException {
        long began = ticker.nanos();
        Optional<Candidate> found = find(role);
        while (found.isEmpty()) {
            if (ticker.nanos() - began > patience.toNanos()) {
                throw new NotInjected(
                        role.equals("standby")
                                ? "no standby that was ready, within " + patience.toSeconds() + " s"
                                : "no writer that was ready" + of(role) + ", within " + patience.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
            found = find(role);
        }
        return found.get();
    }

    private static String of(String role) {
        return role.equals("writer") ? "" : " of shard " + shard(role);
    }

    private Optional<Candidate> find(String role) throws InterruptedException {
        boolean standby = role.equals("standby");
        @Nullable Seen seen = writers.last(standby ? 0 : shard(role));
        if (seen == null || ticker.nanos() - seen.nanos() > FRESH.toNanos()) {
            return Optional.empty();
        }
        for (Candidate node : nodes) {
            if (node.id().equals(seen.id()) != standby && node.readiness().now()) {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    /** The number behind the last dash; 0 when there is none. */
    static int shard(String target) {
        int dash = target.lastIndexOf('-');
        return dash < 0 ? 0 : Integer.parseInt(target.substring(dash + 1));
    }
}
