package org.exchequer.scoring.features;

/** From counts and sums to features. Shared by the stream and the past, so that equal sums give equal bits. */
final class Formulas {
    /** Amounts an account's statistics remember. */
    static final int AMOUNTS = 32;

    /** Payees whose payments are counted exactly. */
    static final int PAYEES = 32;

    static final int DEVICES = 8;
    static final int CELLS = 8;
    static final float MOST_RATIO = 1e6f;

    private static final int LEAST_AMOUNTS = 3;
    private static final double MOST_DEVIATIONS = 1_000;
    private static final double EARTH_KM = 6_371;
    private static final int HOURS = 24;
    private static final int QUARTER = 6;
    private static final int THURSDAY = 3;
    private static final int DAYS = 7;
    private static final int SATURDAY = 5;
    private static final float HALF_DAY_MINUTES = 720;

    private Formulas() {}

    static float share(long part, long whole) {
        return whole == 0 ? Float.NaN : (float) ((double) part / whole);
    }

    static float ratio(long part, long whole) {
        return whole <= 0 ? MOST_RATIO : Math.min(MOST_RATIO, (float) ((double) part / whole));
    }

    static float percentile(long[] values, int length, long value) {
        int below = 0;
        for (int i = 0; i < length; i++) {
            if (values[i] <= value) {
                below++;
            }
        }
        return share(below, length);
    }

    /** Values in order of arrival. A spread below 1 % of the mean counts as that, so that rents are no outliers. */
    static float deviation(long[] values, int length, long value) {
        if (length < LEAST_AMOUNTS) {
            return Float.NaN;
        }
        long sum = 0;
        for (int i = 0; i < length; i++) {
            sum += values[i];
        }
        double mean = (double) sum / length;
        double squares = 0;
        for (int i = 0; i < length; i++) {
            squares += (values[i] - mean) * (values[i] - mean);
        }
        double spread = Math.max(Math.sqrt(squares / (length - 1)), mean / 100);
        return (float) Math.clamp((value - mean) / spread, -MOST_DEVIATIONS, MOST_DEVIATIONS);
    }

    /** Weekday, Monday 0, by 24, plus hour. */
    static int hourOfWeek(long time, int offsetMinutes) {
        long local = time + offsetMinutes * Ring.MINUTE;
        long weekday = Math.floorMod(Math.floorDiv(local, Ring.DAY) + THURSDAY, (long) DAYS);
        return (int) (weekday * HOURS + Math.floorMod(Math.floorDiv(local, Ring.HOUR), (long) HOURS));
    }

    static int cell(int hourOfWeek) {
        int weekend = hourOfWeek / HOURS >= SATURDAY ? 1 : 0;
        return weekend * (CELLS / 2) + hourOfWeek % HOURS / QUARTER;
    }

    static float age(Party party, long time) {
        return party.openedDay() == Party.UNKNOWN_DAY
                ? Float.NaN
                : Math.max(0, Math.floorDiv(time, Ring.DAY) - party.openedDay());
    }

    /** Mean of what is known: kind of account, country, verification, age. */
    static float profile(Party party, long time, RiskTables tables) {
        double sum = tables.accountType(party.type());
        int parts = 1;
        if (!party.country().isEmpty()) {
            sum += tables.country(party.country());
            parts++;
        }
        if (party.kycLevel() >= 0) {
            sum += 1 - (double) party.kycLevel() / Party.MOST_KYC;
            parts++;
        }
        float age = age(party, time);
        if (!Float.isNaN(age)) {
            sum += age < 30 ? 1 : age < 90 ? 0.6 : age < 365 ? 0.3 : 0.1;
            parts++;
        }
        return (float) (sum / parts);
    }

    /** The mean of scores in millionths, NaN of none. */
    static float score(long sum, long count) {
        return count == 0 ? Float.NaN : (float) ((double) sum / count / Score.ONE);
    }

    static float counterparty(float profile, float score) {
        return Float.isNaN(score) ? profile : (profile + score) / 2;
    }

    /** A Poisson count has its mean as variance; one is added to it so that the first payment of a day is no alarm. */
    static float seasonal(long today, long sameWeekdays) {
        double mean = sameWeekdays / 4.0;
        return (float) ((today - mean) / Math.sqrt(mean + 1));
    }

