package org.exchequer.lab.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.exchequer.lab.check.Evidence.Balance;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.jspecify.annotations.Nullable;

/** Balances are what the journal adds up to: those that entries record, and those read at the end. */
public final class Balances implements Checker {
    /** How many of an account's last entries a story tells. */
    private static final int STORY = 4;

    @Override
    public String name() {
        return "balances";
    }

    @Override
    public String invariant() {
        return "Every balance that an entry records, and every balance read at the end, is the sum of the entries.";
    }

    @Override
    public Finding check(Evidence evidence) {
        if (evidence.journal().isEmpty()) {
            return Finding.unknown(name(), "balances", "the journal was not read");
        }
        Tally tally = new Tally(name(), "balances");
        Totals totals = new Totals(evidence.opening());
        Map<String, ArrayDeque<Entry>> lately = new HashMap<>();
        for (Entry entry : evidence.journal().get()) {
            totals.apply(entry);
            for (Leg leg : entry.legs()) {
                remember(lately, leg.account(), entry);
                Long recorded = leg.balanceAfter();
                if (recorded != null) {
                    tally.checked();
                    long net = totals.net(leg.account());
                    if (recorded != net) {
                        tally.violation(
                                Math.abs(recorded - net),
                                "journal " + entry.position() + " records " + recorded + " for " + leg.account()
                                        + " (debits minus credits), the entries add up to " + net,
                                story(lately.get(leg.account())));
                    }
                }
            }
            entry.reserved().forEach(leg -> remember(lately, leg.account(), entry));
        }
        if (evidence.balances().isEmpty()) {
            tally.unknown("balances were not read at the end");
            return tally.finding();
        }
        Map<String, Balance> read = evidence.balances().get();
        TreeSet<String> accounts = new TreeSet<>(read.keySet());
        accounts.addAll(totals.all().keySet());
        for (String account : accounts) {
            tally.checked();
            Balance added = totals.of(account);
            Balance seen = read.getOrDefault(account, Balance.ZERO);
            if (!added.equals(seen)) {
                List<String> story = new ArrayList<>(story(lately.get(account)));
                story.add("the journal adds up to " + Totals.describe(added));
                story.add("read at the end: " + Totals.describe(seen));
                tally.violation(
                        Math.abs((added.debits() - added.credits()) - (seen.debits() - seen.credits())),
                        account + " does not stand where its entries add up to",
                        story);
            }
        }
        return tally.finding();
    }

    private static void remember(Map<String, ArrayDeque<Entry>> lately, String account, Entry entry) {
        ArrayDeque<Entry> last = lately.computeIfAbsent(account, any -> new ArrayDeque<>());
        last.add(entry);
        if (last.size() > STORY) {
            last.remove();
        }
    }

    private static List<String> story(@Nullable ArrayDeque<Entry> lately) {
        return lately == null
                ? List.of("no entry of the journal touches it")
                : Stream.concat(Stream.of("its last entries:"), lately.stream().map(Entry::describe))
                        .toList();
    }
}
