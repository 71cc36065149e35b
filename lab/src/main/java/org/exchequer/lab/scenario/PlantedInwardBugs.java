package org.exchequer.lab.scenario;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.inward.InTime;
import org.exchequer.lab.check.inward.InwardChecker;
import org.exchequer.lab.check.inward.InwardEvidence;
import org.exchequer.lab.check.inward.InwardEvidence.Attempt;
import org.exchequer.lab.check.inward.InwardEvidence.Position;
import org.exchequer.lab.check.inward.InwardEvidence.Recovery;
import org.exchequer.lab.check.inward.InwardEvidence.Replay;
import org.exchequer.lab.check.inward.InwardEvidence.Row;
import org.exchequer.lab.check.inward.InwardEvidence.Trial;
import org.exchequer.lab.check.inward.InwardEvidence.Words;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.History;
import org.exchequer.lab.scenario.RunReport.Planted;

/** Bugs planted in copies of a run's own evidence, each as if inward clearing had had it. */
final class PlantedInwardBugs {
    private static final long LATE = 5_500_000_000L;

    private PlantedInwardBugs() {}

    /**
     * One of them.
     *
     * @param catcher name of the checker that is there for it
     * @param bug makes it; empty where the evidence has no place for it
     */
    record Named(String name, String catcher, Function<InwardEvidence, Optional<InwardEvidence>> bug) {}

    static final List<Named> ALL = List.of(
            new Named("An accepted payment is not posted.", "money-as-answered", PlantedInwardBugs::lost),
            new Named("A payment is posted twice.", "money-as-answered", PlantedInwardBugs::twice),
            new Named("A payment is posted with another amount.", "money-as-answered", PlantedInwardBugs::otherAmount),
            new Named("A rejected payment is posted.", "money-as-answered", PlantedInwardBugs::rejectedAndPosted),
            new Named("Money is moved that nobody asked for.", "money-as-answered", PlantedInwardBugs::invented),
            new Named("The same message gets another answer the second time.", "one-answer", PlantedInwardBugs::other),
            new Named("A cache gives a message the answer of another.", "one-answer", PlantedInwardBugs::mixedUp),
            new Named(
                    "The answer that is stored is not the one that was given.",
                    "one-answer",
                    PlantedInwardBugs::stored),
            new Named("An answer comes after 5.5 s.", "in-time", PlantedInwardBugs::late),
            new Named("A message is never answered.", "in-time", PlantedInwardBugs::silent),
            new Named("A payment that was called back is posted.", "taken-back", PlantedInwardBugs::calledBack),
            new Named("A pending payment is forgotten.", "resolved", PlantedInwardBugs::forgotten),
            new Named("What is reserved of a position is never given back.", "covered", PlantedInwardBugs::reserved),
            new Named("A position is used for what was rejected.", "covered", PlantedInwardBugs::used),
            new Named("Somebody on a list is paid while models hang.", "screened", PlantedInwardBugs::unscreened),
            new Named("A payment is accepted that nobody judged.", "on-record", PlantedInwardBugs::unjudged),
            new Named("A stored decision comes out differently.", "replayed", PlantedInwardBugs::altered),
            new Named("An altered decision is not noticed.", "noticed", PlantedInwardBugs::unnoticed),
            new Named("A breaker never closes again.", "recovered", PlantedInwardBugs::stuck));

    /** Plants each bug in a copy. */
    static List<Planted> plant(InwardEvidence evidence, List<InwardChecker> checkers) {
        List<Planted> planted = new ArrayList<>();
        for (Named named : ALL) {
            named.bug().apply(evidence).ifPresent(broken -> {
                List<String> caughtBy = checkers.stream()
                        .filter(checker -> checker.check(broken).verdict() == Verdict.INVALID)
                        .map(InwardChecker::name)
                        .toList();
                planted.add(new Planted(named.name(), caughtBy));
            });
        }
        return planted;
    }

    private static Optional<Attempt> last(InwardEvidence evidence, java.util.function.Predicate<Attempt> which) {
        return evidence.outcomes().values().stream().filter(which).reduce((earlier, later) -> later);
    }

    private static Optional<Attempt> accepted(InwardEvidence evidence) {
        return last(evidence, attempt -> attempt.accepted() && attempt.message().isNewMoney());
    }

    private static Optional<InwardEvidence> onEntries(
            InwardEvidence evidence, Attempt attempt, UnaryOperator<List<Entry>> change) {
        return evidence.journal().map(journal -> {
            List<Entry> rest = new ArrayList<>();
            for (Entry entry : journal) {
                boolean own = entry.key().equals(attempt.payment());
                rest.addAll(own ? change.apply(List.of(entry)) : List.of(entry));
            }
            return evidence.withJournal(rest);
        });
    }