    static float monthly(long sum, long since, long asOf) {
        double months = Math.max(1, (double) (asOf - since) / (30 * Ring.DAY));
        return (float) (sum / months);
    }

    static int trailingZeros(long amount) {
        int zeros = 0;
        for (long rest = amount; rest % 10 == 0; rest /= 10) {
            zeros++;
        }
        return zeros;
    }

    /** Great circle by the haversine formula, in kilometres an hour. */
    static float speed(Origin here, long time, float latitude, float longitude, long before) {
        double one = StrictMath.toRadians(latitude);
        double other = StrictMath.toRadians(here.latitude());
        double north = StrictMath.sin((other - one) / 2);
        double east = StrictMath.sin(StrictMath.toRadians(here.longitude() - longitude) / 2);
        double half = north * north + StrictMath.cos(one) * StrictMath.cos(other) * east * east;
        double kilometres = 2 * EARTH_KM * StrictMath.asin(Math.min(1, Math.sqrt(half)));
        double hours = (double) Math.max(Ring.MINUTE, Math.abs(time - before)) / Ring.HOUR;
        return (float) (kilometres / hours);
    }

    static float zone(Event event) {
        int offset = event.origin().utcOffsetMinutes();
        if (offset == Origin.UNKNOWN_OFFSET) {
            return Float.NaN;
        }
        int apart = Math.abs(offset - event.debtor().utcOffsetMinutes());
        return 1 - Math.min(apart, 2 * HALF_DAY_MINUTES - Math.min(apart, 2 * HALF_DAY_MINUTES)) / HALF_DAY_MINUTES;
    }

    /** What needs no memory: the same for the stream and the past. */
    static void own(Event event, RiskTables tables, float[] vector) {
        Party debtor = event.debtor();
        Origin origin = event.origin();
        set(vector, Feature.WEEKDAY_HOUR_PATTERN, hourOfWeek(event.timeMillis(), debtor.utcOffsetMinutes()));
        set(vector, Feature.AMOUNT_LOG, (float) StrictMath.log10((double) event.baseMinor()));
        set(vector, Feature.AMOUNT_TRAILING_ZEROS, trailingZeros(event.amountMinor()));
        set(vector, Feature.ACCOUNT_AGE_DAYS, age(debtor, event.timeMillis()));
        set(
                vector,
                Feature.ACCOUNT_BALANCE_RATIO,
                event.balanceMinor() == Event.UNKNOWN_BALANCE
                        ? Float.NaN
                        : ratio(event.baseMinor(), event.balanceMinor()));
        set(vector, Feature.RISK_PROFILE_SCORE, profile(debtor, event.timeMillis(), tables));
        set(vector, Feature.KYC_VERIFICATION_LEVEL, debtor.kycLevel() < 0 ? Float.NaN : (float) debtor.kycLevel());
        set(vector, Feature.ACCOUNT_TYPE_RISK, tables.accountType(debtor.type()));
        set(vector, Feature.IP_GEOLOCATION_RISK, tables.country(origin.country()));
        set(vector, Feature.TIME_ZONE_CONSISTENCY, zone(event));
        set(vector, Feature.NETWORK_REPUTATION_SCORE, origin.reputation());
        set(vector, Feature.VPN_PROXY_DETECTION, origin.hidden() < 0 ? Float.NaN : (float) origin.hidden());
        set(vector, Feature.BEHAVIORAL_BIOMETRICS, origin.behaviour());
        set(vector, Feature.MERCHANT_CATEGORY_RISK, tables.category(event.merchantCategory()));
        float payer = tables.country(debtor.country());
        float payee = tables.country(event.creditor().country());
        set(
                vector,
                Feature.COUNTRY_RISK,
                Float.isNaN(payer) ? payee : Float.isNaN(payee) ? payer : Math.max(payer, payee));
    }

    static void set(float[] vector, Feature feature, float value) {
        vector[feature.place()] = value;
    }

    /** Counts and sums: a float has 24 bits of them. */
    static void set(float[] vector, Feature feature, long value) {
        vector[feature.place()] = (float) value;
    }
}
