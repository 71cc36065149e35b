package org.exchequer.inward.breach;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.core.Budgets;
import org.exchequer.inward.core.Sla;
import org.exchequer.scoring.model.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a payment, of the node and of its partners when a stage ends: all that a prediction is made of.
 * Times in nanoseconds.
 *
 * @param sla of this payment
 * @param next the stage that follows
 * @param then the stage after that; null when there is none
 * @param newMoney whether it is a payment that nobody has checked yet
 * @param vam whether its account is VAM's
 * @param elapsed since the receipt
 * @param waited of this before the receipt
 * @param took of this in the stage that has ended
 * @param granted to that stage
 * @param fallbacks taken so far
 * @param load of the node
 * @param accountAge how old what is known of its account is; −1 when nothing is
 * @param first of the work of {@code next}; null when there is none
 * @param second of the work of {@code then}
 */
public record Moment(
        Sla sla,
        Stage next,
        @Nullable Stage then,
        boolean newMoney,
        boolean vam,
        long elapsed,
        long waited,
        long took,
        long granted,
        int fallbacks,
        Load load,
        long accountAge,
        @Nullable Ahead first,
        @Nullable Ahead second) {

    /** Payments on this node: worked on, waiting for a place, and how many places there are. */
    public record Load(int working, int waiting, int limit) {}

    /**
     * Work to come.
     *
     * @param pace how long it took lately
     * @param breaker 0 closed, 1 half open, 2 open: the worst of those before it
     */
    public record Ahead(Pace.Reading pace, int breaker) {}

    private static final List<String> OF_PAYMENT = List.of(
            "stage",
            "new_money",
            "core",
            "elapsed",
            "spare",
            "lag",
            "waited",
            "took",
            "fallbacks",
            "working",
            "waiting",
            "account_age");
    private static final List<String> OF_WORK = List.of(
            "grant", "p50", "p90", "last", "late_latest", "late", "silent", "under_way", "age", "breaker", "seen");

    /** The features, in order. */
    public static final Schema SCHEMA = schema();

    /** Times beyond so many times what is granted say no more. */
    private static final float MOST = 16;

    private static final float MOST_SECONDS = 600;

    private static Schema schema() {
        List<String> names = new ArrayList<>(OF_PAYMENT);
        for (String prefix : new String[] {"next.", "then."}) {
            OF_WORK.forEach(name -> names.add(prefix + name));
        }
        return Schema.of("breach-1", names);
    }

    /**
     * One number for each name of {@link #SCHEMA}, {@code NaN} where it is not known. Times are shares of what the
     * payment's own service level grants, so a longer or shorter one changes nothing.
     */
    public float[] features() {
        float[] x = new float[SCHEMA.size()];
        Arrays.fill(x, Float.NaN);
        float critical = sla.critical().toNanos();
        long planned = 0;
        long least = 0;
        for (Stage stage : Stage.values()) {
            if (stage.compareTo(next) < 0) {
                planned += sla.budget(stage).toNanos();
            } else {
                least += stage.least().toNanos();
            }
        }
        boolean accounts = next == Stage.ACCOUNT_VALIDATION || then == Stage.ACCOUNT_VALIDATION;
        int place = 0;
        x[place++] = next.ordinal();
        x[place++] = newMoney ? 1 : 0;
        x[place++] = accounts ? vam ? 1 : 2 : Float.NaN;
        x[place++] = elapsed / critical;
        x[place++] = (critical - elapsed - least) / critical;
        x[place++] = (elapsed - planned) / critical;
        x[place++] = waited / critical;
        x[place++] = granted <= 0 ? Float.NaN : share(took, granted);
        x[place++] = fallbacks;
        x[place++] = (float) load.working() / Math.max(1, load.limit());
        x[place++] = (float) load.waiting() / Math.max(1, load.limit());
        x[place++] = accounts && accountAge >= 0 ? seconds(accountAge) : Float.NaN;
        Budgets.Grant grant = Budgets.grant(sla, next, elapsed);
        fill(x, place, grant, first);
        if (then != null) {
            long wait = first == null ? 0 : Math.min(first.pace().p50Nanos(), grant.nanos());
            fill(x, place + OF_WORK.size(), Budgets.grant(sla, then, elapsed + wait), second);
        }
        return x;
    }

    private static void fill(float[] x, int from, Budgets.Grant grant, @Nullable Ahead ahead) {
        long unit = grant.nanos() > 0 ? grant.nanos() : grant.budget();
        x[from] = grant.budget() == 0 ? Float.NaN : (float) grant.nanos() / grant.budget();
        if (ahead == null || unit == 0) {
            return;
        }
        Pace.Reading pace = ahead.pace();
        if (pace.count() > 0) {
            x[from + 1] = share(pace.p50Nanos(), unit);
            x[from + 2] = share(pace.p90Nanos(), unit);
            x[from + 3] = share(pace.lastNanos(), unit);
            x[from + 4] = (float) pace.lateLatest();
            x[from + 5] = (float) pace.lateShare();
            x[from + 8] = seconds(pace.ageNanos());
        }
        x[from + 6] = share(pace.silentNanos(), unit);
        x[from + 7] = pace.underWay();
        x[from + 9] = ahead.breaker();
        x[from + 10] = pace.count();
    }

    private static float share(long nanos, long of) {
        return Math.min(MOST, (float) nanos / of);
    }

    private static float seconds(long nanos) {
        return Math.min(MOST_SECONDS, nanos / 1e9f);
    }
}
