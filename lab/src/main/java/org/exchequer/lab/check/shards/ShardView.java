package org.exchequer.lab.check.shards;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Request;
import org.exchequer.lab.check.shards.Keys.Part;
import org.exchequer.lab.check.shards.ShardedEvidence.Mark;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.history.History;
import org.exchequer.lab.history.Operation;
import org.jspecify.annotations.Nullable;

/**
 * One shard as a ledger of its own, so that everything that must hold of a ledger can be checked of it: its books, and
 * what of the clients' history happened there. A command on one shard is as it was asked, with positions of its own. Of
 * one over several shards each step that the journal has of it is a command: asked when the client asked, and answered
 * when the client was, if that says that it was done.
 */
final class ShardView {
    private final Views views;
    private final ShardedEvidence evidence;
    private final int shard;
    private final Map<String, Entry> plain = new HashMap<>();
    private final Map<Long, Entry> byPosition = new HashMap<>();
    private final Map<String, List<Entry>> steps = new HashMap<>();
    private final Map<String, List<String>> namesOf = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private final Map<Integer, List<Event>> completions = new HashMap<>();
    private int processes;

    private ShardView(ShardedEvidence evidence, int shard, Views views) {
        this.views = views;
        this.evidence = evidence;
        this.shard = shard;
        for (Entry entry : evidence.journal(shard)) {
            byPosition.put(entry.position(), entry);
            Keys.part(entry.key())
                    .ifPresentOrElse(
                            part -> steps.computeIfAbsent(part.transaction(), any -> new ArrayList<>())
                                    .add(entry),
                            () -> plain.putIfAbsent(entry.key(), entry));
        }
        for (Map.Entry<String, Mark> mark : new TreeMap<>(evidence.marks()).entrySet()) {
            namesOf.computeIfAbsent(mark.getValue().key(), any -> new ArrayList<>())
                    .add(mark.getKey());
        }
    }

    static Evidence of(ShardedEvidence evidence, int shard, Views views) {
        Evidence books = evidence.books().get(shard);
        History history = new ShardView(evidence, shard, views).history();
        return new Evidence(
                history,
                books.opening(),
                books.journal(),
                books.balances(),
                books.limits(),
                books.outbox(),
                books.topic(),
                books.inbox());
    }

    private History history() {
        Map<Integer, Operation> asked = new HashMap<>();
        evidence.history()
                .operations()
                .forEach(operation ->
                        asked.put(Math.toIntExact(operation.invoke().index()), operation));
        for (Event event : evidence.history().events()) {
            Operation operation = asked.get(Math.toIntExact(event.index()));
            if (operation != null) {
                invoke(operation);
            } else {
                completions
                        .getOrDefault(Math.toIntExact(event.index()), List.of())
                        .forEach(this::append);
            }
        }
        return History.of(events);
    }

    private void invoke(Operation operation) {
        if (operation.function().equals(Functions.READ)) {
            if (operation.is(Event.Type.OK) && isHere(operation)) {
                as(operation, operation.function(), operation.invoke().values(), local(operation), Event.Type.OK);
            }
            return;
        }
        if (!Request.WRITES.contains(operation.function())) {
            return;
        }
        String key = operation.invoke().value(Functions.KEY);
        plain(operation, key);
        String reason = operation.find(Functions.REASON);
        if (!"IDEMPOTENCY_KEY_REUSED".equals(reason)) {
            for (String name : names(operation, key)) {
                steps.getOrDefault(name, List.of()).forEach(entry -> step(operation, entry));
            }
        }
    }

    private boolean isHere(Operation operation) {
        return operation.has(Functions.POSITION) && Evidence.shard(operation.number(Functions.POSITION)) == shard;
    }

    /** A command that is here as it was asked. */
    private void plain(Operation operation, String key) {
        boolean answered = isHere(operation);
        Entry there = answered ? byPosition.get(Evidence.position(operation.number(Functions.POSITION))) : null;
        boolean isStep = there != null && Keys.part(there.key()).isPresent();
        boolean elsewhere = operation.has(Functions.POSITION) && !answered;
        if (!isStep && !elsewhere && (answered || plain.containsKey(key))) {
            Map<String, String> values = operation.completion() == null ? Map.of() : local(operation);
            as(operation, operation.function(), operation.invoke().values(), values, operation.outcome());
        }
    }

    /** The completion's values, with the position that the shard itself has for it. */
    private static Map<String, String> local(Operation operation) {
        Map<String, String> values = new HashMap<>(
                operation.completion() == null
                        ? Map.of()
                        : operation.completion().values());
        values.computeIfPresent(Functions.POSITION, (name, id) -> Long.toString(Evidence.position(Long.parseLong(id))));
        return values;
    }

