package org.exchequer.lab.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.exchequer.lab.check.Evidence.Balance;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Evidence.Limit;
import org.exchequer.lab.check.Evidence.Message;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.history.History;
import org.jspecify.annotations.Nullable;

/**
 * A small ledger whose bugs can be switched on, with clients that ask at the same time, lose answers and ask again. It
 * knows for itself whether a bug had an effect that its clients could have suffered from.
 */
final class BuggyLedger {
    /** What may be wrong with it. */
    enum Bug {
        NONE,
        SKIP_DEDUPE,
        DOUBLE_APPLY,
        ACK_THEN_LOSE,
        LOST_HALF_LEG,
        STALE_READ,
        REORDERED_TOPIC,
        DROPPED_OUTBOX_ROW,
        OVERDRAFT_RACE
    }

    private static final int PROCESSES = 5;
    private static final List<String> ACCOUNTS = List.of("cash", "a", "b");

    /** An operation on its way. */
    private static final class Running {
        final int process;
        final String function;
        final Map<String, String> asked;
        /** By account: the last position that was answered before this was asked. */
        final Map<String, Long> answeredBefore;
        /** By account: its totals when this was asked. */
        final Map<String, Balance> seen;

        Event.@Nullable Type outcome;

        Map<String, String> answer = Map.of();
        boolean lost;

        Running(
                int process,
                String function,
                Map<String, String> asked,
                Map<String, Long> answeredBefore,
                Map<String, Balance> seen) {
            this.process = process;
            this.function = function;
            this.asked = asked;
            this.answeredBefore = Map.copyOf(answeredBefore);
            this.seen = Map.copyOf(seen);
        }

        String value(String name) {
            return asked.getOrDefault(name, "");
        }
    }

    private final SplittableRandom random;
    private final Bug bug;
    private final List<Event> events = new ArrayList<>();
    private final List<Entry> journal = new ArrayList<>();
    private final Totals totals = new Totals(Map.of());
    private final Map<String, Running> byKey = new HashMap<>();
    private final Map<String, Long> answered = new HashMap<>();
    private final List<Map<String, Balance>> past = new ArrayList<>();
    private final List<Map<String, String>> again = new ArrayList<>();
    private boolean affected;

    BuggyLedger(long seed, Bug bug) {
        this.random = new SplittableRandom(seed);
        this.bug = bug;
    }

    /** Whether the bug had an effect. */
    boolean affected() {
        return affected;
    }

    Evidence run(int operations) {
        past.add(Map.of());
        List<Running> running = new ArrayList<>();
        List<Running> late = new ArrayList<>();
        List<Integer> free = new ArrayList<>();
        for (int process = 0; process < PROCESSES; process++) {
            free.add(process);
        }
        int begun = 0;
        while (begun < operations || !running.isEmpty()) {
            if (begun < operations && !free.isEmpty() && random.nextInt(3) != 0) {
                running.add(begin(free.removeLast(), begun++));
            } else if (!late.isEmpty() && random.nextInt(4) == 0) {
                act(late.removeLast());
            } else if (!running.isEmpty()) {
                Running one = running.get(random.nextInt(running.size()));
                if (one.outcome == null && random.nextInt(12) == 0) {
                    record(one, Event.Type.INFO, Map.of());
                    late.add(one);
                } else if (one.outcome == null) {
                    act(one);
                    continue;
                } else if (random.nextInt(12) == 0) {
                    record(one, Event.Type.INFO, Map.of());
                } else {
                    answer(one);
                }
                if (events.getLast().type() == Event.Type.INFO && !one.function.equals(Functions.READ)) {
                    again.add(one.asked);
                }
                running.remove(one);
                free.add(one.process);
            }
        }
        return evidence();
    }

    private Running begin(int process, int number) {
        String debit = ACCOUNTS.get(random.nextInt(3));
        String credit = ACCOUNTS.get(random.nextInt(3));
        Map<String, String> asked = new TreeMap<>();
        String function = Functions.TRANSFER;
        if (!again.isEmpty() && random.nextBoolean()) {
            asked.putAll(again.remove(random.nextInt(again.size())));
        } else if (debit.equals(credit)) {
            function = Functions.READ;
            asked.put(Functions.ACCOUNT, debit);
        } else {
            asked.put(Functions.KEY, "k" + number);
            asked.put(Functions.DEBIT, debit);
            asked.put(Functions.CREDIT, credit);
            asked.put(Functions.AMOUNT, Integer.toString(1 + random.nextInt(50)));
            asked.put(Functions.CURRENCY, "EUR");
        }
        Running begun = new Running(process, function, asked, answered, totals.all());
        record(begun, Event.Type.INVOKE, asked);
        return begun;
    }

    private void record(Running one, Event.Type type, Map<String, String> values) {
        events.add(new Event(events.size(), events.size(), one.process, type, one.function, values));
    }

    private void act(Running one) {
        if (one.function.equals(Functions.READ)) {
            read(one);
            return;
        }
        Running before = byKey.get(one.value(Functions.KEY));
        if (before != null && bug != Bug.SKIP_DEDUPE) {
            one.outcome = before.outcome;
            one.answer = before.answer;
            one.lost = before.lost;
            return;
        }
        transfer(one);
        affected |= before != null;
        byKey.putIfAbsent(one.value(Functions.KEY), one);
    }

