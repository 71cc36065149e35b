package org.exchequer.app.cli.inward.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.app.cli.inward.InwardServer;
import org.exchequer.app.cli.inward.demo.Sent.Told;
import org.exchequer.app.cli.ledger.Reply;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One run of the demo: traffic, faults, and the account of both. */
public final class Demo {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    /** By how much the server's clock may be behind ours. */
    private static final Duration SKEW = Duration.ofSeconds(10);

    /** Messages that are sent one after the other before the others. */
    private static final int FIRST = 20;

    private final InwardServer server;
    private final Options options;
    private final Clock clock;
    private final Ticker ticker;
    private final PrintWriter out;

    /**
     * How it runs.
     *
     * @param seconds for how long messages are sent
     * @param rate messages a second, on average
     * @param seed of kinds, parties and amounts
     * @param faults whether partners are made to fail
     * @param real whether to run also where the partners are no simulated ones
     */
    public record Options(int seconds, int rate, long seed, boolean faults, boolean real) {}

    public Demo(InwardServer server, Options options, Clock clock, Ticker ticker, PrintWriter out) {
        this.server = server;
        this.options = options;
        this.clock = clock;
        this.ticker = ticker;
        this.out = out;
    }

    /** Runs it to its end; whatever happens, the partners play afterwards what they played before. */
    public Report run() throws InterruptedException {
        JsonNode setup = server.get("/setup");
        String simulator = Reply.text(setup, "simulator");
        if (simulator.isEmpty() && !options.real()) {
            throw new CommandFailure(
                    ExitCodes.USAGE,
                    "the partners are real ones: made-up payments would be posted to real accounts. Give --real if they"
                            + " are to be; no faults are injected then");
        }
        try (Partners partners = partners(simulator)) {
            Thread restoring = Thread.ofPlatform().unstarted(() -> restore(partners));
            // Also when somebody presses Ctrl-C.
            Runtime.getRuntime().addShutdownHook(restoring);
            try {
                return run(setup, partners);
            } finally {
                restore(partners);
                removeHook(restoring);
            }
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The process ends: the hook runs, and finds nothing left to restore.
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Partners partners(String simulator) throws InterruptedException {
        if (!options.faults()) {
            say("no faults are injected, as asked");
            return null;
        }
        if (simulator.isEmpty()) {
            say("the partners are real ones: no faults are injected");
            return null;
        }
        if (!Set.of("127.0.0.1", "localhost", "[::1]")
                .contains(URI.create(server.url()).getHost())) {
            say("the simulated partners are on another machine, and take orders there only: no faults are injected");
            return null;
        }
        try {
            return Partners.at(URI.create(simulator));
        } catch (ConnectException nobody) {
            say("the simulated partners cannot be reached at " + simulator + ": no faults are injected");
            return null;
        } catch (IOException broken) {
            throw new CommandFailure(ExitCodes.UNAVAILABLE, "the simulated partners: " + broken.getMessage());
        }
    }

    private void restore(@Nullable Partners partners) {
        if (partners == null) {
            return;
        }
        try {
            partners.restore();
        } catch (IOException broken) {
            say("the partners do not play what they played before: " + broken.getMessage()
                    + "; see docs/reference/partners.md, DELETE /admin/v1/scripts");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Report run(JsonNode setup, @Nullable Partners partners) throws InterruptedException {
        Duration hard = Duration.ofMillis(setup.path("hardMs").asLong(4_500));
        Traffic traffic =
                new Traffic(options.seed(), clock, setup.path("ownBics").path(0).asString("EXCQSGSG"));
        long newest = Evidence.newest(server);
        Instant since = clock.instant().minus(SKEW);
        say("sending about " + options.rate() + " messages a second for " + options.seconds() + " s to " + server.url()
                + ", seed " + options.seed());
        Director director = new Director(partners, Duration.ofSeconds(options.seconds()));
        try (Load load = new Load(server, traffic, ticker, hard)) {
            long[] line = {0};
            director.begin();
            load.begin(FIRST);
            load.run(Duration.ofSeconds(options.seconds()), options.rate(), elapsed -> {
                director.at(elapsed);
                if (elapsed >= line[0]) {
                    progress(elapsed, load);
                    line[0] += BETWEEN_LINES.toNanos();
                }
            });
            load.await();
            progress(TimeUnit.SECONDS.toNanos(options.seconds()), load);
            restore(partners);
            say("reading what the server and the ledger have of it");
            Evidence evidence = Evidence.read(server, payments(load.sent()), since, newest, ticker);
            boolean listed = setup.path("sanctionsLists").values().stream()
                    .anyMatch(list -> list.asString("").equals("made-up"));
            return new Report(
                    load.sent(), evidence, new Checks(load.sent(), evidence, hard, traffic.prefix(), listed).all());
        }
    }

    private static Set<String> payments(List<Sent> sent) {
        Set<String> ids = new HashSet<>();
        for (Sent one : sent) {
            Told told = one.told();
            if (told != null && !told.payment().isEmpty()) {
                ids.add(told.payment());
            }
        }
        return ids;
    }

    private void progress(long elapsedNanos, Load load) {
        int accepted = 0;
        int refused = 0;
        int pending = 0;
        int other = 0;
        long slowest = 0;
        for (Sent one : load.sent()) {
            Told told = one.told();
            if (told != null) {
                slowest = Math.max(slowest, told.tookNanos());
                accepted += told.accepted() ? 1 : 0;
                refused += told.refused() ? 1 : 0;
                pending += told.pending() ? 1 : 0;
                other += told.unreadable() ? 1 : 0;
            }
        }
        say("%3d s  %d sent, %d accepted, %d refused, %d pending, %d unreadable, %d under way; slowest %s ms"
                .formatted(
                        TimeUnit.NANOSECONDS.toSeconds(elapsedNanos),
                        load.sent().size(),
                        accepted,
                        refused,
                        pending,
                        other,
                        load.waiting(),
                        Report.ms(slowest)));
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    /** Lets things go wrong, and right again, at their times; apart from the sender, which must not wait for it. */
    private final class Director {
        private final @Nullable Partners partners;
        private final Duration time;
        private int next;
        private @Nullable Fault now;
        private Thread last = Thread.ofVirtual().unstarted(() -> {});

        Director(@Nullable Partners partners, Duration time) {
            this.partners = partners;
            this.time = time;
            last.start();
        }

        void begin() throws InterruptedException {
            if (partners != null) {
                Fault.USUAL.forEach(this::play);
                last.join();
                say("  0 s  partners take their usual time: VAM 156 ms, MIDANZ 245 ms, liquidity 89 ms");
            }
        }

        void at(long elapsedNanos) {
            long percent = elapsedNanos * 100 / time.toNanos();
            Fault current = now;
            if (partners != null && current != null && percent >= current.to()) {
                now = null;
                play(current.over());
                say("%3d s  and works again".formatted(TimeUnit.NANOSECONDS.toSeconds(elapsedNanos)));
            }
            if (partners != null
                    && next < Fault.LIST.size()
                    && percent >= Fault.LIST.get(next).from()) {
                Fault fault = Fault.LIST.get(next);
                next++;
                now = fault;
                play(fault.change());
                say("%3d s  %s".formatted(TimeUnit.NANOSECONDS.toSeconds(elapsedNanos), fault.words()));
            }
        }

        private void play(Partners.Change change) {
            Thread before = last;
            last = Thread.ofVirtual().start(() -> {
                try {
                    before.join();
                    java.util.Objects.requireNonNull(partners).play(change);
                } catch (IOException broken) {
                    say("the partners do not take orders: " + broken.getMessage());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }
}
