package org.exchequer.scoring.rules;

import static org.exchequer.scoring.features.Feature.AMOUNT_TRAILING_ZEROS;
import static org.exchequer.scoring.features.Feature.AVERAGE_MONTHLY_VOLUME;
import static org.exchequer.scoring.features.Feature.COUNTERPARTY_RELATIONSHIP;
import static org.exchequer.scoring.features.Feature.COUNTRY_RISK;
import static org.exchequer.scoring.features.Feature.CROSS_ENTITY_AMOUNT;
import static org.exchequer.scoring.features.Feature.DEVICES_1H;
import static org.exchequer.scoring.features.Feature.GEOLOCATION_VELOCITY;
import static org.exchequer.scoring.features.Feature.IP_GEOLOCATION_RISK;
import static org.exchequer.scoring.features.Feature.MERCHANT_CATEGORY_RISK;
import static org.exchequer.scoring.features.Feature.NEAR_THRESHOLD_30D;
import static org.exchequer.scoring.features.Feature.PASS_THROUGH_24H;
import static org.exchequer.scoring.features.Feature.RECEIVED_24H;
import static org.exchequer.scoring.features.Feature.SCATTER_GATHER;
import static org.exchequer.scoring.features.Feature.SMALL_PAYMENTS_1H;
import static org.exchequer.scoring.features.Feature.TEMPORAL_CYCLE_LENGTH;
import static org.exchequer.scoring.features.Feature.VELOCITY_AMOUNT_24H;
import static org.exchequer.scoring.features.Feature.VELOCITY_COUNT_1H;
import static org.exchequer.scoring.features.Feature.WEEKDAY_HOUR_FAMILIARITY;

import java.math.BigDecimal;
import java.util.List;
import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.features.Feature;

/**
 * Every rule, in order of priority: the law first (sanctions, then what must be looked at), then what is hardly ever
 * honest, then what is merely unusual. Amounts are in minor units of the base currency, of two decimals in
 * explanations.
 */
public final class Rules {
    private static final String MINOR = "minor units";
    private static final String THOUSANDTHS = "thousandths";
    private static final long MOST = Event.MOST_MINOR;
    private static final int AMPLE = 1_000_000;

    public static final Rule SANCTIONS_SCREENING = new Rule(
            "sanctions_screening",
            Category.AML,
            1,
            "Somebody named in the payment may be on a sanctions list",
            List.of(),
            List.of(),
            1_000,
            Action.BLOCK,
            (subject, values) -> subject.sanctioned(),
            (subject, values) -> "Screening found a party that may be on a sanctions list.");

    public static final Rule STRUCTURING_DETECTION = new Rule(
            "structuring_detection",
            Category.RELATIONSHIP,
            10,
            "Several payments just below the reporting threshold",
            List.of(NEAR_THRESHOLD_30D),
            List.of(
                    Parameter.of("payments", "payments", 2, 100, 3),
                    Parameter.of("reporting", MINOR, 1_000, MOST, 1_000_000)),
            700,
            Action.HOLD,
            (subject, values) -> near(subject, values[1]) && subject.whole(NEAR_THRESHOLD_30D) + 1 >= values[0],
            (subject, values) -> "This is payment " + (subject.whole(NEAR_THRESHOLD_30D) + 1)
                    + " in 30 days of at least 80 % of the reporting threshold of " + money(values[1])
                    + " but below it.");

    public static final Rule MULE_ACCOUNT_PATTERN = new Rule(
            "mule_account_pattern",
            Category.RELATIONSHIP,
            20,
            "What came in within a day goes out again",
            List.of(PASS_THROUGH_24H, RECEIVED_24H),
            List.of(
                    Parameter.of("least_share", THOUSANDTHS, 500, 1_000, 800),
                    Parameter.of("most_share", THOUSANDTHS, 1_000, 2_000, 1_050),
                    Parameter.of("least_received", MINOR, 1_000, MOST, 50_000)),
            600,
            Action.HOLD,
            (subject, values) -> subject.whole(RECEIVED_24H) >= values[2]
                    && subject.thousandths(PASS_THROUGH_24H) >= values[0]
                    && subject.thousandths(PASS_THROUGH_24H) <= values[1],
            (subject, values) -> "With this payment " + percent(subject.thousandths(PASS_THROUGH_24H)) + " of the "
                    + money(subject.whole(RECEIVED_24H)) + " that the account received within 24 h have left it.");

