package org.exchequer.reconciliation.core;

import java.time.temporal.ChronoUnit;
import org.exchequer.reconciliation.api.Line;

/**
 * Finds, among the open lines of a stretch that is sorted by amount and then in order, the one that is nearest to a
 * wanted line: by amount, then by date, then in order. Lines that were taken are skipped in nearly constant time, by
 * links
 * that shorten as they are followed.
 */
final class Nearest {
    private static final int NONE = -1;

    private final Side side;
    private final int[] order;
    private final int from;
    private final int to;
    /** The next open place at or after a place, and the last open one before it, as far as known. */
    private final int[] after;

    private final int[] before;

    /** @param order indices of lines; its places {@code from} to {@code to} are sorted by amount, then in order */
    Nearest(Side side, int[] order, int from, int to) {
        this.side = side;
        this.order = order;
        this.from = from;
        this.to = to;
        this.after = new int[to - from + 1];
        this.before = new int[to - from + 1];
        for (int i = 0; i <= to - from; i++) {
            after[i] = i;
            before[i] = i;
        }
    }

    /** The index of the nearest open line within tolerance and window, or -1. */
    int find(Line wanted, long tolerance, int windowDays) {
        int best = NONE;
        long bestAmount = Long.MAX_VALUE;
        // Amounts upwards from the wanted one, then downwards; each distinct amount once.
        for (int place = next(firstOf(wanted.amount())); place < to; ) {
            long amount = amountAt(place);
            long distance = amount - wanted.amount();
            if (distance < 0 || distance > tolerance) {
                break; // a distance below zero has overflowed
            }
            int candidate = nearestDate(amount, wanted, windowDays);
            if (candidate != NONE) {
                best = candidate;
                bestAmount = distance;
                break;
            }
            place = amount == Long.MAX_VALUE ? to : next(firstOf(amount + 1));
        }
        for (int place = previous(firstOf(wanted.amount()) - 1); place >= from; ) {
            long amount = amountAt(place);
            long distance = wanted.amount() - amount;
            if (distance < 0 || distance > tolerance || distance > bestAmount) {
                break;
            }
            int candidate = nearestDate(amount, wanted, windowDays);
            if (candidate != NONE) {
                return best == NONE || distance < bestAmount || isNearer(candidate, best, wanted) ? candidate : best;
            }
            place = previous(firstOf(amount) - 1);
        }
        return best;
    }

    /** At the same distance in amount: by date, then in order. */
    private boolean isNearer(int candidate, int best, Line wanted) {
        long a = days(candidate, wanted);
        long b = days(best, wanted);
        return a != b ? a < b : candidate < best;
    }

    /** The open line of exactly this amount whose date is nearest, the earlier of two. */
    private int nearestDate(long amount, Line wanted, int windowDays) {
        int at = firstOf(amount, wanted);
        int later = next(at);
        int earlier = previous(at - 1);
        int best = NONE;
        if (later < to && amountAt(later) == amount && days(order[later], wanted) <= windowDays) {
            best = order[later];
        }
        if (earlier >= from && amountAt(earlier) == amount && days(order[earlier], wanted) <= windowDays) {
            // Of several open lines of that date, the first.
            int first = order[next(firstOf(amount, side.lines[order[earlier]]))];
            if (best == NONE || days(first, wanted) <= days(best, wanted)) {
                best = first;
            }
        }
        return best;
    }

    private long days(int line, Line wanted) {
        return Math.abs(ChronoUnit.DAYS.between(side.lines[line].date(), wanted.date()));
    }

    private long amountAt(int place) {
        return side.lines[order[place]].amount();
    }

    /** The first place whose amount is not below this. */
    private int firstOf(long amount) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (amountAt(middle) < amount) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The first place of this amount, or above, whose date is not before the line's. */
    private int firstOf(long amount, Line line) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            Line there = side.lines[order[middle]];
            if (there.amount() < amount
                    || there.amount() == amount && there.date().isBefore(line.date())) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The first open place at or after this one, or the end. */
    private int next(int place) {
        int at = place - from;
        while (at < after.length - 1 && !side.isOpen(order[from + at])) {
            int further = after[at] == at ? at + 1 : after[at];
            after[at] = further < after.length - 1 && !side.isOpen(order[from + further]) ? skip(further) : further;
            at = after[at];
        }
        return from + at;
    }

    private int skip(int at) {
        return after[at] == at ? at + 1 : after[at];
    }

    /** The last open place at or before this one, or the one before the beginning. */
    private int previous(int place) {
        int at = place - from;
        while (at >= 0 && !side.isOpen(order[from + at])) {
            int further = before[at] == at ? at - 1 : before[at];
            before[at] = further >= 0 && !side.isOpen(order[from + further])
                    ? (before[further] == further ? further - 1 : before[further])
                    : further;
            at = before[at];
        }
        return from + at;
    }
}
