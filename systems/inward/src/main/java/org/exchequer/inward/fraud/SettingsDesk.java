package org.exchequer.inward.fraud;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.exchequer.inward.api.Decision;
import org.exchequer.inward.api.FraudSettings;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.store.FraudBook;
import org.exchequer.inward.store.FraudChanges;
import org.exchequer.inward.store.FraudChanges.Adding;
import org.exchequer.inward.store.FraudChanges.Listed;
import org.exchequer.inward.store.FraudChanges.Proposal;
import org.exchequer.inward.store.FraudChanges.Ruling;
import org.exchequer.inward.store.FraudChanges.State;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;

/** {@link FraudSettings} of this process. */
public final class SettingsDesk implements FraudSettings {
    private static final int MOST_REASON = 500;
    private static final int MOST_NAME = 100;

    private final Scorer scorer;
    private final FraudChanges changes;
    private final FraudFollower follower;
    private final Previews previews;
    private final Set<String> own;
    private final Clock clock;

    /** @param own first eight characters of the BICs of this bank */
    public SettingsDesk(
            Scorer scorer,
            FraudBook book,
            FraudChanges changes,
            FraudFollower follower,
            Set<String> own,
            Clock clock,
            Ticker ticker) {
        this.scorer = scorer;
        this.changes = changes;
        this.follower = follower;
        this.previews = new Previews(book, ticker);
        this.own = own;
        this.clock = clock;
    }

    @Override
    public Now now() {
        return new Now(scorer.tuning().revision(), Values.of(scorer), listed().size());
    }

    @Override
    public List<Change> changes() {
        return reading(changes::changes);
    }

    @Override
    public List<Change> proposed() {
        return reading(changes::proposed);
    }

    @Override
    public List<Entry> listed() {
        return reading(() -> changes.state(clock.instant())).listed().stream()
                .map(Listed::entry)
                .toList();
    }

    @Override
    public Outcome propose(UUID id, Map<String, @Nullable BigDecimal> values, String reason, String by) {
        SettingKeys.check(values);
        words(reason, by);
        return reading(() -> {
            State state = changes.state(clock.instant());
            // Told now, not only by who approves.
            SettingKeys.tuning(new State(state.revision(), SettingKeys.with(state.settings(), values), List.of()));
            return store(id, Kind.SETTINGS, values, List.of(), List.of(), null, reason, by);
        });
    }

    @Override
    public Outcome list(UUID id, List<NewEntry> entries, String reason, String by) {
        List<Adding> adding = Names.check(entries, clock.instant(), scorer::pseudonym, own);
        words(reason, by);
        return reading(() -> store(id, Kind.LIST, Map.of(), adding, List.of(), null, reason, by));
    }

    @Override
    public Outcome unlist(UUID id, List<Long> entries, String reason, String by) {
        if (entries.isEmpty()
                || entries.size() > MOST_ENTRIES
                || Set.copyOf(entries).size() != entries.size()) {
            throw new FieldError("entries", "must be 1 to " + MOST_ENTRIES + ", each once");
        }
        words(reason, by);
        return reading(() -> {
            List<Long> there = changes.state(clock.instant()).listed().stream()
                    .map(each -> each.entry().id())
                    .toList();
            Optional<Long> missing =
                    entries.stream().filter(each -> !there.contains(each)).findFirst();
            return missing.isPresent()
                    ? new Outcome.NotDone(Why.ENTRY_NOT_FOUND, "there is no entry " + missing.get() + " in force")
                    : store(id, Kind.LIST, Map.of(), List.of(), entries, null, reason, by);
        });
    }

    @Override
    public Optional<Preview> preview(long version, int most) {
        if (most < 1 || most > MOST_PREVIEWED) {
            throw new FieldError("limit", "must be 1 to " + MOST_PREVIEWED);
        }
        return reading(() -> {
            Optional<Change> change = changes.find(version);
            if (change.isEmpty()) {
                return Optional.empty();
            }
            State state = changes.state(clock.instant());
            Tuning now = SettingKeys.tuning(state);
            return Optional.of(previews.of(version, now, SettingKeys.tuning(with(change.get(), state)), most));
        });
    }