    public static final Rule CIRCULAR_TRANSACTION_DETECTION = new Rule(
            "circular_transaction_detection",
            Category.RELATIONSHIP,
            30,
            "Money returns to where it came from",
            List.of(TEMPORAL_CYCLE_LENGTH),
            List.of(
                    Parameter.of("least_length", "payments", 2, 6, 3),
                    Parameter.of("least_amount", MINOR, 1, MOST, 50_000)),
            500,
            Action.REVIEW,
            (subject, values) -> subject.whole(TEMPORAL_CYCLE_LENGTH) >= values[0]
                    && subject.event().baseMinor() >= values[1],
            (subject, values) -> "This payment closes a circle of " + subject.whole(TEMPORAL_CYCLE_LENGTH)
                    + " payments, each later than the one before.");

    public static final Rule SCATTER_GATHER_DETECTION = new Rule(
            "scatter_gather_detection",
            Category.RELATIONSHIP,
            40,
            "One source reaches the payee through many accounts",
            List.of(SCATTER_GATHER),
            List.of(Parameter.of("accounts", "accounts", 2, 256, 4)),
            600,
            Action.HOLD,
            (subject, values) -> subject.whole(SCATTER_GATHER) >= values[0],
            (subject, values) -> "One source has paid " + subject.whole(SCATTER_GATHER)
                    + " accounts that pay this payee, the payer among them.");

    public static final Rule LOCATION_IMPOSSIBILITY = new Rule(
            "location_impossibility",
            Category.PATTERN,
            50,
            "Nobody travels that fast",
            List.of(GEOLOCATION_VELOCITY),
            List.of(Parameter.of("speed", "km/h", 200, 40_000, 1_000)),
            500,
            Action.HOLD,
            (subject, values) -> subject.of(GEOLOCATION_VELOCITY) > values[0],
            (subject, values) -> "Since the previous payment the customer would have travelled at "
                    + subject.whole(GEOLOCATION_VELOCITY) + " km/h, more than " + values[0] + ".");

    public static final Rule CARD_TESTING = new Rule(
            "card_testing",
            Category.PATTERN,
            60,
            "Many tiny payments in an hour, as stolen cards are tried",
            List.of(SMALL_PAYMENTS_1H),
            List.of(Parameter.of("payments", "payments", 2, 1_000, 4).following(SMALL_PAYMENTS_1H, 99_950)),
            600,
            Action.HOLD,
            (subject, values) -> subject.whole(SMALL_PAYMENTS_1H) >= values[0],
            (subject, values) -> "The account made " + subject.whole(SMALL_PAYMENTS_1H)
                    + " tiny payments within an hour; " + values[0] + " are suspicious.");

    public static final Rule DEVICE_SWITCHING_RAPID = new Rule(
            "device_switching_rapid",
            Category.PATTERN,
            70,
            "Several devices in a short time",
            List.of(DEVICES_1H),
            List.of(Parameter.of("devices", "devices", 2, 8, 3)),
            400,
            Action.REVIEW,
            (subject, values) -> subject.whole(DEVICES_1H) >= values[0],
            (subject, values) ->
                    "The account was used from " + subject.whole(DEVICES_1H) + " devices in the hour before.");

    public static final Rule PEP_SCREENING = new Rule(
            "pep_screening",
            Category.AML,
            80,
            "Somebody named in the payment may be politically exposed",
            List.of(),
            List.of(),
            300,
            Action.REVIEW,
            (subject, values) -> subject.exposed(),
            (subject, values) -> "Screening found a party that may be politically exposed.");

    public static final Rule HIGH_RISK_JURISDICTION = new Rule(
            "high_risk_jurisdiction",
            Category.AML,
            90,
            "A high-risk country sends or receives",
            List.of(COUNTRY_RISK),
            List.of(Parameter.of("risk", THOUSANDTHS, 100, 1_000, 700)),
            500,
            Action.REVIEW,
            (subject, values) -> subject.thousandths(COUNTRY_RISK) >= values[0]
                    || subject.of(IP_GEOLOCATION_RISK) * 1_000 >= values[0],
            (subject, values) -> "The payer, the payee or the address is in a country held for high-risk.");

