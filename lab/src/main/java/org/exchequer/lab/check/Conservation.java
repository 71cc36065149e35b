package org.exchequer.lab.check;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;

/** Money is neither made nor lost: debits equal credits in each currency, in every entry, so at every position. */
public final class Conservation implements Checker {
    @Override
    public String name() {
        return "conservation";
    }

    @Override
    public String invariant() {
        return "Debits equal credits in each currency at every position of the journal.";
    }

    @Override
    public Finding check(Evidence evidence) {
        if (evidence.journal().isEmpty()) {
            return Finding.unknown(name(), "journal entries", "the journal was not read");
        }
        Tally tally = new Tally(name(), "journal entries");
        Map<String, BigInteger> total = new TreeMap<>();
        long expected = -1;
        for (Entry entry : evidence.journal().get()) {
            tally.checked();
            if (expected >= 0 && entry.position() != expected) {
                tally.violation(
                        1,
                        "position " + expected + " of the journal is missing or out of order",
                        List.of("after journal " + (expected - 1) + " comes:", entry.describe()));
            }
            expected = entry.position() + 1;
            check(entry, total, tally);
        }
        total.values().removeIf(sum -> sum.signum() == 0);
        tally.note(
                total.isEmpty()
                        ? "every currency sums to zero at the end"
                        : "debits minus credits at the end: " + total);
        return tally.finding();
    }

    private static void check(Entry entry, Map<String, BigInteger> total, Tally tally) {
        Map<String, BigInteger> sums = new TreeMap<>();
        for (Leg leg : entry.legs()) {
            BigInteger amount = BigInteger.valueOf(leg.debit() ? leg.amount() : -leg.amount());
            sums.merge(leg.currency(), amount, BigInteger::add);
            total.merge(leg.currency(), amount, BigInteger::add);
            if (leg.amount() <= 0) {
                tally.violation(0, "an amount is not positive at journal " + entry.position(), story(entry));
            }
        }
        sums.forEach((currency, sum) -> {
            if (sum.signum() != 0) {
                tally.violation(
                        sum.abs().min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact(),
                        "journal " + entry.position() + " " + (sum.signum() > 0 ? "debits" : "credits") + " "
                                + sum.abs() + " " + currency + " (minor units) more than it "
                                + (sum.signum() > 0 ? "credits" : "debits"),
                        story(entry));
            }
        });
    }

    private static List<String> story(Entry entry) {
        return List.of(entry.describe());
    }
}
