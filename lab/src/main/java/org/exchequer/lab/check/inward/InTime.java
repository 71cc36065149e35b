package org.exchequer.lab.check.inward;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.check.inward.InwardEvidence.Attempt;
import org.exchequer.lab.check.inward.InwardEvidence.Words;
import org.exchequer.lab.history.Event;

/**
 * Every message that was taken is answered within 4.5 s of its receipt. That is measured where the sender stands, from
 * when the message was to be sent: with the way to the door and back, for which {@link #WAY} is allowed. "Pending" is
 * an answer.
 *
 * <p>No breach, and counted apart: what was asked of a node that was killed or stopped, or whose wire to its clients
 * was touched, at any time between sending and answer; what was not taken and said so (it is sent again elsewhere);
 * and what was late in a time in which the lab itself stood still. A machine on which the lab stands still for more
 * than {@value #MOST_STALLED_PERCENT} % of the time cannot tell who was late at all.
 */
public final class InTime implements InwardChecker {
    /** From receipt to answer. */
    public static final Duration LIMIT = Duration.ofMillis(4_500);
    /** Both ways through a proxy, and until the lab's own thread runs. */
    public static final Duration WAY = Duration.ofMillis(250);

    private static final long MOST = LIMIT.plus(WAY).toNanos();
    private static final int MOST_STALLED_PERCENT = 2;

    @Override
    public String name() {
        return "in-time";
    }

    @Override
    public String invariant() {
        return "Every message that a node could take is answered within 4.5 s of its receipt.";
    }

    @Override
    public Finding check(InwardEvidence evidence) {
        List<Attempt> load = load(evidence);
        Tally tally = new Tally(name(), "attempts");
        boolean busy = isBusy(evidence);
        long excused = 0;
        long refused = 0;
        long stalled = 0;
        long longest = 0;
        for (Attempt attempt : load) {
            if (attempt.type() == Event.Type.FAIL) {
                refused++;
            } else if (isAbsent(evidence, attempt)) {
                excused++;
            } else if (isLate(attempt.due(), attempt.ended()) && (busy || hasStalled(evidence, attempt))) {
                stalled++;
            } else {
                tally.checked();
                if (attempt.type() == Event.Type.OK) {
                    longest = Math.max(longest, attempt.ended() - attempt.due());
                }
                judge(attempt, tally);
            }
        }
        tally.note(("the longest took %,d ms; besides: %,d not taken, %,d of nodes that were away, %,d late while the"
                        + " lab stood still")
                .formatted(TimeUnit.NANOSECONDS.toMillis(longest), refused, excused, stalled));
        if (busy && stalled > 0) {
            tally.unknown("the machine was so busy that it cannot be told who was late");
        } else if (tally.finding().checked() == 0) {
            tally.unknown("nothing could be judged");
        }
        return tally.finding();
    }

    private static List<Attempt> load(InwardEvidence evidence) {
        return evidence.attempts().stream()
                .filter(attempt -> attempt.phase().equals("load"))
                .toList();
    }

    /** Whether the lab stood still so much that it cannot be told who was late. */
    public static boolean isBusy(InwardEvidence evidence) {
        List<Attempt> load = load(evidence);
        if (load.isEmpty()) {
            return false;
        }
        long from = load.getFirst().due();
        long until = load.stream()
                .mapToLong(Attempt::ended)
                .filter(ended -> ended < Long.MAX_VALUE)
                .max()
                .orElse(from);
        long stood = evidence.stalls().stream()
                .mapToLong(stall -> Math.min(stall.until(), until) - Math.max(stall.from(), from))
                .filter(each -> each > 0)
                .sum();
        return stood * 100 > MOST_STALLED_PERCENT * (until - from);
    }

    private static void judge(Attempt attempt, Tally tally) {
        if (attempt.type() == Event.Type.INFO) {
            tally.violation(
                    Long.MAX_VALUE,
                    attempt.message() + " was not answered at all, by a node that was there",
                    List.of(attempt.describe()));
        } else if (isLate(attempt.due(), attempt.ended())) {
            long ms = TimeUnit.NANOSECONDS.toMillis(attempt.ended() - attempt.due());
            tally.violation(
                    ms,
                    "%s was answered after %,d ms".formatted(attempt.message(), ms),
                    List.of(
                            attempt.describe(),
                            "sent %s us after it was due"
                                    .formatted(attempt.operation().invoke().value(Words.LATE))));
        }
    }

    /** Whether an answer at this time is too late; nanoseconds of one clock. */
    public static boolean isLate(long due, long ended) {
        return ended - due > MOST;
    }

    private static boolean isAbsent(InwardEvidence evidence, Attempt attempt) {
        return evidence.absences().stream()
                .anyMatch(away -> away.node().equals(attempt.node())
                        && away.from() < attempt.ended()
                        && away.until() > attempt.due());
    }

    private static boolean hasStalled(InwardEvidence evidence, Attempt attempt) {
        return evidence.stalls().stream()
                .anyMatch(stall -> stall.from() < attempt.ended() && stall.until() > attempt.due());
    }
}