    private static Optional<InwardEvidence> lost(InwardEvidence evidence) {
        return accepted(evidence).flatMap(attempt -> onEntries(evidence, attempt, entry -> List.of()));
    }

    private static Optional<InwardEvidence> twice(InwardEvidence evidence) {
        return accepted(evidence)
                .flatMap(attempt -> onEntries(evidence, attempt, entry -> List.of(entry.getFirst(), entry.getFirst())));
    }

    private static Optional<InwardEvidence> otherAmount(InwardEvidence evidence) {
        return accepted(evidence)
                .flatMap(attempt -> onEntries(evidence, attempt, entry -> List.of(more(entry.getFirst()))));
    }

    private static Entry more(Entry entry) {
        List<Leg> legs = entry.legs().stream()
                .map(leg -> new Leg(leg.account(), leg.debit(), leg.amount() + 1, leg.currency(), leg.balanceAfter()))
                .toList();
        return new Entry(entry.position(), entry.key(), entry.kind(), null, legs, entry.reserved());
    }

    private static Optional<InwardEvidence> rejectedAndPosted(InwardEvidence evidence) {
        return last(
                        evidence,
                        attempt -> attempt.isFinal()
                                && !attempt.accepted()
                                && attempt.message().isNewMoney()
                                && attempt.message().damaged() == null)
                .flatMap(attempt -> posted(evidence, attempt.payment(), attempt));
    }

    private static Optional<InwardEvidence> invented(InwardEvidence evidence) {
        return accepted(evidence).flatMap(attempt -> posted(evidence, "00000000-0000-7000-8000-000000000000", attempt));
    }

    private static Optional<InwardEvidence> posted(InwardEvidence evidence, String key, Attempt like) {
        return evidence.journal().filter(journal -> !journal.isEmpty()).map(journal -> {
            long amount = Objects.requireNonNullElse(like.message().amount(), 1L);
            String currency = like.message().currency();
            List<Entry> more = new ArrayList<>(journal);
            more.add(new Entry(
                    journal.getLast().position() + 1,
                    key,
                    "transfer",
                    null,
                    List.of(
                            new Leg(
                                    "1000.settlement." + currency.toLowerCase(java.util.Locale.ROOT),
                                    true,
                                    amount,
                                    currency,
                                    null),
                            new Leg(like.message().account(), false, amount, currency, null)),
                    List.of()));
            return evidence.withJournal(more);
        });
    }

    private static Optional<InwardEvidence> other(InwardEvidence evidence) {
        return evidence.byMessage().values().stream()
                .map(attempts -> attempts.stream().filter(Attempt::isFinal).toList())
                .filter(answered -> answered.size() > 1)
                .findFirst()
                .map(answered -> replaced(evidence, answered.getLast(), values -> values.put(Words.ANSWER, "another")));
    }

    private static Optional<InwardEvidence> mixedUp(InwardEvidence evidence) {
        List<Attempt> answered =
                evidence.attempts().stream().filter(Attempt::isFinal).toList();
        return answered.stream()
                .filter(attempt -> !attempt.message()
                        .key()
                        .equals(answered.getFirst().message().key()))
                .findFirst()
                .map(attempt -> replaced(
                        evidence,
                        attempt,
                        values -> values.put(Words.ANSWER, answered.getFirst().answer())));
    }

    private static Optional<InwardEvidence> stored(InwardEvidence evidence) {
        return accepted(evidence).flatMap(attempt -> onRow(evidence, attempt, row -> row.answered("another")));
    }

    private static Optional<InwardEvidence> forgotten(InwardEvidence evidence) {
        return accepted(evidence).flatMap(attempt -> onRow(evidence, attempt, row -> row.standing(false, "PDNG")));
    }

    private static Optional<InwardEvidence> onRow(InwardEvidence evidence, Attempt attempt, UnaryOperator<Row> change) {
        return evidence.rows()
                .map(rows -> evidence.withRows(rows.stream()
                        .map(row -> row.id().equals(attempt.payment()) ? change.apply(row) : row)
                        .toList()));
    }

    private static InwardEvidence replaced(
            InwardEvidence evidence, Attempt attempt, java.util.function.Consumer<Map<String, String>> change) {
        Event answer = Objects.requireNonNull(attempt.operation().completion());
        Map<String, String> values = new HashMap<>(answer.values());
        change.accept(values);
        return event(evidence, answer, answer.timeNanos(), answer.type(), values);
    }

