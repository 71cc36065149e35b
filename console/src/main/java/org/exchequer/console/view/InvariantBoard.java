package org.exchequer.console.view;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.SystemModule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last result of every system's invariants. A check may take seconds, so it runs when asked for, one at a time;
 * whoever asks while one runs gets the next one's answer together with all others who wait.
 */
public final class InvariantBoard {
    private static final Duration STALE = Duration.ofMinutes(5);
    private static final Logger LOG = LoggerFactory.getLogger(InvariantBoard.class);

    private final List<SystemModule> systems;
    private final Clock clock;
    private final Ticker ticker;
    private final ReentrantLock running = new ReentrantLock();
    private volatile Checked last = new Checked(0, 0, List.of());

    private record Checked(long run, long nanos, List<Line> lines) {}

    /**
     * One invariant of one system.
     *
     * @param system its name
     * @param statement what must hold
     * @param verdict {@code yes}, {@code no}, or {@code unknown} when it could not be checked
     * @param checked how many things were looked at, e.g. {@code 49,102 entries}
     * @param at when
     * @param detail the first violation, or how the check was made
     */
    public record Line(String system, String statement, String verdict, String checked, Moment at, String detail) {}

    public InvariantBoard(List<SystemModule> systems, Clock clock, Ticker ticker) {
        this.systems = List.copyOf(systems);
        this.clock = clock;
        this.ticker = ticker;
    }

    /** The results of the last check, empty before the first. */
    public List<Line> last() {
        return last.lines();
    }

    /** Whether a check was ever made. */
    public boolean checked() {
        return last.run() > 0;
    }

    /** Whether the last results say little about now: there are none, or they are older than five minutes. */
    public boolean stale() {
        return !checked() || ticker.nanos() - last.nanos() > STALE.toNanos();
    }

    /** Checks every system now. */
    public List<Line> check() {
        long seen = last.run();
        running.lock();
        try {
            // One that both began and ended while we waited for the lock is as fresh as our own would be.
            if (last.run() < seen + 2) {
                List<Line> lines = new ArrayList<>();
                for (SystemModule system : systems) {
                    lines.addAll(check(system));
                }
                last = new Checked(last.run() + 1, ticker.nanos(), List.copyOf(lines));
            }
            return last.lines();
        } finally {
            running.unlock();
        }
    }

    /** One system that cannot be checked does not hide the others; that it could not is itself the answer. */
    private List<Line> check(SystemModule system) {
        try {
            return system.checkInvariants().stream()
                    .map(result -> line(system.name(), result))
                    .toList();
        } catch (RuntimeException broken) {
            LOG.warn("invariants of {} could not be checked", system.name(), broken);
            return List.of(new Line(
                    system.name(),
                    "invariants of " + system.name(),
                    "unknown",
                    "nothing",
                    Moment.of(clock.instant()),
                    "The check could not run; the system's log says why. Check again when it is ready."));
        }
    }

    /** E.g. {@code entry} of {@code entries}. */
    private static String one(String unit) {
        return unit.replaceFirst("ies$", "y").replaceFirst("s$", "");
    }

    private static Line line(String system, InvariantResult result) {
        return new Line(
                system,
                result.statement(),
                result.holds() ? "yes" : "no",
                Amounts.count(result.checked()) + " " + (result.checked() == 1 ? one(result.unit()) : result.unit()),
                Moment.of(result.checkedAt()),
                result.detail());
    }
}
