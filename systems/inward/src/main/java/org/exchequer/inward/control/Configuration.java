package org.exchequer.inward.control;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.exchequer.inward.Settings;
import org.exchequer.inward.api.ConfigEntry;
import org.exchequer.inward.api.ConfigKey;
import org.exchequer.inward.api.Configurations;
import org.exchequer.inward.api.Decision;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.core.ConfigSet;
import org.exchequer.inward.core.Intake;
import org.exchequer.inward.store.ConfigurationTable;
import org.exchequer.iso20022.Instruction;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is configured, kept by each node as an immutable set that {@link #refresh} replaces: payments never wait for the
 * database here. While the database is away, what was known last holds.
 */
public final class Configuration implements Configurations {
    private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);
    private static final int MOST_COMBINATIONS = 1_000;
    private static final int MOST_REASON = 500;
    private static final int MOST_NAME = 100;

    private final ConfigurationTable table;
    private final Settings base;
    private final WorkGate.Bounds load;
    private final List<ConfigKey> keys;
    private final Map<String, ConfigKey> byName = new HashMap<>();
    private final Clock clock;
    private final String node;
    private volatile Known known;

    /** One set, and the settings that were made of it so far, by the revisions of what applied. */
    private static final class Known {
        private final ConfigSet set;
        private final Map<List<Long>, Settings> made = new ConcurrentHashMap<>();

        Known(ConfigSet set) {
            this.set = set;
        }
    }

    /**
     * What a payment is worked on by.
     *
     * @param experiments that it takes part in
     * @param values of keys that are configured for it
     */
    public record Chosen(Settings settings, long revision, List<String> experiments, Map<String, BigDecimal> values) {}

    /** @param base what holds where nothing is configured */
    public Configuration(ConfigurationTable table, Settings base, WorkGate.Bounds load, Clock clock, String node) {
        this.table = table;
        this.base = base;
        this.load = load;
        this.keys = Keys.of(base, load);
        this.clock = clock;
        this.node = node;
        this.known = new Known(ConfigSet.EMPTY);
        keys.forEach(key -> byName.put(key.name(), key));
    }

    /** Reads what was approved since; whether there was anything. */
    public boolean refresh() throws SQLException {
        long revision = table.revision();
        if (revision == known.set.revision()) {
            return false;
        }
        List<ConfigEntry> approved = table.approved();
        long read = approved.isEmpty()
                ? 0
                : Objects.requireNonNull(approved.getLast().revision());
        known = new Known(new ConfigSet(read, approved));
        LOG.info("Configuration revision {} applies from here on", read);
        return true;
    }

    /** What a payment that has just been received is worked on by. */
    public Chosen choose(Intake intake) {
        Known now = known;
        if (now.set.isEmpty()) {
            return new Chosen(base, 0, List.of(), Map.of());
        }
        Instruction read = intake.instruction();
        Money amount = read == null ? null : read.amount();
        ConfigSet.Applied applied = now.set.apply(new ConfigSet.Context(
                intake.type().name(),
                amount == null ? null : amount.currency().code(),
                amount == null ? null : amount.minorUnits(),
                node,
                clock.instant(),
                entry -> ConfigSet.inExperiment(entry, intake.key())));
        return new Chosen(
                settings(now, applied),
                now.set.revision(),
                List.copyOf(applied.experiments()),
                values(applied.entries()));
    }

    private Settings settings(Known now, ConfigSet.Applied applied) {
        if (applied.entries().isEmpty()) {
            return base;
        }
        List<Long> revisions = applied.entries().stream()
                .map(entry -> Objects.requireNonNull(entry.revision()))
                .toList();
        Settings made = now.made.get(revisions);
        if (made == null) {
            made = make(applied);
            if (now.made.size() < MOST_COMBINATIONS) {
                now.made.put(revisions, made);
            }
        }
        return made;
    }

    /** Approvals are checked; what still makes no sense, such as after a change of the program, is left out. */
    private Settings make(ConfigSet.Applied applied) {
        try {
            return ConfiguredSettings.of(base, applied.entries());
        } catch (IllegalArgumentException e) {
            LOG.error(
                    "What is configured makes no sense together, and the program's own values hold: {}",
                    e.getMessage());
            return base;
        }
    }

    private static Map<String, BigDecimal> values(List<ConfigEntry> entries) {
        Map<String, BigDecimal> values = new HashMap<>();
        entries.forEach(entry -> values.put(entry.key(), Objects.requireNonNull(entry.value())));
        return values;
    }

    /** What this node is configured to as a whole. */
    public NodeSettings ofNode() {
        ConfigSet.Applied applied = known.set.apply(ConfigSet.Context.of(node, clock.instant()));
        try {
            return NodeSettings.of(load, values(applied.entries()));
        } catch (IllegalArgumentException e) {
            LOG.error("What is configured for the node makes no sense together: {}", e.getMessage());
            return NodeSettings.of(load, Map.of());
        }
    }

    /**
     * How much may pass with fewer checks, in minor units.
     *
     * @param payment of one payment
     * @param total of all payments under one measure
     * @param forced of one payment that is completed by hand
     */
    public record Caps(long payment, long total, long forced) {}

    /** Those of a currency; none for one that is not taken. */
    public Caps caps(String currency) {
        Settings.Limit limit = base.limits().get(currency);
        if (limit == null) {
            return new Caps(0, 0, 0);
        }
        Map<String, BigDecimal> values = known.set.isEmpty()
                ? Map.of()
                : values(known.set
                        .apply(new ConfigSet.Context(null, currency, null, node, clock.instant(), entry -> false))
                        .entries());
        return new Caps(
                values.getOrDefault(
                                Keys.CAP, BigDecimal.valueOf(limit.unchecked().minorUnits()))
                        .longValueExact(),
                values.getOrDefault(
                                Keys.CAP_TOTAL,
                                BigDecimal.valueOf(limit.uncheckedMinute().minorUnits()))
                        .longValueExact(),
                values.getOrDefault(
                                Keys.CAP_FORCED,
                                BigDecimal.valueOf(limit.risky().minorUnits()))
                        .longValueExact());
    }

    /** Those that are taken. */
    public java.util.Set<String> currencies() {
        return base.limits().keySet();
    }

    /** How long a payment whose outcome is not known is left to people before its key is taken. */
    public Duration pendingHold() {
        BigDecimal value = values(known.set
                        .apply(ConfigSet.Context.of(node, clock.instant()))
                        .entries())
                .get(Keys.PENDING_HOLD);
        return value == null ? Duration.ZERO : Duration.ofMillis(value.longValueExact());
    }

    @Override
    public List<ConfigKey> keys() {
        return keys;
    }

    @Override
    public long revision() {
        return known.set.revision();
    }

    @Override
    public List<ConfigEntry> approved() {
        return known.set.newest();
    }

    @Override
    public List<ConfigEntry> proposed() {
        return reading(table::proposed);
    }

    @Override
    public List<ConfigEntry> history(String key) {
        require(key);
        return reading(() -> table.history(key));
    }

    @Override
    public Outcome propose(Draft draft, String by) {
        ConfigKey key = require(draft.key());
        Drafts.check(draft, key, clock.instant());
        checkWords("reason", draft.reason(), MOST_REASON);
        checkWords("by", by, MOST_NAME);
        ConfigEntry entry = new ConfigEntry(
                draft.key(),
                0,
                draft.value(),
                draft.scope(),
                draft.from() == null ? clock.instant() : draft.from(),
                draft.until(),
                draft.experiment(),
                draft.percentage(),
                null,
                draft.reason(),
                by,
                clock.instant(),
                Decision.State.PROPOSED,
                null,
                null);
        return new Outcome.Done(
                reading(() -> table.propose(entry, key.category().name())));
    }

    @Override
    public Outcome decide(String key, long version, boolean approve, String by, String reason) {
        require(key);
        if (reason.length() > MOST_REASON) {
            throw new FieldError("reason", "must have at most " + MOST_REASON + " characters");
        }
        checkWords("by", by, MOST_NAME);
        return reading(() -> {
            Outcome outcome = table.decide(
                    key, version, approve, by, clock.instant(), reason, given -> problem(given, approve, by));
            refresh();
            return outcome;
        });
    }

    private Outcome.@Nullable NotDone problem(ConfigurationTable.Given given, boolean approve, String by) {
        if (given.proposal().isEmpty()) {
            return new Outcome.NotDone(Why.VERSION_NOT_FOUND, "there is no such version");
        }
        ConfigEntry proposal = given.proposal().get();
        if (proposal.state() != Decision.State.PROPOSED) {
            return new Outcome.NotDone(
                    Why.ALREADY_DECIDED,
                    "it was " + proposal.state().name().toLowerCase(java.util.Locale.ROOT) + " before");
        }
        if (!approve) {
            return null;
        }
        if (proposal.createdBy().strip().equalsIgnoreCase(by.strip())) {
            return new Outcome.NotDone(Why.APPROVER_IS_AUTHOR, "another person than its author has to approve it");
        }
        return Optional.ofNullable(Combinations.contradiction(
                        proposal, given.approved(), given.revision(), base, load, clock.instant()))
                .map(text -> new Outcome.NotDone(Why.CONTRADICTION, text))
                .orElse(null);
    }

    @Override
    public Outcome rollBack(String key, long version, String by, String reason) {
        ConfigKey found = require(key);
        checkWords("reason", reason, MOST_REASON);
        checkWords("by", by, MOST_NAME);
        Optional<ConfigEntry> old = reading(() -> table.find(key, version));
        if (old.isEmpty()) {
            return new Outcome.NotDone(Why.VERSION_NOT_FOUND, "there is no such version");
        }
        ConfigEntry entry = old.get();
        if (entry.state() != Decision.State.APPROVED) {
            return new Outcome.NotDone(Why.NOT_APPROVED, "it was never approved");
        }
        ConfigEntry again = new ConfigEntry(
                key,
                0,
                entry.value(),
                entry.scope(),
                clock.instant(),
                null,
                entry.experiment(),
                entry.percentage(),
                version,
                reason,
                by,
                clock.instant(),
                Decision.State.PROPOSED,
                null,
                null);
        return new Outcome.Done(
                reading(() -> table.propose(again, found.category().name())));
    }

    private ConfigKey require(String key) {
        ConfigKey found = byName.get(key);
        if (found == null) {
            throw new FieldError("key", "must be one of those that can be configured");
        }
        return found;
    }

    static void checkWords(String field, String text, int most) {
        if (text.isBlank() || text.length() > most || text.indexOf('\0') >= 0) {
            throw new FieldError(field, "must have 1 to " + most + " characters, none of them U+0000");
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
