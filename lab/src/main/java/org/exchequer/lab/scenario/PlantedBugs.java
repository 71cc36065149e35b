package org.exchequer.lab.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.AccountLinearizability;
import org.exchequer.lab.check.Checker;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.check.Evidence.Balance;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Evidence.Limit;
import org.exchequer.lab.check.Evidence.Message;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.history.History;
import org.exchequer.lab.history.Operation;
import org.exchequer.lab.scenario.RunReport.Planted;

/**
 * Bugs planted in copies of a run's own evidence, each as if the program had had it, to see that the checkers which
 * found nothing would have found that. A bug that this run's evidence has no place for is left out.
 */
final class PlantedBugs {
    private static final long LARGE = 1_000_000_000_000L;
    private static final Duration QUICK = Duration.ofMillis(500);

    private PlantedBugs() {}

    /** Makes the bug; empty where the evidence has no place for it. */
    @FunctionalInterface
    private interface Bug {
        Optional<Evidence> in(Evidence evidence);
    }

    /**
     * One of them.
     *
     * @param inHistory whether it shows in what clients saw, and not only in what is durable
     */
    private record Named(String name, boolean inHistory, Bug bug) {}

    private static final List<Named> ALL = List.of(
            new Named("An acknowledged transfer is lost.", false, PlantedBugs::lost),
            new Named("A transfer is applied twice.", false, PlantedBugs::twice),
            new Named("Of a transfer only one leg is written.", false, PlantedBugs::halfLeg),
            new Named("A transfer is in the books that nobody asked for.", false, PlantedBugs::invented),
            new Named("An account is overdrawn.", false, PlantedBugs::overdrawn),
            new Named("A balance is wrong by one cent.", false, PlantedBugs::wrongBalance),
            new Named("A read shows an account as it was long before.", true, PlantedBugs::staleRead),
            new Named("A transfer is said to stand elsewhere than it does.", true, PlantedBugs::otherAnswer),
            new Named("An event is missing on the topic.", false, PlantedBugs::missingEvent),
            new Named("Two events on the topic are in the wrong order.", false, PlantedBugs::swappedEvents));

    /**
     * Plants each bug in a copy.
     *
     * @param checkers whether they find it; one that finds something in the evidence as it is cannot tell
     */
    static List<Planted> plant(Evidence evidence, List<Checker> checkers, Ticker ticker) {
        if (evidence.journal().isEmpty()) {
            return List.of();
        }
        // Others find these as well: it is given little time to.
        Checker quick = new AccountLinearizability(ticker, QUICK, QUICK.multipliedBy(4));
        List<Planted> planted = new ArrayList<>();
        for (Named named : ALL) {
            named.bug().in(evidence).ifPresent(broken -> {
                List<String> caughtBy = new ArrayList<>();
                for (Checker checker : checkers) {
                    boolean linear = checker instanceof AccountLinearizability;
                    // It reads answers alone.
                    boolean blind = linear && !named.inHistory();
                    if (!blind && (linear ? quick : checker).check(broken).verdict() == Verdict.INVALID) {
                        caughtBy.add(checker.name());
                    }
                }
                planted.add(new Planted(named.name(), caughtBy));
            });
        }
        return planted;
    }

    /** The last transfer that a client knows was done. */
    private static Optional<Operation> acknowledged(Evidence evidence) {
        return evidence.history().operations().stream()
                .filter(operation ->
                        operation.is(Event.Type.OK) && operation.function().equals(Functions.TRANSFER))
                .reduce((earlier, later) -> later);
    }

    private static Optional<Evidence> onEntry(Evidence evidence, UnaryOperator<List<Entry>> change) {
        return acknowledged(evidence).flatMap(operation -> {
            List<Entry> journal = new ArrayList<>(evidence.journal().orElseThrow());
            String key = operation.invoke().value(Functions.KEY);
            int index = -1;
            for (int i = 0; i < journal.size(); i++) {
                if (journal.get(i).key().equals(key)) {
                    index = i;
                }
            }
            if (index < 0) {
                return Optional.empty();
            }
            Entry entry = journal.get(index);
            List<Entry> rest = new ArrayList<>(change.apply(List.of(entry)));
            journal.remove(index);
            for (Entry each : rest) {
                journal.add(each.position() == entry.position() ? index : journal.size(), each);
            }
            return Optional.of(evidence.withJournal(journal));
        });
    }

    private static Optional<Evidence> lost(Evidence evidence) {
        return onEntry(evidence, entry -> List.of());
    }

    private static Optional<Evidence> twice(Evidence evidence) {
        long end = evidence.journal().orElseThrow().getLast().position();
        return onEntry(evidence, entry -> List.of(entry.getFirst(), moved(entry.getFirst(), end + 1)));
    }

