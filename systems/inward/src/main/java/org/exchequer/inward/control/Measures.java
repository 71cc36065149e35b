package org.exchequer.inward.control;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.exchequer.inward.Settings;
import org.exchequer.inward.api.Controls;
import org.exchequer.inward.api.Measure;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.core.Course;
import org.exchequer.inward.core.Intake;
import org.exchequer.inward.partner.BreakerOverride;
import org.exchequer.inward.partner.BreakerReading;
import org.exchequer.inward.partner.Breakers;
import org.exchequer.inward.store.MeasureTable;
import org.exchequer.iso20022.MessageType;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures, as this node knows them since {@link #refresh} last: payments never wait for the database here. One ends on
 * time also while the database is away.
 *
 * <p>Of the cap of a measure a node takes parts, which are durable before they are used, and gives those out: together
 * nodes never let more pass than the cap. What a node has taken and not given out when it dies is lost to the measure.
 */
public final class Measures implements Controls {
    private static final Logger LOG = LoggerFactory.getLogger(Measures.class);
    private static final int PARTS = 10;
    private static final int MOST_NAME = 100;

    private final MeasureTable table;
    private final Configuration configuration;
    private final Breakers breakers;
    private final WorkGate gate;
    private final Ticker ticker;
    private final Map<Purse.Key, Purse> purses = new ConcurrentHashMap<>();
    private final Map<Long, Measure> overrides = new ConcurrentHashMap<>();
    private volatile List<Known> known = List.of();

    private record Known(Measure measure, long untilNanos) {}

    /** What this node may still give out of a measure in one currency. */
    private static final class Purse {
        private record Key(long measure, String currency) {}

        private final AtomicLong left = new AtomicLong();
        private volatile boolean wanted = true;

        boolean take(long minor) {
            long before = left.getAndUpdate(now -> now >= minor ? now - minor : now);
            return before >= minor;
        }
    }

    public Measures(MeasureTable table, Configuration configuration, Breakers breakers, WorkGate gate, Ticker ticker) {
        this.table = table;
        this.configuration = configuration;
        this.breakers = breakers;
        this.gate = gate;
        this.ticker = ticker;
    }

    /** Reads what is in force, forces breakers accordingly, and takes parts of caps that are needed. */
    public synchronized void refresh() throws SQLException {
        long now = ticker.nanos();
        List<Known> read = table.inForce().stream()
                .map(one -> new Known(one.measure(), now + one.left().toNanos()))
                .toList();
        known = read;
        override(read);
        lease(read);
    }

    private void override(List<Known> read) {
        Map<Long, Known> wanted = read.stream()
                .filter(one -> one.measure().kind() == Measure.Kind.BREAKER_OVERRIDE)
                .collect(Collectors.toMap(one -> one.measure().id(), one -> one));
        overrides.entrySet().removeIf(entry -> {
            boolean gone = !wanted.containsKey(entry.getKey());
            if (gone) {
                breakers.letGo(String.valueOf(entry.getValue().breaker()));
            }
            return gone;
        });
        wanted.forEach((id, one) -> {
            if (overrides.putIfAbsent(id, one.measure()) == null) {
                Measure measure = one.measure();
                Duration left = Duration.ofNanos(one.untilNanos() - ticker.nanos());
                breakers.force(
                        String.valueOf(measure.breaker()),
                        new BreakerOverride(
                                BreakerOverride.Mode.valueOf(String.valueOf(measure.breakerMode())),
                                measure.proposedBy(),
                                measure.reason(),
                                left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left));
                LOG.warn(
                        "Breaker {} is {} by order of {}",
                        measure.breaker(),
                        measure.breakerMode(),
                        measure.proposedBy());
            }
        });
    }

    private void lease(List<Known> read) throws SQLException {
        for (Known one : read) {
            Measure measure = one.measure();
            if (measure.kind() == Measure.Kind.EMERGENCY_MODE || measure.kind() == Measure.Kind.FRAUD_BYPASS) {
                for (String currency : configuration.currencies()) {
                    if (measure.currency() == null || measure.currency().equals(currency)) {
                        lease(measure.id(), currency);
                    }
                }
            }
        }
        purses.keySet()
                .removeIf(key -> read.stream().noneMatch(one -> one.measure().id() == key.measure()));
    }

    private void lease(long measure, String currency) throws SQLException {
        Purse purse = purses.computeIfAbsent(new Purse.Key(measure, currency), key -> new Purse());
        Configuration.Caps caps = configuration.caps(currency);
        long part = Math.max(caps.payment(), caps.total() / PARTS);
        if (purse.wanted && purse.left.get() < part) {
            long given = table.lease(measure, currency, part, caps.total());
            purse.left.addAndGet(given);
            purse.wanted = false;
        }
    }

    private record Held(Measure measure, long untilNanos, Measures all) implements Stance.Leave {
        @Override
        public boolean take(Money amount) {
            String currency = amount.currency().code();
            if (untilNanos - all.ticker.nanos() <= 0
                    || amount.minorUnits() > all.configuration.caps(currency).payment()) {
                return false;
            }
            Purse purse = all.purses.get(new Purse.Key(measure.id(), currency));
            if (purse == null) {
                return false;
            }
            boolean taken = purse.take(amount.minorUnits());
            purse.wanted = true;
            return taken;
        }
    }

    /** What a payment that has just been received is decided under. */
    public Stance stance(Intake intake) {
        Stance stance = Stance.of(configuration.choose(intake));
        List<Known> now = known;
        if (now.isEmpty()) {
            return stance;
        }
        List<Stance.Leave> leaves = new ArrayList<>();
        int extension = 0;
        for (Known one : now) {
            if (applies(one, intake)) {
                leaves.add(new Held(one.measure(), one.untilNanos(), this));
                Integer more = one.measure().extensionMs();
                // The longest of several: together they would be longer than anybody may order.
                extension = Math.max(extension, more == null ? 0 : more);
            }
        }
        Settings settings = stance.settings();
        if (extension > 0) {
            settings = settings.with(settings.sla().extended(Duration.ofMillis(extension)));
        }
        return new Stance(settings, stance.revision(), stance.experiments(), List.copyOf(leaves));
    }

    private boolean applies(Known one, Intake intake) {
        Measure measure = one.measure();
        Money amount =
                intake.instruction() == null ? null : intake.instruction().amount();
        boolean ofPayments = switch (measure.kind()) {
            case EMERGENCY_MODE, FRAUD_BYPASS -> Course.movesNewMoney(intake.type()) && amount != null;
            case SLA_EXTENSION -> true;
            case BREAKER_OVERRIDE, FORCED_COMPLETION -> false;
        };
        return ofPayments
                && one.untilNanos() - ticker.nanos() > 0
                && (measure.messageType() == null
                        || measure.messageType().equals(intake.type().name()))
                && (measure.currency() == null
                        || amount != null
                                && measure.currency().equals(amount.currency().code()));
    }

    /** Whether people have ordered that a payment be completed. */
    public boolean completing(UUID payment) {
        return known.stream()
                .anyMatch(one -> payment.equals(one.measure().payment()) && one.untilNanos() - ticker.nanos() > 0);
    }

    @Override
    public List<Measure> inForce() {
        return reading(() ->
                table.inForce().stream().map(MeasureTable.InForce::measure).toList());
    }

    @Override
    public List<Measure> proposed() {
        return reading(table::proposed);
    }

    @Override
    public List<Measure> latest(int limit) {
        return reading(() -> table.latest(limit));
    }

    @Override
    public List<Act> acts(long id) {
        return reading(() -> table.acts(id));
    }

    @Override
    public Outcome order(Draft draft, String by) {
        Configuration.checkWords("by", by, MOST_NAME);
        Orders.check(draft);
        return reading(() -> {
            Outcome.NotDone not = draft.payment() == null ? null : unfit(draft.payment());
            if (not != null) {
                return not;
            }
            Outcome outcome = table.order(draft, by);
            refresh();
            return outcome;
        });
    }

    private Outcome.@Nullable NotDone unfit(UUID payment) throws SQLException {
        Optional<MeasureTable.Pending> found = table.pending(payment);
        if (found.isEmpty()) {
            return new Outcome.NotDone(Why.PAYMENT_NOT_FOUND, "there is no payment " + payment);
        }
        MeasureTable.Pending pending = found.get();
        String currency = pending.currency();
        if (pending.done() || !Course.movesNewMoney(MessageType.valueOf(pending.type())) || currency == null) {
            return new Outcome.NotDone(
                    Why.PAYMENT_NOT_PENDING, "the payment has its final answer, or moves no new money");
        }
        long cap = configuration.caps(currency).forced();
        return pending.amount() > cap
                ? new Outcome.NotDone(Why.ABOVE_CAP, "its amount is above the cap of " + cap + " minor units")
                : null;
    }

    @Override
    public Outcome decide(long id, boolean approve, String by, String reason) {
        Configuration.checkWords("by", by, MOST_NAME);
        Orders.checkReason(reason);
        return reading(() -> {
            Outcome outcome = table.decide(id, approve, by, reason);
            refresh();
            return outcome;
        });
    }

    @Override
    public Outcome end(long id, String by, String reason) {
        Configuration.checkWords("by", by, MOST_NAME);
        Orders.checkReason(reason);
        return reading(() -> {
            Outcome outcome = table.end(id, by, reason);
            refresh();
            return outcome;
        });
    }

    @Override
    public List<BreakerView> breakers() {
        return breakers.readings().stream().map(Measures::view).toList();
    }

    private static BreakerView view(BreakerReading reading) {
        return new BreakerView(
                reading.name(),
                reading.state().name(),
                reading.failureShare(),
                reading.failureThreshold(),
                reading.slowShare(),
                reading.slowAfter(),
                reading.average(),
                reading.calls(),
                reading.failures(),
                reading.refused());
    }

    @Override
    public Load load() {
        return new Load(gate.working(), gate.waiting(), gate.limit());
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