    public static final Rule NEW_COUNTERPARTY_LARGE_AMOUNT = new Rule(
            "new_counterparty_large_amount",
            Category.RELATIONSHIP,
            100,
            "A large amount to somebody never paid before",
            List.of(COUNTERPARTY_RELATIONSHIP),
            List.of(Parameter.of("amount", MINOR, 50_000, 5_000_000, 200_000).following(Feature.AMOUNT_LOG, 99_000)),
            400,
            Action.REVIEW,
            (subject, values) -> subject.whole(COUNTERPARTY_RELATIONSHIP) == 0
                    && subject.event().baseMinor() >= values[0],
            (subject, values) -> "This is the first payment to this payee, and "
                    + money(subject.event().baseMinor()) + " is at least " + money(values[0]) + ".");

    public static final Rule DAILY_AMOUNT_THRESHOLD = new Rule(
            "daily_amount_threshold",
            Category.VELOCITY,
            110,
            "More in a day than the account may pay",
            List.of(VELOCITY_AMOUNT_24H),
            List.of(Parameter.of("otherwise", MINOR, 1_000, MOST, 100_000_000)),
            500,
            Action.HOLD,
            (subject, values) -> paidToday(subject) > daily(subject, values[0]),
            (subject, values) -> "With this payment " + money(paidToday(subject))
                    + " have left the account in 24 h; it may " + "pay " + money(daily(subject, values[0])) + ".");

    public static final Rule CROSS_CHANNEL_VELOCITY = new Rule(
            "cross_channel_velocity",
            Category.VELOCITY,
            120,
            "More in a day over all accounts and channels of the customer than usual for anyone",
            List.of(CROSS_ENTITY_AMOUNT),
            List.of(Parameter.of("amount", MINOR, 1_000, MOST, 200_000_000)),
            400,
            Action.REVIEW,
            (subject, values) ->
                    subject.whole(CROSS_ENTITY_AMOUNT) + subject.event().baseMinor() > values[0],
            (subject, values) -> "With this payment the customer has paid "
                    + money(subject.whole(CROSS_ENTITY_AMOUNT) + subject.event().baseMinor())
                    + " in 24 h over all accounts and channels.");

    public static final Rule HOURLY_TRANSACTION_COUNT = new Rule(
            "hourly_transaction_count",
            Category.VELOCITY,
            130,
            "Many payments in an hour",
            List.of(VELOCITY_COUNT_1H),
            List.of(Parameter.of("payments", "payments", 3, AMPLE, 10).following(VELOCITY_COUNT_1H, 99_900)),
            400,
            Action.REVIEW,
            (subject, values) -> subject.whole(VELOCITY_COUNT_1H) + 1 > values[0],
            (subject, values) -> "This is payment " + (subject.whole(VELOCITY_COUNT_1H) + 1)
                    + " of the account in an hour; " + values[0] + " are usual.");

    public static final Rule VELOCITY_SPIKE_DETECTION = new Rule(
            "velocity_spike_detection",
            Category.VELOCITY,
            140,
            "Several times as much in a day as the account usually pays",
            List.of(VELOCITY_AMOUNT_24H, AVERAGE_MONTHLY_VOLUME),
            List.of(
                    Parameter.of("factor", THOUSANDTHS, 1_500, 100_000, 3_000),
                    Parameter.of("least_amount", MINOR, 1_000, MOST, 200_000)),
            300,
            Action.NOTE,
            (subject, values) -> paidToday(subject) >= values[1]
                    && paidToday(subject) * 1_000.0 > values[0] * (subject.of(AVERAGE_MONTHLY_VOLUME) / 30.0)
                    && subject.of(AVERAGE_MONTHLY_VOLUME) > 0,
            (subject, values) -> "With this payment " + money(paidToday(subject))
                    + " have left the account in 24 h, more than "
                    + BigDecimal.valueOf(values[0], 3).stripTrailingZeros().toPlainString()
                    + " times its daily average of "
                    + money(subject.whole(AVERAGE_MONTHLY_VOLUME) / 30) + ".");

