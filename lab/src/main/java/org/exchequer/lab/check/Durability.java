package org.exchequer.lab.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.history.Operation;
import org.jspecify.annotations.Nullable;

/** Acknowledged ⊆ durable ⊆ attempted: what was answered is in the journal as answered, and nobody else wrote there. */
public final class Durability implements Checker {
    @Override
    public String name() {
        return "durability";
    }

    @Override
    public String invariant() {
        return "What was acknowledged is durable as acknowledged, and what is durable was attempted.";
    }

    @Override
    public Finding check(Evidence evidence) {
        if (evidence.journal().isEmpty()) {
            return Finding.unknown(name(), "requests and entries", "the journal was not read");
        }
        Tally tally = new Tally(name(), "requests and entries");
        Map<String, List<Entry>> byKey = new HashMap<>();
        for (Entry entry : evidence.journal().get()) {
            byKey.computeIfAbsent(entry.key(), any -> new ArrayList<>(1)).add(entry);
        }
        Set<String> attempted = new HashSet<>();
        for (Request request : Request.of(evidence.history())) {
            tally.checked();
            attempted.add(request.key());
            List<Entry> entries = byKey.getOrDefault(request.key(), List.of());
            switch (request.status()) {
                case ACCEPTED -> acknowledged(request, entries, tally);
                case REJECTED -> rejected(request, entries, tally);
                case NEVER -> never(request, entries, tally);
                case OPEN -> {}
            }
        }
        for (Entry entry : evidence.journal().get()) {
            if (Request.WRITES.contains(entry.kind())) {
                tally.checked();
                if (!attempted.contains(entry.key())) {
                    tally.violation(
                            size(entry),
                            "journal " + entry.position() + " holds what nobody asked",
                            List.of(entry.describe(), "no client ever asked under key " + entry.key()));
                }
            }
        }
        return tally.finding();
    }

    private static void acknowledged(Request request, List<Entry> entries, Tally tally) {
        Operation answer = request.accepted().orElseThrow();
        Event completion = answer.completion() == null ? answer.invoke() : answer.completion();
        @Nullable
        Entry entry = entries.stream()
                .filter(each -> each.rejection() == null)
                .findFirst()
                .orElse(null);
        if (entry == null) {
            tally.violation(
                    amount(answer),
                    "key " + request.key() + " was acknowledged and is not in the journal",
                    List.of(
                            answer.invoke().describe(),
                            completion.describe(),
                            entries.isEmpty()
                                    ? "at the end the journal has no entry under key " + request.key()
                                    : "at the end: " + entries.getFirst().describe()));
            return;
        }
        boolean moved = answer.has(Functions.POSITION) && answer.number(Functions.POSITION) != entry.position();
        if (moved || !sameContent(answer, entry)) {
            tally.violation(
                    amount(answer),
                    "key " + request.key() + " was acknowledged as something else than what is in the journal",
                    List.of(answer.invoke().describe(), completion.describe(), "at the end: " + entry.describe()));
        }
    }

    /** A transfer or hold says what it moves; what others move, their answer says. */
    private static boolean sameContent(Operation answer, Entry entry) {
        if (answer.has(Functions.LEGS)) {
            return entry.sameLegs(answer.value(Functions.LEGS));
        }
        if (!answer.has(Functions.DEBIT) || !answer.has(Functions.CREDIT) || !answer.has(Functions.AMOUNT)) {
            return true;
        }
        long amount = answer.number(Functions.AMOUNT);
        List<Leg> legs = answer.function().equals(Functions.HOLD) ? entry.reserved() : entry.legs();
        return legs.size() == 2
                && legs.stream().anyMatch(leg -> is(leg, true, answer.value(Functions.DEBIT), amount))
                && legs.stream().anyMatch(leg -> is(leg, false, answer.value(Functions.CREDIT), amount));
    }

    private static boolean is(Leg leg, boolean debit, String account, long amount) {
        return leg.debit() == debit && leg.account().equals(account) && leg.amount() == amount;
    }

    private static void rejected(Request request, List<Entry> entries, Tally tally) {
        Operation answer = request.rejected().orElseThrow();
        for (Entry entry : entries) {
            if (entry.rejection() == null) {
                tally.violation(
                        size(entry),
                        "key " + request.key() + " was rejected for good and is in the journal as accepted",
                        List.of(answer.describe(), "at the end: " + entry.describe()));
            }
        }
    }

    private static void never(Request request, List<Entry> entries, Tally tally) {
        for (Entry entry : entries) {
            if (entry.rejection() == null && matches(request, entry)) {
                List<String> story = new ArrayList<>();
                request.attempts().forEach(attempt -> story.add(attempt.describe()));
                story.add("at the end: " + entry.describe());
                tally.violation(
                        size(entry),
                        "key " + request.key() + " was refused without a trace and is in the journal",
                        story);
            }
        }
    }

    /** A key that was used for several contents: whether the entry is this one. */
    private static boolean matches(Request request, Entry entry) {
        Event asked = request.first().invoke();
        // Of a post or a reversal only the amount is asked, not what it moves between.
        boolean amount = !asked.has(Functions.AMOUNT)
                || entry.legs().isEmpty()
                || entry.legs().getFirst().amount() == asked.number(Functions.AMOUNT);
        return request.first().function().equals(entry.kind()) && amount && sameContent(request.first(), entry);
    }

    private static long amount(Operation operation) {
        return operation.has(Functions.AMOUNT) ? operation.number(Functions.AMOUNT) : 0;
    }

    private static long size(Entry entry) {
        return entry.legs().isEmpty() ? 0 : entry.legs().getFirst().amount();
    }
}
