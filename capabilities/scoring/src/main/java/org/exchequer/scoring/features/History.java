package org.exchequer.scoring.features;

import static org.exchequer.scoring.features.Formulas.set;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Features of any recorded payment as they were at its moment, computed from the facts that had arrived by then: for
 * training and for audits, and the twin that {@link FeatureEngine} is tested against. Slow and plain: it scans all
 * earlier facts of the account. Safe for several threads.
 *
 * <p>The features of the graph are not computed and stay NaN; where the engine estimates (how many accounts used an
 * address or a device, payments to a payee beyond the first 32), these numbers are exact.
 */
public final class History {
    private final List<Fact> facts;
    private final FeatureSettings settings;
    private final Map<Long, Line<Event>> debits = new HashMap<>();
    private final Map<Long, Line<Event>> credits = new HashMap<>();
    private final Map<Long, Line<Score>> scores = new HashMap<>();
    private final Map<Long, Line<Event>> byEntity = new HashMap<>();
    private final Map<Long, Line<Event>> byAddress = new HashMap<>();
    private final Map<Long, Line<Event>> byDevice = new HashMap<>();

    /**
     * Takes the facts in the order in which they arrived.
     *
     * @param facts all of them, not copied
     * @param settings as of the engine
     */
    public History(List<Fact> facts, FeatureSettings settings) {
        this.facts = facts;
        this.settings = settings;
        for (int i = 0; i < facts.size(); i++) {
            switch (facts.get(i)) {
                case Event event -> {
                    index(debits, event.debtor().account(), i, event);
                    index(credits, event.creditor().account(), i, event);
                    index(byEntity, event.debtor().entity(), i, event);
                    index(byAddress, event.origin().ip(), i, event);
                    index(byDevice, event.origin().device(), i, event);
                }
                case Score score -> {
                    index(scores, score.debtor(), i, score);
                    if (score.creditor() != score.debtor()) {
                        index(scores, score.creditor(), i, score);
                    }
                }
            }
        }
    }

    /**
     * What was known of the payment that arrived at a place in the list.
     *
     * @param place of an {@link Event}, from 0
     */
    public float[] at(int place) {
        return at(place, place);
    }

    /** As {@link #at(int)}, seeing the first so many facts: more than {@code place} is a look into the future. */
    float[] at(int place, int visible) {
        if (!(facts.get(place) instanceof Event event)) {
            throw new IllegalArgumentException("fact " + place + " is not a payment");
        }
        float[] vector = new float[Feature.all().size()];
        Arrays.fill(vector, Float.NaN);
        Formulas.own(event, settings.tables(), vector);
        long account = event.debtor().account();
        List<Event> paid = before(debits, account, visible);
        List<Event> received = before(credits, account, visible);
        List<Score> scored = before(scores, account, visible);
        long active = Math.max(latest(debits, account, visible), latest(credits, account, visible));
        long asOf = Math.max(event.timeMillis(), Math.max(active, latest(scores, account, visible)));
        if (active != Long.MIN_VALUE) {
            set(vector, Feature.DORMANCY_PERIOD, (asOf - active) / Ring.DAY);
        }
        set(vector, Feature.PREVIOUS_FRAUD_SCORE_AVG, score(scored, asOf));
        long in = sum(received, Ring.HOUR, 24, asOf, any -> true);
        set(vector, Feature.RECEIVED_24H, in);
        if (in > 0) {
            long out = Ring.plus(sum(paid, Ring.HOUR, 24, asOf, any -> true), event.baseMinor());
            set(vector, Feature.PASS_THROUGH_24H, Formulas.ratio(out, in));
        }
        if (paid.isEmpty()) {
            FeatureEngine.nothingPaid(event, vector);
        } else {
            ofPaid(event, paid, asOf, vector);
        }
        ofPayee(event, paid, visible, vector);
        ofOthers(event, visible, vector);
        return vector;
    }

    /** Whether the engine only estimates how often this payer paid this payee. */
    boolean estimated(int place) {
        Event event = (Event) facts.get(place);
        Set<Long> payees = new HashSet<>();
        for (Event earlier : before(debits, event.debtor().account(), place)) {
            payees.add(earlier.creditor().account());
            if (earlier.creditor().account() == event.creditor().account()) {
                return payees.size() > Formulas.PAYEES;
            }
        }
        return payees.size() >= Formulas.PAYEES;
    }

