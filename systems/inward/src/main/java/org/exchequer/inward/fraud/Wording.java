package org.exchequer.inward.fraud;

import java.util.Map;

/** What features of a clearing message say, in words. */
final class Wording {
    static final Map<String, String> TEMPLATES = Map.ofEntries(
            Map.entry("amount_log", "the amount has a logarithm of {value} (3 is 10.00, 6 is 10,000.00)"),
            Map.entry("average_monthly_volume", "the payer has paid {value} cents a month until now"),
            Map.entry("counterparty_relationship", "the payer has paid this payee {value} times before"),
            Map.entry("time_since_last_transaction", "the payer's last payment was {value} minutes ago"),
            Map.entry("velocity_count_1h", "the payer made {value} payments within an hour"),
            Map.entry("velocity_count_24h", "the payer made {value} payments within a day"),
            Map.entry("velocity_amount_1h", "the payer paid {value} cents within an hour"),
            Map.entry("velocity_amount_24h", "the payer paid {value} cents within a day"),
            Map.entry("payee_fan_in", "{value} accounts have paid this payee within three days"),
            Map.entry("payee_fan_out", "the payee has paid {value} accounts within three days"),
            Map.entry("payer_fan_in", "{value} accounts have paid the payer within three days"),
            Map.entry("payer_fan_out", "the payer has paid {value} accounts within three days"),
            Map.entry("scatter_gather", "one source reaches the payee through {value} accounts"),
            Map.entry("dormancy_period", "the payer's account had rested for {value} days"),
            Map.entry("received_24h", "the payer received {value} cents within a day"),
            Map.entry("pass_through_24h", "{value} of what the payer received within a day goes out again"),
            Map.entry("near_threshold_30d", "{value} payments within 30 days were just below the reporting threshold"),
            Map.entry("country_risk", "the riskier of both countries has a risk of {value}"),
            Map.entry("amount_deviation_from_average", "the amount is {value} deviations above the payer's average"),
            Map.entry("behaviour", "the order of the payer's earlier payments scores {value}"),
            Map.entry("anomaly", "the distance from what is usual is {value}"));

    private Wording() {}
}