    private static InwardEvidence event(
            InwardEvidence evidence, Event event, long nanos, Event.Type type, Map<String, String> values) {
        List<Event> events = new ArrayList<>(evidence.history().events());
        events.set(
                Math.toIntExact(event.index()),
                new Event(event.index(), nanos, event.process(), type, event.function(), values));
        return evidence.withHistory(History.of(events));
    }

    /** One that nothing excuses: the last of the load whose node was there. */
    private static Optional<Attempt> judged(InwardEvidence evidence) {
        if (InTime.isBusy(evidence)) {
            return Optional.empty();
        }
        return evidence.attempts().stream()
                .filter(attempt -> attempt.phase().equals("load") && attempt.type() == Event.Type.OK)
                .filter(attempt -> evidence.absences().stream()
                        .noneMatch(away -> away.node().equals(attempt.node())
                                && away.from() < attempt.due() + 2 * LATE
                                && away.until() > attempt.due()))
                .filter(attempt -> evidence.stalls().stream()
                        .noneMatch(stall -> stall.from() < attempt.due() + 2 * LATE && stall.until() > attempt.due()))
                .reduce((earlier, later) -> later);
    }

    private static Optional<InwardEvidence> late(InwardEvidence evidence) {
        return judged(evidence).map(attempt -> {
            Event answer = Objects.requireNonNull(attempt.operation().completion());
            return event(evidence, answer, attempt.due() + LATE, answer.type(), answer.values());
        });
    }

    private static Optional<InwardEvidence> silent(InwardEvidence evidence) {
        return judged(evidence).map(attempt -> {
            Event answer = Objects.requireNonNull(attempt.operation().completion());
            return event(evidence, answer, attempt.due() + LATE, Event.Type.INFO, Map.of(Words.REASON, "no answer"));
        });
    }

    private static Optional<InwardEvidence> calledBack(InwardEvidence evidence) {
        Map<String, Attempt> outcomes = evidence.outcomes();
        return last(
                        evidence,
                        attempt -> attempt.message().kind().equals("camt.056")
                                && attempt.accepted()
                                && outcomes.containsKey(
                                        String.valueOf(attempt.message().of()))
                                && !Objects.requireNonNull(outcomes.get(
                                                String.valueOf(attempt.message().of())))
                                        .payment()
                                        .isEmpty())
                .flatMap(attempt -> {
                    Attempt original = Objects.requireNonNull(
                            outcomes.get(String.valueOf(attempt.message().of())));
                    return posted(evidence, original.payment(), original);
                });
    }

    private static Optional<InwardEvidence> reserved(InwardEvidence evidence) {
        return onPosition(
                evidence, is -> new Position(is.bank(), is.currency(), true, is.reserved() + 1, is.used(), 1));
    }

    private static Optional<InwardEvidence> used(InwardEvidence evidence) {
        return onPosition(
                evidence, is -> new Position(is.bank(), is.currency(), true, is.reserved(), is.used() + 1, is.open()));
    }

    private static Optional<InwardEvidence> onPosition(InwardEvidence evidence, UnaryOperator<Position> change) {
        return evidence.positions().filter(all -> !all.isEmpty()).map(all -> {
            List<Position> positions = new ArrayList<>(all);
            positions.set(0, change.apply(positions.getFirst()));
            return evidence.withPositions(positions);
        });
    }

    private static Optional<InwardEvidence> unscreened(InwardEvidence evidence) {
        return last(evidence, attempt -> attempt.message().listed() != null && attempt.isFinal())
                .map(attempt -> replaced(evidence, attempt, values -> values.put(Words.STATUS, "ACCC")));
    }

    private static Optional<InwardEvidence> unjudged(InwardEvidence evidence) {
        return accepted(evidence).flatMap(attempt -> onRow(evidence, attempt, row -> row.decided("", List.of())));
    }

    private static Optional<InwardEvidence> altered(InwardEvidence evidence) {
        return evidence.replays().filter(all -> !all.isEmpty()).map(all -> {
            List<Replay> replays = new ArrayList<>(all);
            replays.set(0, new Replay(all.getFirst().payment(), "margin"));
            return evidence.withReplays(replays);
        });
    }

    private static Optional<InwardEvidence> unnoticed(InwardEvidence evidence) {
        return evidence.trials().filter(all -> !all.isEmpty()).map(all -> {
            List<Trial> trials = new ArrayList<>(all);
            trials.set(0, new Trial(all.getFirst().what(), false, "SAME"));
            return evidence.withTrials(trials);
        });
    }

    private static Optional<InwardEvidence> stuck(InwardEvidence evidence) {
        return evidence.recoveries()
                .filter(all -> !all.isEmpty())
                .map(all -> evidence.withRecoveries(
                        List.of(new Recovery(all.getFirst().node(), -1, "breakers [\"vam\"]"))));
    }
}
