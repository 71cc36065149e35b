package org.exchequer.lab.check.shards;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.check.shards.ShardedEvidence.Cut.Pair;

/**
 * Over all shards accounts and accounts in transit add up to zero, whatever is on its way: at every cut what has
 * arrived was sent, and what was sent has arrived or is held where it goes; in the end all of it has arrived, and hubs
 * are empty. So money is neither visible twice nor nowhere.
 *
 * <p>Let K be what one shard has sent to another (the turnover of a side of {@code transit:c.to.p}), D what that has
 * received (of {@code transit:p.from.c}) and H what it holds. Turnovers only grow: D ≤ K where K was read after D, and
 * K ≤ D + H where K was read before.
 */
public final class InTransit implements ShardChecker {
    private static final Pattern TO =
            Pattern.compile("transit:(?<from>[0-9]+)\\.to\\.(?<to>[0-9]+):(?<currency>[A-Z0-9]+)");

    @Override
    public String name() {
        return "in-transit";
    }

    @Override
    public String invariant() {
        return "At every cut what arrived on a shard was sent, and what was sent arrived or is held where it goes; in"
                + " the end nothing is in transit.";
    }

    @Override
    public Finding check(ShardedEvidence evidence) {
        Tally tally = new Tally(name(), "sums at cuts");
        if (!evidence.isRead()) {
            tally.unknown("not every journal was read");
        }
        CutIndex cuts = new CutIndex(evidence.cuts(), evidence.books().size());
        List<Map<String, Turnover>> accounts = new ArrayList<>();
        for (int shard = 0; shard < evidence.books().size(); shard++) {
            accounts.add(turnovers(evidence.journal(shard)));
        }
        for (int shard = 0; shard < accounts.size(); shard++) {
            accounts.get(shard).forEach((account, sent) -> {
                Matcher way = TO.matcher(account);
                if (way.matches()) {
                    check(way, sent, accounts, cuts, tally);
                } else if (account.contains(".hub:") && sent.last().net() != 0) {
                    tally.violation(
                            Math.abs(sent.last().net()),
                            account + ", where a coordinator's legs meet, does not stand at zero in the end",
                            List.of("debits minus credits: " + sent.last().net()));
                }
            });
        }
        if (evidence.cuts().isEmpty()) {
            tally.unknown("no cut was taken");
        }
        return tally.finding();
    }

    private static void check(
            Matcher way, Turnover sent, List<Map<String, Turnover>> accounts, CutIndex cuts, Tally tally) {
        int from = Integer.parseInt(way.group("from"));
        int to = Integer.parseInt(way.group("to"));
        String there = "transit:" + to + ".from." + from + ":" + way.group("currency");
        Turnover received = accounts.get(to).getOrDefault(there, new Turnover());
        for (Pair pair : cuts.pairs(from, to)) {
            tally.checked();
            At earlier = sent.at(pair.earlier());
            At other = received.at(pair.other());
            At later = sent.at(pair.later());
            compare(from, to, earlier, other, later, describe(pair), tally);
        }
        tally.checked();
        At end = sent.last();
        At arrived = received.last();
        compare(from, to, end, arrived, end, "in the end", tally);
        if (end.credits != arrived.debits || end.debits != arrived.credits) {
            tally.violation(
                    Math.abs(end.credits - arrived.debits) + Math.abs(end.debits - arrived.credits),
                    "in the end what shard " + from + " sent to shard " + to + " is not what arrived",
                    story(end, arrived, end, "in the end"));
        }
    }

    private static String describe(Pair pair) {
        return "the one's journal ended at %d, then the other's at %d, then the one's at %d"
                .formatted(pair.earlier(), pair.other(), pair.later());
    }

    private static void compare(int from, int to, At earlier, At other, At later, String where, Tally tally) {
        if (other.debits > later.credits || other.credits > later.debits) {
            tally.violation(
                    Math.max(other.debits - later.credits, other.credits - later.debits),
                    "more has arrived on shard " + to + " than shard " + from + " has sent: it is there twice",
                    story(earlier, other, later, where));
        }
        if (earlier.credits - other.debits > other.pendingDebits
                || earlier.debits - other.credits > other.pendingCredits) {
            tally.violation(
                    Math.max(earlier.credits - other.debits, earlier.debits - other.credits),
                    "what shard " + from + " sent to shard " + to + " has neither arrived nor is it held there",
                    story(earlier, other, later, where));
        }
    }

    private static List<String> story(At earlier, At other, At later, String where) {
        return List.of(
                where,
                "sent, read first: " + earlier.describe(),
                "received: " + other.describe(),
                "sent, read last: " + later.describe());
    }

    /** Totals of an account in transit. */
    private record At(long debits, long credits, long pendingDebits, long pendingCredits) {
        static final At NOTHING = new At(0, 0, 0, 0);

        String describe() {
            return "debits " + debits + ", credits " + credits + ", on hold " + pendingDebits + " of debits and "
                    + pendingCredits + " of credits";
        }

        long net() {
            return debits - credits;
        }

        At plus(Leg leg, boolean reserved) {
            long debit = leg.debit() ? leg.amount() : 0;
            long credit = leg.debit() ? 0 : leg.amount();
            return reserved
                    ? new At(debits, credits, pendingDebits + debit, pendingCredits + credit)
                    : new At(debits + debit, credits + credit, pendingDebits, pendingCredits);
        }
    }

    /** Totals of an account as they were at each position. */
    private static final class Turnover {
        private final TreeMap<Long, At> byPosition = new TreeMap<>();

        At at(long position) {
            Map.Entry<Long, At> floor = byPosition.floorEntry(position);
            return floor == null ? At.NOTHING : floor.getValue();
        }

        At last() {
            return at(Long.MAX_VALUE);
        }

        void add(long position, Leg leg, boolean reserved) {
            byPosition.put(position, last().plus(leg, reserved));
        }
    }

    private static Map<String, Turnover> turnovers(List<Entry> journal) {
        Map<String, Turnover> accounts = new HashMap<>();
        for (Entry entry : journal) {
            add(accounts, entry.position(), entry.legs(), false);
            add(accounts, entry.position(), entry.reserved(), true);
        }
        return accounts;
    }

    private static void add(Map<String, Turnover> accounts, long position, List<Leg> legs, boolean reserved) {
        for (Leg leg : legs) {
            if (Keys.isTransit(leg.account())) {
                accounts.computeIfAbsent(leg.account(), any -> new Turnover()).add(position, leg, reserved);
            }
        }
    }
}
