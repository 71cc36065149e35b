package org.exchequer.inward.breach;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.exchequer.inward.core.Budgets;
import org.exchequer.inward.core.Course;
import org.exchequer.inward.core.Outcome;
import org.exchequer.inward.core.Sla;
import org.exchequer.iso20022.MessageType;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;

/** What this node knows of how long work takes now, and how likely a payment is to miss its time. Thread safe. */
public final class Forecaster {
    /** When nobody has heard of a partner for so long, somebody asks it. */
    private static final long STALE = Duration.ofSeconds(1).toNanos();

    private final ToDoubleFunction<Moment> model;
    private final Supplier<Moment.Load> load;
    private final Supplier<List<String>> notClosed;
    private final Ticker ticker;
    private final Map<Work, Pace> paces = new EnumMap<>(Work.class);

    /**
     * What does not change about a payment.
     *
     * @param vam whether its account is VAM's
     * @param currency of it, which has breakers of its own
     * @param bank that pays, which has a breaker of its own
     * @param waited before the receipt, in nanoseconds
     */
    public record Way(
            Sla sla,
            MessageType type,
            boolean vam,
            @Nullable String currency,
            @Nullable String bank,
            long waited) {}

    /**
     * What has become of it so far, when a stage ends.
     *
     * @param next the state that it is in from now on
     * @param elapsed since the receipt, in nanoseconds
     * @param took of this in the stage that has ended
     * @param granted to that stage
     * @param fallbacks taken so far
     * @param accountAge how old what is known of its account is, in nanoseconds; −1 when nothing is
     */
    public record Standing(State next, long elapsed, long took, long granted, int fallbacks, long accountAge) {}

    /**
     * @param model says how likely a payment misses its time, 0 to 1
     * @param load of the node
     * @param notClosed breakers that are not closed, with their states: {@code vam/account=OPEN}
     */
    public Forecaster(
            ToDoubleFunction<Moment> model,
            Supplier<Moment.Load> load,
            Supplier<List<String>> notClosed,
            Ticker ticker) {
        this.model = model;
        this.load = load;
        this.notClosed = notClosed;
        this.ticker = ticker;
        for (Work work : Work.values()) {
            paces.put(work, new Pace());
        }
    }

    /** Where the times of such work are told. */
    public Pace pace(Work work) {
        return Objects.requireNonNull(paces.get(work));
    }

    /**
     * Whether there is anything to predict: a stage has ended with that change of state, others follow, and it is not
     * known already that too little time is left for them.
     *
     * @param elapsed since the receipt, in nanoseconds
     */
    public static boolean isOpen(Sla sla, State from, State to, long elapsed) {
        return to.stage() != from.stage()
                && to.stage() != Stage.COMPLETED
                && !to.terminal()
                && !Budgets.hopeless(sla, to.stage(), elapsed);
    }

    /** How likely the payment misses its time within the next two stages, 0 to 1: {@link Step#missedAfter}. */
    public double probability(Way way, Standing standing) {
        return model.applyAsDouble(moment(way, standing));
    }

    /** What is known now. */
    public Moment moment(Way way, Standing standing) {
        Stage next = standing.next().stage();
        Stage then = Course.after(State.valueOf(next.name()), Outcome.PASSED, way.type())
                .stage();
        return new Moment(
                way.sla(),
                next,
                then == Stage.COMPLETED ? null : then,
                Course.movesNewMoney(way.type()),
                way.vam(),
                standing.elapsed(),
                way.waited(),
                standing.took(),
                standing.granted(),
                standing.fallbacks(),
                load.get(),
                standing.accountAge(),
                ahead(next, way),
                ahead(then, way));
    }

    private Moment.@Nullable Ahead ahead(Stage stage, Way way) {
        Work work = Work.of(stage, way.vam());
        return work == null ? null : new Moment.Ahead(pace(work).reading(ticker.nanos()), breaker(work, way));
    }

    private int breaker(Work work, Way way) {
        if (work.partner().isEmpty()) {
            return 0;
        }
        int worst = 0;
        for (String label : notClosed.get()) {
            int end = label.indexOf('=');
            String name = label.substring(0, end);
            String operation = work.operation();
            boolean before = name.equals(work.partner())
                    || name.equals(operation)
                    || name.equals(operation + "/" + (work == Work.LIQUIDITY ? way.bank() : way.currency()));
            if (before) {
                String state = label.substring(end + 1);
                worst = Math.max(worst, state.endsWith("_CLOSED") ? 0 : state.equals("HALF_OPEN") ? 1 : 2);
            }
        }
        return worst;
    }

    /**
     * Whether a payment at risk does well to go without such work. When it has not been heard of for a while somebody
     * has to ask: otherwise nobody would learn that a partner is well again.
     */
    public boolean goesWithout(Work work) {
        Pace.Reading reading = pace(work).reading(ticker.nanos());
        boolean unknown = reading.count() == 0 || reading.ageNanos() > STALE;
        return !unknown || reading.underWay() > 0;
    }
}