    private List<String> names(Operation operation, String key) {
        List<String> names = new ArrayList<>(namesOf.getOrDefault(key, List.of()));
        // One with a mark belongs to whom that names.
        views.names(operation).stream()
                .filter(name -> !evidence.marks().containsKey(name))
                .forEach(names::add);
        return names;
    }

    private void step(Operation operation, Entry entry) {
        Part part = Keys.part(entry.key()).orElseThrow();
        Map<String, String> asked = new HashMap<>(Map.of(Functions.KEY, entry.key()));
        if (entry.rejection() != null) {
            rejected(operation, entry, asked);
            return;
        }
        boolean done = operation.is(Event.Type.OK);
        // Who is told that it was rejected is told so after everything was given back.
        boolean over = done || (operation.is(Event.Type.FAIL) && operation.has(Functions.POSITION));
        Map<String, String> answer = new HashMap<>();
        switch (part.step()) {
            case 'h' -> {
                asked.putAll(sides(entry.reserved()));
                answer.put(Functions.HOLD_ID, Long.toString(entry.position()));
                answer.put(Functions.POSITION, Long.toString(entry.position()));
                as(operation, Functions.HOLD, asked, answer, over ? Event.Type.OK : Event.Type.INFO);
            }
            case 'p' -> {
                answer.putAll(sides(entry.legs()));
                answer.put(Functions.RELEASED, answer.getOrDefault(Functions.AMOUNT, "0"));
                answer.put(Functions.POSITION, Long.toString(entry.position()));
                balances(operation, answer);
                as(operation, Functions.POST, asked, answer, done ? Event.Type.OK : Event.Type.INFO);
            }
            default -> {
                answer.putAll(sides(entry.reserved()));
                long released = -Long.parseLong(answer.getOrDefault(Functions.AMOUNT, "0"));
                answer.remove(Functions.AMOUNT);
                answer.put(Functions.RELEASED, Long.toString(released));
                answer.put(Functions.POSITION, Long.toString(entry.position()));
                as(operation, Functions.VOID, asked, answer, over ? Event.Type.OK : Event.Type.INFO);
            }
        }
    }

    /** What was refused for want of funds says so of the account; any other refusal says nothing of amounts. */
    private void rejected(Operation operation, Entry entry, Map<String, String> asked) {
        boolean told = operation.is(Event.Type.FAIL)
                && isHere(operation)
                && Evidence.position(operation.number(Functions.POSITION)) == entry.position();
        if (told
                && operation.function().equals(Functions.TRANSFER)
                && entry.kind().equals(Functions.HOLD)) {
            Map<String, String> values = new HashMap<>(operation.invoke().values());
            values.putAll(asked);
            as(operation, Functions.HOLD, values, local(operation), Event.Type.FAIL);
        } else {
            as(operation, entry.kind(), asked, Map.of(), Event.Type.INFO);
        }
    }

    private static Map<String, String> sides(List<Leg> legs) {
        Map<String, String> values = new HashMap<>();
        for (Leg leg : legs) {
            values.put(leg.debit() ? Functions.DEBIT : Functions.CREDIT, leg.account());
            values.put(Functions.AMOUNT, Long.toString(leg.amount()));
            values.put(Functions.CURRENCY, leg.currency());
        }
        return values;
    }

    /** What the client was told of an account's balance, on whichever side of the answer. */
    private static void balances(Operation operation, Map<String, String> answer) {
        for (boolean debit : new boolean[] {true, false}) {
            String account = operation.find(debit ? Functions.DEBIT : Functions.CREDIT);
            @Nullable String balance = operation.find(debit ? Functions.DEBIT_BALANCE : Functions.CREDIT_BALANCE);
            if (account == null || balance == null) {
                continue;
            }
            if (account.equals(answer.get(Functions.DEBIT))) {
                answer.put(Functions.DEBIT_BALANCE, balance);
            }
            if (account.equals(answer.get(Functions.CREDIT))) {
                answer.put(Functions.CREDIT_BALANCE, balance);
            }
        }
    }

    private void as(
            Operation operation,
            String function,
            Map<String, String> asked,
            Map<String, String> answer,
            Event.Type type) {
        Event from = operation.invoke();
        int process = processes++;
        append(new Event(0, from.timeNanos(), process, Event.Type.INVOKE, function, asked));
        Event completion = operation.completion();
        if (completion != null) {
            Map<String, String> values = type == Event.Type.INFO ? Map.of() : answer;
            completions
                    .computeIfAbsent(Math.toIntExact(completion.index()), any -> new ArrayList<>())
                    .add(new Event(0, completion.timeNanos(), process, type, function, values));
        }
    }

    private void append(Event event) {
        events.add(new Event(
                events.size(), event.timeNanos(), event.process(), event.type(), event.function(), event.values()));
    }
}