    /** What would hold once a change is approved. */
    private State with(Change change, State state) throws SQLException {
        if (change.kind() == Kind.SETTINGS) {
            return new State(state.revision(), settings(change, state), state.listed());
        }
        Map<Long, Long> keys = changes.keys(change);
        List<Listed> listed = new ArrayList<>(state.listed());
        listed.removeIf(each -> keys.containsKey(each.entry().id()));
        change.adds().forEach(each -> listed.add(new Listed(each, Objects.requireNonNull(keys.get(each.id())))));
        return new State(state.revision(), state.settings(), listed);
    }

    private Map<String, BigDecimal> settings(Change change, State state) throws SQLException {
        return change.rollbackOf() == null
                ? SettingKeys.with(state.settings(), change.settings())
                : changes.after(changes.find(change.rollbackOf()).orElseThrow());
    }

    @Override
    public Outcome decide(long version, boolean approve, String by, String reason) {
        if (reason.length() > MOST_REASON) {
            throw new FieldError("reason", "must have at most " + MOST_REASON + " characters");
        }
        words("decided", by);
        return reading(() -> {
            Optional<Change> before = changes.find(version);
            Map<String, BigDecimal> back = before.isPresent()
                            && before.get().rollbackOf() != null
                            && before.get().kind() == Kind.SETTINGS
                    ? settings(before.get(), new State(0, Map.of(), List.of()))
                    : Map.of();
            Outcome outcome = changes.decide(
                    version, approve, by, clock.instant(), reason, given -> ruling(given, back, approve, by));
            follower.tune();
            return outcome;
        });
    }

    private Ruling ruling(FraudChanges.Given given, Map<String, BigDecimal> back, boolean approve, String by) {
        if (given.change().isEmpty()) {
            return not(Why.CHANGE_NOT_FOUND, "there is no such change");
        }
        Change change = given.change().get();
        if (change.state() != Decision.State.PROPOSED) {
            return not(
                    Why.ALREADY_DECIDED,
                    "it was " + change.state().name().toLowerCase(java.util.Locale.ROOT) + " before");
        }
        if (!approve) {
            return new Ruling(null, Map.of());
        }
        if (change.proposedBy().strip().equalsIgnoreCase(by.strip())) {
            return not(Why.APPROVER_IS_AUTHOR, "another person than its author has to approve it");
        }
        State state = given.state();
        if (change.kind() == Kind.LIST) {
            return change.adds().size() + state.listed().size() > MOST_LISTED
                    ? not(Why.CONTRADICTION, "there are " + MOST_LISTED + " entries already")
                    : new Ruling(null, Map.of());
        }
        Map<String, BigDecimal> next =
                change.rollbackOf() == null ? SettingKeys.with(state.settings(), change.settings()) : back;
        try {
            SettingKeys.tuning(new State(state.revision() + 1, next, List.of()));
            return new Ruling(null, next);
        } catch (FieldError e) {
            return not(Why.CONTRADICTION, String.valueOf(e.getMessage()));
        }
    }

    private static Ruling not(Why why, String detail) {
        return new Ruling(new Outcome.NotDone(why, detail), Map.of());
    }

    @Override
    public Outcome rollBack(UUID id, long version, String reason, String by) {
        words(reason, by);
        return reading(() -> {
            Optional<Change> found = changes.find(version);
            if (found.isEmpty()) {
                return new Outcome.NotDone(Why.CHANGE_NOT_FOUND, "there is no such change");
            }
            Change change = found.get();
            if (change.state() != Decision.State.APPROVED) {
                return new Outcome.NotDone(Why.NOT_APPROVED, "it was never approved");
            }
            if (change.kind() == Kind.SETTINGS) {
                return store(id, Kind.SETTINGS, difference(change), List.of(), List.of(), version, reason, by);
            }
            return takeBack(id, change, reason, by);
        });
    }