    private void ofPaid(Event event, List<Event> paid, long asOf, float[] vector) {
        long[] amounts = paid.stream()
                .skip(Math.max(0, paid.size() - Formulas.AMOUNTS))
                .filter(earlier -> asOf - earlier.timeMillis() < FeatureEngine.MONTH_MILLIS)
                .mapToLong(Event::baseMinor)
                .toArray();
        long value = event.baseMinor();
        set(vector, Feature.AMOUNT_PERCENTILE_ACCOUNT_30D, Formulas.percentile(amounts, amounts.length, value));
        set(vector, Feature.AMOUNT_DEVIATION_FROM_AVERAGE, Formulas.deviation(amounts, amounts.length, value));
        set(vector, Feature.VELOCITY_COUNT_1H, count(paid, 5 * Ring.MINUTE, 12, asOf, any -> true));
        set(vector, Feature.VELOCITY_COUNT_24H, count(paid, Ring.HOUR, 24, asOf, any -> true));
        set(vector, Feature.VELOCITY_AMOUNT_1H, sum(paid, 5 * Ring.MINUTE, 12, asOf, any -> true));
        set(vector, Feature.VELOCITY_AMOUNT_24H, sum(paid, Ring.HOUR, 24, asOf, any -> true));
        int cell = Formulas.cell(
                Formulas.hourOfWeek(event.timeMillis(), event.debtor().utcOffsetMinutes()));
        long sameCell = 0;
        long sameType = 0;
        long sum = 0;
        long first = Long.MAX_VALUE;
        long latest = Long.MIN_VALUE;
        for (Event earlier : paid) {
            int of = Formulas.cell(
                    Formulas.hourOfWeek(earlier.timeMillis(), earlier.debtor().utcOffsetMinutes()));
            sameCell += of == cell ? 1 : 0;
            sameType += earlier.type() == event.type() ? 1 : 0;
            sum = Ring.plus(sum, earlier.baseMinor());
            first = Math.min(first, earlier.timeMillis());
            latest = Math.max(latest, earlier.timeMillis());
        }
        set(vector, Feature.TIME_SINCE_LAST_TRANSACTION, (asOf - latest) / Ring.MINUTE);
        set(vector, Feature.WEEKDAY_HOUR_FAMILIARITY, Formulas.share(sameCell, paid.size()));
        set(vector, Feature.TRANSACTION_TYPE_FREQUENCY, Formulas.share(sameType, paid.size()));
        set(vector, Feature.AVERAGE_MONTHLY_VOLUME, Formulas.monthly(sum, first, asOf));
        set(
                vector,
                Feature.SMALL_PAYMENTS_1H,
                count(paid, 5 * Ring.MINUTE, 12, asOf, earlier -> earlier.baseMinor() < settings.smallMinor()));
        set(
                vector,
                Feature.NEAR_THRESHOLD_30D,
                count(paid, Ring.DAY, 30, asOf, earlier -> settings.nearThreshold(earlier.baseMinor())));
        long today = Math.floorDiv(asOf, Ring.DAY);
        long[] ago = new long[30];
        for (Event earlier : paid) {
            long day = today - Math.floorDiv(earlier.timeMillis(), Ring.DAY);
            if (day < ago.length) {
                ago[(int) day]++;
            }
        }
        set(
                vector,
                Feature.SEASONAL_PATTERN_DEVIATION,
                Formulas.seasonal(ago[0], ago[7] + ago[14] + ago[21] + ago[28]));
        ofDevices(event, paid, asOf, vector);
        for (Event earlier : paid.reversed()) {
            if (event.origin().located() && earlier.origin().located()) {
                Origin there = earlier.origin();
                set(
                        vector,
                        Feature.GEOLOCATION_VELOCITY,
                        Formulas.speed(
                                event.origin(),
                                event.timeMillis(),
                                there.latitude(),
                                there.longitude(),
                                earlier.timeMillis()));
                break;
            }
        }
    }

    /** Plays the devices through: a ninth makes the one used longest ago be forgotten. */
    private static void ofDevices(Event event, List<Event> paid, long asOf, float[] vector) {
        Map<Long, long[]> known = new LinkedHashMap<>();
        for (Event earlier : paid) {
            long device = earlier.origin().device();
            if (device != Party.UNKNOWN) {
                long[] before = known.remove(device);
                if (before == null && known.size() == Formulas.DEVICES) {
                    known.remove(known.keySet().iterator().next());
                }
                known.put(device, before == null ? new long[] {0, earlier.timeMillis()} : before);
                long[] now = known.get(device);
                now[0]++;
                now[1] = Math.max(now[1], earlier.timeMillis());
            }
        }
        long uses = known.values().stream().mapToLong(use -> use[0]).sum();
        if (event.origin().device() != Party.UNKNOWN) {
            long familiar = known.getOrDefault(event.origin().device(), new long[2])[0];
            set(vector, Feature.DEVICE_FINGERPRINT_FAMILIARITY, Formulas.share(familiar, uses));
        }
        set(
                vector,
                Feature.DEVICES_1H,
                known.values().stream().filter(use -> asOf - use[1] < Ring.HOUR).count());
    }

