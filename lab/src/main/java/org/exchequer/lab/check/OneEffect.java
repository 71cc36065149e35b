package org.exchequer.lab.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.history.Operation;

/** One effect per idempotency key, and the same answer however often it is asked. */
public final class OneEffect implements Checker {
    @Override
    public String name() {
        return "one-effect";
    }

    @Override
    public String invariant() {
        return "An idempotency key has one entry in the journal and one answer, however often it is asked.";
    }

    @Override
    public Finding check(Evidence evidence) {
        Tally tally = new Tally(name(), "keys");
        Map<String, List<Operation>> answers = new HashMap<>();
        List<Request> requests = Request.of(evidence.history());
        for (Request request : requests) {
            for (Operation attempt : request.attempts()) {
                if (attempt.is(Event.Type.OK) || Request.recordedRejection(attempt)) {
                    answers.computeIfAbsent(request.key(), any -> new ArrayList<>(2))
                            .add(attempt);
                }
            }
        }
        requests.stream().map(Request::key).distinct().forEach(key -> {
            tally.checked();
            sameAnswer(key, answers.getOrDefault(key, List.of()), tally);
        });
        if (evidence.journal().isEmpty()) {
            tally.unknown("the journal was not read; answers alone were compared");
        } else {
            oneEntry(evidence.journal().get(), tally);
        }
        return tally.finding();
    }

    private static void sameAnswer(String key, List<Operation> answers, Tally tally) {
        for (int i = 1; i < answers.size(); i++) {
            Operation first = answers.getFirst();
            Operation other = answers.get(i);
            if (!content(first).equals(content(other))) {
                tally.violation(
                        first.has(Functions.AMOUNT) ? first.number(Functions.AMOUNT) : 0,
                        "key " + key + " was answered in two ways",
                        List.of(first.describe(), other.describe()));
                return;
            }
        }
    }

    /** An answer without what says that it was given before. */
    private static Map<String, String> content(Operation answer) {
        Event completion = Objects.requireNonNull(answer.completion());
        Map<String, String> content = new TreeMap<>(completion.values());
        content.remove("replayed");
        content.put("", answer.function() + " " + completion.type());
        return content;
    }

    private static void oneEntry(List<Entry> journal, Tally tally) {
        Map<String, Entry> byKey = new HashMap<>();
        for (Entry entry : journal) {
            Entry before = byKey.putIfAbsent(entry.key(), entry);
            if (before != null) {
                tally.violation(
                        entry.legs().isEmpty() ? 0 : entry.legs().getFirst().amount(),
                        "key " + entry.key() + " stands in the journal more than once",
                        List.of(before.describe(), entry.describe()));
            }
        }
    }
}
