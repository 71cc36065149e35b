package org.exchequer.lab.check.inward;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.check.inward.InwardEvidence.Attempt;
import org.exchequer.lab.check.inward.InwardEvidence.Message;
import org.exchequer.lab.check.inward.InwardEvidence.Row;

/**
 * The ledger says what the answers say: a payment stands in the journal, with its amount, on the accounts that it is
 * about, if and only if its answer is that it was accepted; and nothing else does.
 */
final class MoneyAsAnswered implements InwardChecker {
    /** What the lab itself does to the ledger has keys that begin like this. */
    static final String LAB = "lab-";

    @Override
    public String name() {
        return "money-as-answered";
    }

    @Override
    public String invariant() {
        return "A payment is in the ledger, once and with its amount, if and only if its answer says that it was"
                + " accepted.";
    }

    @Override
    public Finding check(InwardEvidence evidence) {
        Tally tally = new Tally(name(), "messages and entries");
        if (evidence.journal().isEmpty() || evidence.rows().isEmpty()) {
            return Finding.unknown(name(), "messages and entries", "journal or payments were not read");
        }
        Map<String, List<Entry>> posted = evidence.posted();
        Map<String, List<Row>> rows = evidence.rowsByDigest();
        Map<String, Attempt> outcomes = evidence.outcomes();
        Set<String> known = new HashSet<>();
        outcomes.forEach((key, attempt) -> {
            tally.checked();
            List<Entry> entries = new ArrayList<>();
            for (Row row : rows.getOrDefault(attempt.message().digest(), List.of())) {
                known.add(row.id());
                entries.addAll(posted.getOrDefault(row.id(), List.of()));
            }
            judge(attempt, entries, outcomes, tally);
        });
        for (Entry entry : evidence.journal().get()) {
            if (entry.rejection() == null
                    && !entry.legs().isEmpty()
                    && !entry.key().startsWith(LAB)) {
                tally.checked();
                if (!known.contains(entry.key())) {
                    tally.violation(
                            amount(entry), "money was moved that no message asked for", List.of(entry.describe()));
                }
            }
        }
        return tally.finding();
    }

    private static void judge(Attempt attempt, List<Entry> entries, Map<String, Attempt> outcomes, Tally tally) {
        Message message = attempt.message();
        List<String> story = new ArrayList<>(List.of(attempt.describe()));
        entries.forEach(entry -> story.add(entry.describe()));
        long amount = message.amount() == null ? 0 : message.amount();
        boolean moves = !message.kind().equals("camt.056");
        if (entries.size() > (moves ? 1 : 0)) {
            tally.violation(amount, message + " is in the ledger " + entries.size() + " times", story);
        } else if (attempt.isFinal() && !attempt.accepted() && !entries.isEmpty()) {
            tally.violation(amount, message + " was rejected and is in the ledger", story);
        } else if (attempt.accepted() && moves && entries.isEmpty()) {
            tally.violation(amount, message + " was accepted and is not in the ledger", story);
        } else if (attempt.accepted() && message.damaged() != null) {
            tally.violation(amount, message + " was accepted, though " + message.damaged(), story);
        } else if (moves && !entries.isEmpty() && !isAsAsked(message, entries.getFirst(), outcomes)) {
            tally.violation(amount, message + " is in the ledger as something else", story);
        }
    }

    private static boolean isAsAsked(Message message, Entry entry, Map<String, Attempt> outcomes) {
        Message about = message;
        boolean back = message.kind().equals("pacs.007");
        if (back) {
            Attempt original = outcomes.get(String.valueOf(message.of()));
            if (original == null) {
                return false;
            }
            about = original.message();
        }
        boolean credits = about.kind().equals("pacs.008") != back;
        String settlement = "1000.settlement." + about.currency().toLowerCase(Locale.ROOT);
        long amount = Objects.requireNonNullElse(message.amount(), -1L);
        return entry.legs().size() == 2
                && has(entry, about.account(), !credits, amount, about.currency())
                && has(entry, settlement, credits, amount, about.currency());
    }

    private static boolean has(Entry entry, String account, boolean debit, long amount, String currency) {
        return entry.legs().stream()
                .anyMatch(leg -> leg.account().equals(account)
                        && leg.debit() == debit
                        && leg.amount() == amount
                        && leg.currency().equals(currency));
    }

    private static long amount(Entry entry) {
        return entry.legs().stream().mapToLong(Leg::amount).max().orElse(0);
    }
}