    private void ofPayee(Event event, List<Event> paid, int visible, float[] vector) {
        long payee = event.creditor().account();
        set(
                vector,
                Feature.COUNTERPARTY_RELATIONSHIP,
                paid.stream()
                        .filter(earlier -> earlier.creditor().account() == payee)
                        .count());
        List<Score> scored = before(scores, payee, visible);
        float mean = Float.NaN;
        if (!scored.isEmpty()) {
            long asOf = Math.max(event.timeMillis(), latest(scores, payee, visible));
            asOf = Math.max(asOf, latest(debits, payee, visible));
            asOf = Math.max(asOf, latest(credits, payee, visible));
            mean = score(scored, asOf);
        }
        float profile = Formulas.profile(event.creditor(), event.timeMillis(), settings.tables());
        set(vector, Feature.COUNTERPARTY_RISK_SCORE, Formulas.counterparty(profile, mean));
    }

    private void ofOthers(Event event, int visible, float[] vector) {
        long entity = event.debtor().entity();
        if (entity != Party.UNKNOWN) {
            List<Event> all = before(byEntity, entity, visible);
            long asOf = Math.max(event.timeMillis(), latest(byEntity, entity, visible));
            set(vector, Feature.CROSS_ENTITY_VELOCITY, count(all, Ring.HOUR, 24, asOf, any -> true));
            set(vector, Feature.CROSS_ENTITY_AMOUNT, sum(all, Ring.HOUR, 24, asOf, any -> true));
        }
        long address = event.origin().ip();
        if (address != Party.UNKNOWN) {
            List<Event> all = before(byAddress, address, visible);
            long asOf = Math.max(event.timeMillis(), latest(byAddress, address, visible));
            set(vector, Feature.IP_VELOCITY_1H, count(all, 5 * Ring.MINUTE, 12, asOf, any -> true));
            set(vector, Feature.IP_ACCOUNTS_2D, payers(all, asOf));
        }
        long device = event.origin().device();
        if (device != Party.UNKNOWN) {
            long asOf = Math.max(event.timeMillis(), latest(byDevice, device, visible));
            set(vector, Feature.DEVICE_ACCOUNTS_2D, payers(before(byDevice, device, visible), asOf));
        }
    }

    private static float payers(List<Event> all, long asOf) {
        Set<Long> payers = new HashSet<>();
        long since = since(Ring.DAY, 2, asOf);
        for (Event earlier : all) {
            if (earlier.timeMillis() >= since) {
                payers.add(earlier.debtor().account());
            }
        }
        return payers.size();
    }

    private static float score(List<Score> scored, long asOf) {
        long sum = 0;
        long count = 0;
        long since = since(Ring.DAY, 30, asOf);
        for (Score score : scored) {
            if (score.timeMillis() >= since) {
                sum += score.millionths();
                count++;
            }
        }
        return Formulas.score(sum, count);
    }

    private static long count(List<Event> events, long unit, int length, long asOf, Predicate<Event> which) {
        long count = 0;
        long since = since(unit, length, asOf);
        for (Event event : events) {
            if (event.timeMillis() >= since && which.test(event)) {
                count++;
            }
        }
        return count;
    }

    private static long sum(List<Event> events, long unit, int length, long asOf, Predicate<Event> which) {
        long sum = 0;
        long since = since(unit, length, asOf);
        for (Event event : events) {
            if (event.timeMillis() >= since && which.test(event)) {
                sum = Ring.plus(sum, event.baseMinor());
            }
        }
        return sum;
    }

    /** First moment of the window of so many units that ends with the unit of {@code asOf}. */
    private static long since(long unit, int length, long asOf) {
        return (Math.floorDiv(asOf, unit) - length + 1) * unit;
    }

    /** The facts about one key in order of arrival. */
    private static final class Line<F extends Fact> {
        final List<F> facts = new ArrayList<>();
        int[] places = new int[4];
        long[] latest = new long[4];

        void add(int place, F fact) {
            int size = facts.size();
            if (size == places.length) {
                places = Arrays.copyOf(places, 2 * size);
                latest = Arrays.copyOf(latest, 2 * size);
            }
            places[size] = place;
            latest[size] = size == 0 ? fact.timeMillis() : Math.max(latest[size - 1], fact.timeMillis());
            facts.add(fact);
        }

        int length(int visible) {
            int found = Arrays.binarySearch(places, 0, facts.size(), visible);
            return found < 0 ? -found - 1 : found;
        }
    }

    private static <F extends Fact> List<F> before(Map<Long, Line<F>> index, long key, int visible) {
        Line<F> line = index.get(key);
        return line == null ? List.of() : line.facts.subList(0, line.length(visible));
    }

    private static <F extends Fact> long latest(Map<Long, Line<F>> index, long key, int visible) {
        Line<F> line = index.get(key);
        int length = line == null ? 0 : line.length(visible);
        return line == null || length == 0 ? Long.MIN_VALUE : line.latest[length - 1];
    }

    private static <F extends Fact> void index(Map<Long, Line<F>> index, long key, int place, F fact) {
        if (key != Party.UNKNOWN) {
            index.computeIfAbsent(key, any -> new Line<>()).add(place, fact);
        }
    }
}