    private void transfer(Running one) {
        String debit = one.value(Functions.DEBIT);
        long amount = Long.parseLong(one.value(Functions.AMOUNT));
        Balance now = totals.of(debit);
        Balance judged = bug == Bug.OVERDRAFT_RACE ? one.seen.getOrDefault(debit, Balance.ZERO) : now;
        long position = journal.size() + 1L;
        if (!debit.equals("cash") && judged.debits() + amount > judged.credits()) {
            journal.add(new Entry(
                    position, one.value(Functions.KEY), one.function, "INSUFFICIENT_FUNDS", List.of(), List.of()));
            past.add(Map.copyOf(totals.all()));
            one.outcome = Event.Type.FAIL;
            one.answer = Map.of(Functions.REASON, "INSUFFICIENT_FUNDS", Functions.POSITION, Long.toString(position));
            return;
        }
        affected |= !debit.equals("cash") && now.debits() + amount > now.credits();
        one.outcome = Event.Type.OK;
        one.answer = answer(one, position, amount);
        if (bug == Bug.ACK_THEN_LOSE && random.nextInt(25) == 0) {
            one.lost = true;
            return;
        }
        append(one, amount, bug == Bug.LOST_HALF_LEG && random.nextInt(25) == 0);
        if (bug == Bug.DOUBLE_APPLY && random.nextInt(25) == 0) {
            append(one, amount, false);
            affected = true;
        }
    }

    private Map<String, String> answer(Running one, long position, long amount) {
        String text = Long.toString(position);
        return Map.of(
                Functions.TRANSACTION,
                text,
                Functions.POSITION,
                text,
                Functions.DEBIT_BALANCE,
                Long.toString(totals.net(one.value(Functions.DEBIT)) + amount),
                Functions.CREDIT_BALANCE,
                Long.toString(totals.net(one.value(Functions.CREDIT)) - amount));
    }

    private void append(Running one, long amount, boolean half) {
        List<Leg> legs = new ArrayList<>();
        legs.add(new Leg(one.value(Functions.DEBIT), true, amount, "EUR", null));
        if (half) {
            affected = true;
        } else {
            legs.add(new Leg(one.value(Functions.CREDIT), false, amount, "EUR", null));
        }
        Entry entry = new Entry(journal.size() + 1L, one.value(Functions.KEY), one.function, null, legs, List.of());
        journal.add(entry);
        totals.apply(entry);
        past.add(Map.copyOf(totals.all()));
    }

    private void read(Running one) {
        int position = journal.size();
        if (bug == Bug.STALE_READ && random.nextInt(10) == 0) {
            position = Math.max(0, position - 1 - random.nextInt(12));
        }
        Balance is = past.get(position).getOrDefault(one.value(Functions.ACCOUNT), Balance.ZERO);
        one.outcome = Event.Type.OK;
        one.answer = Map.of(
                Functions.DEBITS,
                Long.toString(is.debits()),
                Functions.CREDITS,
                Long.toString(is.credits()),
                Functions.POSITION,
                Integer.toString(position));
    }

    private void answer(Running one) {
        Event.Type outcome = one.outcome == null ? Event.Type.INFO : one.outcome;
        record(one, outcome, one.answer);
        affected |= one.lost;
        long position = Long.parseLong(one.answer.getOrDefault(Functions.POSITION, "0"));
        if (one.function.equals(Functions.READ)) {
            affected |= one.answeredBefore.getOrDefault(one.value(Functions.ACCOUNT), 0L) > position;
        } else if (outcome == Event.Type.OK) {
            answered.merge(one.value(Functions.DEBIT), position, Math::max);
            answered.merge(one.value(Functions.CREDIT), position, Math::max);
        }
    }

    private Evidence evidence() {
        List<Message> outbox = journal.stream()
                .filter(entry -> !entry.legs().isEmpty())
                .map(entry -> new Message(entry.legs().getFirst().account(), entry.position(), entry.describe()))
                .toList();
        List<Message> topic = new ArrayList<>(outbox);
        if (bug == Bug.DROPPED_OUTBOX_ROW && !topic.isEmpty()) {
            topic.remove(random.nextInt(topic.size()));
            affected = true;
        }
        if (bug == Bug.REORDERED_TOPIC && topic.size() > 1) {
            int at = random.nextInt(topic.size() - 1);
            Message moved = topic.remove(at);
            topic.add(at + 1, moved);
            affected |= topic.get(at).stream().equals(moved.stream());
        }
        List<Message> inbox = List.copyOf(topic);
        if (!topic.isEmpty()) {
            topic.addAll(topic.subList(random.nextInt(topic.size()), topic.size()));
        }
        return Evidence.of(History.of(events))
                .withJournal(journal)
                .withBalances(totals.all())
                .withLimits(Map.of("a", new Limit(0L, null), "b", new Limit(0L, null)))
                .withOutbox(outbox)
                .withTopic(topic)
                .withInbox(inbox);
    }
}