    private static Entry moved(Entry entry, long position) {
        return new Entry(position, entry.key(), entry.kind(), entry.rejection(), entry.legs(), entry.reserved());
    }

    private static Optional<Evidence> halfLeg(Evidence evidence) {
        return onEntry(
                evidence,
                entry -> List.of(new Entry(
                        entry.getFirst().position(),
                        entry.getFirst().key(),
                        entry.getFirst().kind(),
                        null,
                        entry.getFirst().legs().subList(0, 1),
                        List.of())));
    }

    private static Optional<Evidence> invented(Evidence evidence) {
        return appended(evidence, "nobody's", 1);
    }

    private static Optional<Evidence> overdrawn(Evidence evidence) {
        return appended(evidence, "too-much", LARGE);
    }

    private static Optional<Evidence> appended(Evidence evidence, String key, long amount) {
        List<String> customers = customers(evidence);
        List<Entry> journal = new ArrayList<>(evidence.journal().orElseThrow());
        journal.add(new Entry(
                journal.getLast().position() + 1,
                key,
                Functions.TRANSFER,
                null,
                List.of(
                        new Leg(customers.getFirst(), true, amount, "EUR", null),
                        new Leg(customers.getLast(), false, amount, "EUR", null)),
                List.of()));
        return Optional.of(evidence.withJournal(journal));
    }

    /** Accounts with a limit. Of a ledger over several shards each has others. */
    private static List<String> customers(Evidence evidence) {
        Map<String, Limit> limits = evidence.limits().orElse(Map.of());
        return limits.keySet().stream()
                .filter(account -> Objects.requireNonNull(limits.get(account)).mostDebit() != null)
                .sorted()
                .toList();
    }

    private static Optional<Evidence> wrongBalance(Evidence evidence) {
        return evidence.balances()
                .filter(read -> customers(evidence).stream().anyMatch(read::containsKey))
                .map(read -> {
                    Map<String, Balance> balances = new HashMap<>(read);
                    balances.computeIfPresent(
                            customers(evidence).stream()
                                    .filter(read::containsKey)
                                    .findFirst()
                                    .orElseThrow(),
                            (account, is) -> new Balance(
                                    is.debits() + 1, is.credits(), is.pendingDebits(), is.pendingCredits()));
                    return evidence.withBalances(balances);
                });
    }

    /** The last read of an account answers as the first one of it did. */
    private static Optional<Evidence> staleRead(Evidence evidence) {
        Map<String, Event> first = new HashMap<>();
        Event stale = null;
        Event was = null;
        for (Operation operation : evidence.history().operations()) {
            Event read = operation.completion();
            if (read == null
                    || !operation.is(Event.Type.OK)
                    || !operation.function().equals(Functions.READ)) {
                continue;
            }
            Event earlier = first.putIfAbsent(operation.invoke().value(Functions.ACCOUNT), read);
            if (earlier != null && !earlier.values().equals(read.values())) {
                stale = read;
                was = earlier;
            }
        }
        return stale == null || was == null ? Optional.empty() : Optional.of(replaced(evidence, stale, was.values()));
    }

    /** The last acknowledged transfer is said to stand elsewhere in the journal than it does. */
    private static Optional<Evidence> otherAnswer(Evidence evidence) {
        return acknowledged(evidence).map(operation -> {
            Event answer = java.util.Objects.requireNonNull(operation.completion());
            Map<String, String> values = new HashMap<>(answer.values());
            values.put(Functions.POSITION, "1");
            values.put(Functions.TRANSACTION, "1");
            return replaced(evidence, answer, values);
        });
    }

    private static Evidence replaced(Evidence evidence, Event event, Map<String, String> values) {
        List<Event> events = new ArrayList<>(evidence.history().events());
        events.set(
                Math.toIntExact(event.index()),
                new Event(event.index(), event.timeNanos(), event.process(), event.type(), event.function(), values));
        return evidence.withHistory(History.of(events));
    }

    private static Optional<Evidence> missingEvent(Evidence evidence) {
        return onTopic(evidence, topic -> {
            topic.remove(topic.size() / 2);
            return topic;
        });
    }

    private static Optional<Evidence> swappedEvents(Evidence evidence) {
        return onTopic(evidence, topic -> {
            Collections.swap(topic, topic.size() / 2, topic.size() / 2 - 1);
            return topic;
        });
    }

    private static Optional<Evidence> onTopic(Evidence evidence, UnaryOperator<List<Message>> change) {
        return evidence.topic()
                .filter(topic -> topic.size() > 2)
                .map(topic -> evidence.withTopic(change.apply(new ArrayList<>(topic))));
    }
}
