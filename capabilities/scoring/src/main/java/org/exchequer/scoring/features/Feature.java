package org.exchequer.scoring.features;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Everything that is known about a payment at the moment it is made, one number each. The list is the schema: the place
 * of a name is its place in the vector, so new ones are added at the end of their vector, with a new {@link #VERSION}.
 *
 * <p>All look at what arrived <em>before</em> the payment, never at the payment itself except for its own attributes.
 * NaN means that it is not known. "1 h", "24 h" and "30 d" are the current 5 minutes, hour, or day (UTC) and the
 * 11, 23, or 29 before it: so the last hour is 55 to 60 minutes long, and the counts are exact in bounded memory.
 */
public enum Feature {
    AMOUNT_PERCENTILE_ACCOUNT_30D(
            Group.TRANSACTION, "share", 0, 1, "Share of the payer's last 32 payments of 30 d that were no larger"),
    VELOCITY_COUNT_1H(Group.TRANSACTION, "payments", 0, 1e9, "Payments the payer made in 1 h"),
    VELOCITY_COUNT_24H(Group.TRANSACTION, "payments", 0, 1e9, "Payments the payer made in 24 h"),
    VELOCITY_AMOUNT_1H(Group.TRANSACTION, "minor units", 0, 1e19, "What the payer paid in 1 h"),
    VELOCITY_AMOUNT_24H(Group.TRANSACTION, "minor units", 0, 1e19, "What the payer paid in 24 h"),
    TIME_SINCE_LAST_TRANSACTION(
            Group.TRANSACTION, "minutes", 0, 1e10, "Time since the payer's latest payment; 0 if this one came late"),
    AMOUNT_DEVIATION_FROM_AVERAGE(
            Group.TRANSACTION,
            "standard deviations",
            -1_000,
            1_000,
            "How far the amount is from the mean of the payer's last 32 payments of 30 d, of which there must be 3"),
    WEEKDAY_HOUR_PATTERN(
            Group.TRANSACTION,
            "code",
            0,
            167,
            "Hour of the week at the payer's home: weekday, Monday 0, by 24, plus hour"),
    WEEKDAY_HOUR_FAMILIARITY(
            Group.TRANSACTION,
            "share",
            0,
            1,
            "Share of the payer's payments made in the same quarter of a weekday, or of a day at the weekend"),
    TRANSACTION_TYPE_FREQUENCY(Group.TRANSACTION, "share", 0, 1, "Share of the payer's payments that are of this type"),
    AMOUNT_LOG(
            Group.TRANSACTION, "powers of ten", 0, 14, "Logarithm of the amount in minor units of the base currency"),
    AMOUNT_TRAILING_ZEROS(Group.TRANSACTION, "digits", 0, 14, "Zeros at the end of the amount as it was ordered"),
    SMALL_PAYMENTS_1H(Group.TRANSACTION, "payments", 0, 1e9, "Payments below the small amount the payer made in 1 h"),
    NEAR_THRESHOLD_30D(
            Group.TRANSACTION,
            "payments",
            0,
            1e9,
            "Payments of the payer in 30 d from 80 % of the reporting threshold to just below it"),

    ACCOUNT_AGE_DAYS(Group.ACCOUNT, "days", 0, 1e7, "Days since the payer's account was opened"),
    AVERAGE_MONTHLY_VOLUME(
            Group.ACCOUNT,
            "minor units",
            0,
            1e19,
            "All that the payer has paid, by months of 30 days since the first payment, at least one"),
    ACCOUNT_BALANCE_RATIO(
            Group.ACCOUNT, "ratio", 0, 1e6, "The amount by the payer's balance; 1,000,000 where that is not positive"),
    DORMANCY_PERIOD(Group.ACCOUNT, "days", 0, 1e7, "Days since money last left or reached the payer's account"),
    RISK_PROFILE_SCORE(
            Group.ACCOUNT, "risk", 0, 1, "Mean of the payer's risk by kind of account, country, verification and age"),
    KYC_VERIFICATION_LEVEL(Group.ACCOUNT, "level", 0, 3, "How far the payer was verified"),
    PREVIOUS_FRAUD_SCORE_AVG(
            Group.ACCOUNT, "score", 0, 1, "Mean of the scores that payments of the payer's account got in 30 d"),
    ACCOUNT_TYPE_RISK(Group.ACCOUNT, "risk", 0, 1, "Risk of the payer's kind of account"),
    RECEIVED_24H(Group.ACCOUNT, "minor units", 0, 1e19, "What the payer received in 24 h"),
    PASS_THROUGH_24H(
            Group.ACCOUNT,
            "ratio",
            0,
            1e6,
            "What the payer will have paid in 24 h with this payment, by what the payer received in 24 h"),

    IP_GEOLOCATION_RISK(Group.NETWORK, "risk", 0, 1, "Risk of the country the address is in"),
    DEVICE_FINGERPRINT_FAMILIARITY(
            Group.NETWORK, "share", 0, 1, "Share of the payer's payments from known devices that came from this one"),
    IP_VELOCITY_1H(Group.NETWORK, "payments", 0, 1e9, "Payments from this address in 1 h"),
    GEOLOCATION_VELOCITY(
            Group.NETWORK,
            "km/h",
            0,
            1.3e6,
            "Distance from the payer's previous located payment by the time between, at least a minute"),
    TIME_ZONE_CONSISTENCY(
            Group.NETWORK, "share", 0, 1, "1 where the device's clock shows the payer's time, 0 where it is 12 h away"),
    NETWORK_REPUTATION_SCORE(Group.NETWORK, "share", 0, 1, "How good the address's network is held to be"),
    VPN_PROXY_DETECTION(Group.NETWORK, "flag", 0, 1, "1 if the address hides behind a VPN or proxy"),
    BEHAVIORAL_BIOMETRICS(Group.NETWORK, "share", 0, 1, "How much mouse and keys moved like the customer's"),
    IP_ACCOUNTS_2D(
            Group.NETWORK, "accounts", 0, 1e9, "Accounts that paid from this address today and yesterday (sketch)"),
    DEVICE_ACCOUNTS_2D(
            Group.NETWORK, "accounts", 0, 1e9, "Accounts that paid from this device today and yesterday (sketch)"),
    DEVICES_1H(Group.NETWORK, "devices", 0, 8, "Devices the payer paid from in the last 60 minutes, of the last 8"),

    COUNTERPARTY_RELATIONSHIP(
            Group.ENTITY, "payments", 0, 1e9, "Payments from this payer to this payee (sketch beyond 32 payees)"),
    COUNTERPARTY_RISK_SCORE(
            Group.ENTITY, "risk", 0, 1, "The payee's risk profile, meaned with the scores of its payments in 30 d"),
    MERCHANT_CATEGORY_RISK(Group.ENTITY, "risk", 0, 1, "Risk of the payee's trade"),
    CROSS_ENTITY_VELOCITY(Group.ENTITY, "payments", 0, 1e9, "Payments in 24 h from all accounts of the payer's owner"),
    CROSS_ENTITY_AMOUNT(Group.ENTITY, "minor units", 0, 1e19, "What all accounts of the payer's owner paid in 24 h"),
    SEASONAL_PATTERN_DEVIATION(
            Group.ENTITY,
            "standard deviations",
            -1_000,
            1e7,
            "Payments of the payer today against the mean of this weekday in four weeks, as of a Poisson count"),
    COUNTRY_RISK(Group.ENTITY, "risk", 0, 1, "The greater risk of the payer's and the payee's country"),

    ENTITY_NETWORK_CENTRALITY(
            Group.GRAPH, "share", 0, 1, "Payers and payees of the payer, as a logarithm from 0 (none) to 1 (the cap)"),
    PAYER_FAN_OUT(Group.GRAPH, "accounts", 0, 256, "Accounts the payer paid in the graph's window"),
    PAYER_FAN_IN(Group.GRAPH, "accounts", 0, 256, "Accounts that paid the payer"),
    PAYEE_FAN_OUT(Group.GRAPH, "accounts", 0, 256, "Accounts the payee paid"),
    PAYEE_FAN_IN(Group.GRAPH, "accounts", 0, 256, "Accounts that paid the payee"),
    PAYER_IN_OUT_RATIO(Group.GRAPH, "share", 0, 1, "Payers by payers and payees, of the payer"),
    PAYEE_IN_OUT_RATIO(Group.GRAPH, "share", 0, 1, "Payers by payers and payees, of the payee"),
    SCATTER_GATHER(
            Group.GRAPH,
            "accounts",
            0,
            256,
            "Most accounts through which one source reached the payee, with the payer"),
    CYCLE_LENGTH(Group.GRAPH, "payments", 0, 6, "Length of the shortest cycle this payment closes, 0 if none is seen"),
    TEMPORAL_CYCLE_LENGTH(Group.GRAPH, "payments", 0, 6, "The same with every payment later than the one before it"),
    GRAPH_CAPPED(Group.GRAPH, "flag", 0, 1, "1 if a cap of the graph was met, so that its numbers are lower bounds");

    /** What a feature is about, as the groups of models are. */
    public enum Group {
        TRANSACTION,
        ACCOUNT,
        NETWORK,
        ENTITY,
        GRAPH
    }

    /** Raised with every change of the list or of what a name means. */
    public static final int VERSION = 1;

    private static final List<Feature> ALL = List.of(values());

    private final Group group;
    private final String unit;
    private final double least;
    private final double most;
    private final String sentence;

    Feature(Group group, String unit, double least, double most, String sentence) {
        this.group = group;
        this.unit = unit;
        this.least = least;
        this.most = most;
        this.sentence = sentence;
    }

    /** The list, in the order of the vector. */
    public static List<Feature> all() {
        return ALL;
    }

    /** The names in the order of the vector. */
    public static List<String> names() {
        return ALL.stream().map(Feature::key).toList();
    }

    /** Its name in schemas, rules and explanations: {@code velocity_count_1h}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The feature of a name. */
    public static Feature of(String key) {
        return Arrays.stream(values())
                .filter(feature -> feature.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no feature is called " + key));
    }

    /** Its place in the vector: the list is the order. */
    @SuppressWarnings("EnumOrdinal")
    int place() {
        return ordinal();
    }

    public Group group() {
        return group;
    }

    /** What it is counted in. */
    public String unit() {
        return unit;
    }

    /** Smallest value it can have. */
    public double least() {
        return least;
    }

    /** Largest value it can have. */
    public double most() {
        return most;
    }

    /** What it says, in a sentence. */
    public String sentence() {
        return sentence;
    }

    /** Its value in a vector. */
    public float in(float[] vector) {
        return vector[place()];
    }
}