    public static final Rule CASH_INTENSIVE_BUSINESS = new Rule(
            "cash_intensive_business",
            Category.AML,
            150,
            "The payee's trade is held for high-risk",
            List.of(MERCHANT_CATEGORY_RISK),
            List.of(
                    Parameter.of("risk", THOUSANDTHS, 100, 1_000, 500),
                    Parameter.of("least_amount", MINOR, 1, MOST, 100_000)),
            300,
            Action.NOTE,
            (subject, values) -> subject.thousandths(MERCHANT_CATEGORY_RISK) >= values[0]
                    && subject.event().baseMinor() >= values[1],
            (subject, values) -> "The payee's trade (merchant category "
                    + subject.event().merchantCategory() + ") is held for high-risk.");

    public static final Rule TIME_PATTERN_ANOMALY = new Rule(
            "time_pattern_anomaly",
            Category.PATTERN,
            160,
            "Outside the hours in which the account is used",
            List.of(WEEKDAY_HOUR_FAMILIARITY),
            List.of(
                    Parameter.of("familiarity", THOUSANDTHS, 1, 200, 20),
                    Parameter.of("least_amount", MINOR, 1, MOST, 50_000)),
            200,
            Action.NOTE,
            (subject, values) -> subject.thousandths(WEEKDAY_HOUR_FAMILIARITY) < values[0]
                    && subject.event().baseMinor() >= values[1],
            (subject, values) -> "Only " + percent(subject.thousandths(WEEKDAY_HOUR_FAMILIARITY))
                    + " of the account's payments were made at this time of day and week.");

    public static final Rule ROUND_NUMBER_DETECTION = new Rule(
            "round_number_detection",
            Category.PATTERN,
            170,
            "A large round amount",
            List.of(AMOUNT_TRAILING_ZEROS),
            List.of(
                    Parameter.of("zeros", "digits", 3, 12, 5),
                    Parameter.of("least_amount", MINOR, 1_000, MOST, 500_000)),
            100,
            Action.NOTE,
            (subject, values) -> subject.whole(AMOUNT_TRAILING_ZEROS) >= values[0]
                    && subject.event().baseMinor() >= values[1],
            (subject, values) -> "The amount ends in " + subject.whole(AMOUNT_TRAILING_ZEROS) + " zeros.");

    private static final List<Rule> ALL = List.of(
            SANCTIONS_SCREENING,
            STRUCTURING_DETECTION,
            MULE_ACCOUNT_PATTERN,
            CIRCULAR_TRANSACTION_DETECTION,
            SCATTER_GATHER_DETECTION,
            LOCATION_IMPOSSIBILITY,
            CARD_TESTING,
            DEVICE_SWITCHING_RAPID,
            PEP_SCREENING,
            HIGH_RISK_JURISDICTION,
            NEW_COUNTERPARTY_LARGE_AMOUNT,
            DAILY_AMOUNT_THRESHOLD,
            CROSS_CHANNEL_VELOCITY,
            HOURLY_TRANSACTION_COUNT,
            VELOCITY_SPIKE_DETECTION,
            CASH_INTENSIVE_BUSINESS,
            TIME_PATTERN_ANOMALY,
            ROUND_NUMBER_DETECTION);

    private Rules() {}

    /** The list, in order of priority. */
    public static List<Rule> all() {
        return ALL;
    }

    private static boolean near(Subject subject, long reporting) {
        long value = subject.event().baseMinor();
        return value < reporting && value >= reporting / 5 * 4;
    }

    private static long paidToday(Subject subject) {
        return subject.whole(VELOCITY_AMOUNT_24H) + subject.event().baseMinor();
    }

    private static long daily(Subject subject, long otherwise) {
        long own = subject.event().debtor().dailyLimitMinor();
        return own == 0 ? otherwise : own;
    }

    private static String money(long minor) {
        return BigDecimal.valueOf(minor, 2).toPlainString();
    }

    private static String percent(long thousandths) {
        return BigDecimal.valueOf(thousandths, 1).stripTrailingZeros().toPlainString() + " %";
    }
}
