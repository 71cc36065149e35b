package org.exchequer.lab.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.lab.check.Evidence.Balance;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Evidence.Limit;

/** No account goes further than its limits allow, at any position of the journal; what is on hold counts. */
public final class NoOverdraft implements Checker {
    private static final int STORY = 4;

    @Override
    public String name() {
        return "no-overdraft";
    }

    @Override
    public String invariant() {
        return "No entry moves an account beyond its limit, open holds counted.";
    }

    @Override
    public Finding check(Evidence evidence) {
        if (evidence.journal().isEmpty() || evidence.limits().isEmpty()) {
            return Finding.unknown(name(), "movements of limited accounts", "journal or limits were not read");
        }
        Tally tally = new Tally(name(), "movements of limited accounts");
        Map<String, Limit> limits = evidence.limits().get();
        Totals totals = new Totals(evidence.opening());
        Map<String, ArrayDeque<String>> lately = new HashMap<>();
        for (Entry entry : evidence.journal().get()) {
            Map<String, Balance> before = new LinkedHashMap<>();
            for (List<Leg> legs : List.of(entry.legs(), entry.reserved())) {
                legs.forEach(leg -> before.putIfAbsent(leg.account(), totals.of(leg.account())));
            }
            totals.apply(entry);
            before.forEach((account, was) -> {
                Limit limit = limits.get(account);
                if (limit != null) {
                    tally.checked();
                    Balance is = totals.of(account);
                    ArrayDeque<String> story = lately.computeIfAbsent(account, any -> new ArrayDeque<>());
                    story.add(entry.describe() + " → " + Totals.describe(is));
                    if (story.size() > STORY) {
                        story.remove();
                    }
                    check(entry, account, limit, was, is, story, tally);
                }
            });
        }
        return tally.finding();
    }

    private static void check(
            Entry entry, String account, Limit limit, Balance was, Balance is, ArrayDeque<String> lately, Tally tally) {
        long debitBefore = was.debits() + was.pendingDebits() - was.credits();
        long debitAfter = is.debits() + is.pendingDebits() - is.credits();
        long creditBefore = was.credits() + was.pendingCredits() - was.debits();
        long creditAfter = is.credits() + is.pendingCredits() - is.debits();
        Long mostDebit = limit.mostDebit();
        Long mostCredit = limit.mostCredit();
        if (mostDebit != null && debitAfter > debitBefore && debitAfter > mostDebit) {
            tell(entry, account, "debits over credits", debitAfter, mostDebit, lately, tally);
        }
        if (mostCredit != null && creditAfter > creditBefore && creditAfter > mostCredit) {
            tell(entry, account, "credits over debits", creditAfter, mostCredit, lately, tally);
        }
    }

    private static void tell(
            Entry entry, String account, String what, long is, long most, ArrayDeque<String> lately, Tally tally) {
        List<String> story = new ArrayList<>();
        story.add(account + ": " + what + " may be " + most + " at most, holds counted; its last entries:");
        story.addAll(lately);
        tally.violation(
                is - most,
                "journal " + entry.position() + " takes " + account + " " + (is - most) + " beyond its limit",
                story);
    }
}