    /** For people: what it sets, as it looks now. What is approved is all that held after the change. */
    private Map<String, @Nullable BigDecimal> difference(Change change) throws SQLException {
        Map<String, BigDecimal> then = changes.after(change);
        Map<String, BigDecimal> now = changes.state(clock.instant()).settings();
        Map<String, @Nullable BigDecimal> difference = new TreeMap<>();
        now.forEach((key, value) -> {
            BigDecimal before = then.get(key);
            if (before == null || before.compareTo(value) != 0) {
                difference.put(key, before);
            }
        });
        then.forEach((key, value) -> {
            if (!now.containsKey(key)) {
                difference.put(key, value);
            }
        });
        return difference;
    }

    private Outcome takeBack(UUID id, Change change, String reason, String by) throws SQLException {
        Set<Long> there = Set.copyOf(changes.state(clock.instant()).listed().stream()
                .map(each -> each.entry().id())
                .toList());
        Map<Long, Long> keys = changes.keys(change);
        List<Long> removes =
                change.adds().stream().map(Entry::id).filter(there::contains).toList();
        List<Adding> adds = change.removes().stream()
                .filter(each -> each.until().isAfter(clock.instant()))
                .map(each -> new Adding(
                        each.deny(),
                        each.named(),
                        Objects.requireNonNull(keys.get(each.id())),
                        each.shown(),
                        each.reason(),
                        each.until()))
                .toList();
        return removes.isEmpty() && adds.isEmpty()
                ? new Outcome.NotDone(Why.ENTRY_NOT_FOUND, "none of its entries would be in force, or is")
                : store(id, Kind.LIST, Map.of(), adds, removes, change.version(), reason, by);
    }

    private Outcome store(
            UUID id,
            Kind kind,
            Map<String, @Nullable BigDecimal> values,
            List<Adding> adds,
            List<Long> removes,
            @Nullable Long rollbackOf,
            String reason,
            String by)
            throws SQLException {
        Change stored =
                changes.propose(new Proposal(id, kind, values, adds, removes, rollbackOf, reason, by, clock.instant()));
        boolean same = stored.kind() == kind
                && stored.reason().equals(reason)
                && Objects.equals(stored.rollbackOf(), rollbackOf)
                && (rollbackOf != null || alike(stored, values, adds, removes));
        return same
                ? new Outcome.Done(stored)
                : new Outcome.NotDone(Why.IDEMPOTENCY_KEY_REUSED, "the key was used for another proposal");
    }

    private static boolean alike(
            Change stored, Map<String, @Nullable BigDecimal> values, List<Adding> adds, List<Long> removes) {
        return numbers(stored.settings()).equals(numbers(values))
                && stored.adds().stream()
                        .map(Entry::shown)
                        .toList()
                        .equals(adds.stream().map(Adding::shown).toList())
                && stored.removes().stream()
                        .map(Entry::id)
                        .sorted()
                        .toList()
                        .equals(removes.stream().sorted().toList());
    }

    private static Map<String, Optional<BigDecimal>> numbers(Map<String, @Nullable BigDecimal> values) {
        Map<String, Optional<BigDecimal>> numbers = new HashMap<>();
        values.forEach(
                (key, value) -> numbers.put(key, Optional.ofNullable(value).map(BigDecimal::stripTrailingZeros)));
        return numbers;
    }

    private static void words(String reason, String by) {
        if (reason.isBlank() || reason.length() > MOST_REASON) {
            throw new FieldError("reason", "must have 1 to " + MOST_REASON + " characters");
        }
        if (by.isBlank() || by.length() > MOST_NAME) {
            throw new FieldError("by", "must have 1 to " + MOST_NAME + " characters");
        }
    }

    private interface Query<T> {
        T run() throws SQLException;
    }

    private static <T> T reading(Query<T> query) {
        try {
            return query.run();
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }
}
