package org.exchequer.inward.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.exchequer.inward.core.Assessment;

/** The SQL of assessments, many at a time, in the caller's transaction. */
final class FraudTable {
    private static final String INSERT =
            """
            insert into fraud_result (payment_id, number, node, at, model, fingerprint, margin, probability, rule_score,
                                      score, risk_level, decision, refused, rules, rule_action, rule_version, evidence,
                                      explanation, took_us, kind, debtor_key, creditor_key, debtor_country,
                                      creditor_country, amount, currency, base_amount, payer_bank, payee_bank,
                                      followed, warm)
            select id, number, node, at, model, fingerprint, margin, probability, rule_score, score, level, decision,
                   refused, string_to_array(rules, ' '), action, version, evidence, explanation, took, kind, debtor,
                   creditor, debtor_country, creditor_country, amount, currency, base, payer_bank, payee_bank,
                   string_to_array(followed, ' ')::bigint[], warm
              from unnest(?::uuid[], ?::bigint[], ?::text[], ?::timestamptz[], ?::text[], ?::text[],
                          ?::double precision[], ?::double precision[], ?::double precision[], ?::double precision[],
                          ?::text[], ?::text[], ?::boolean[], ?::text[], ?::text[], ?::bigint[], ?::bytea[], ?::text[],
                          ?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bigint[],
                          ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::boolean[])
                   as a (id, number, node, at, model, fingerprint, margin, probability, rule_score, score, level,
                         decision, refused, rules, action, version, evidence, explanation, took, kind, debtor, creditor,
                         debtor_country, creditor_country, amount, currency, base, payer_bank, payee_bank,
                         followed, warm)
            on conflict do nothing
            """;

    private FraudTable() {}

    static void insert(Connection connection, List<Assessment> rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            PaymentTable.Columns columns = new PaymentTable.Columns(connection, insert);
            columns.add("uuid", rows, Assessment::payment);
            columns.add("bigint", rows, Assessment::number);
            columns.add("text", rows, Assessment::node);
            columns.add(
                    "timestamptz", rows, row -> Instant.ofEpochMilli(row.event().timeMillis())
                            .toString());
            columns.add("text", rows, row -> row.evidence().model());
            columns.add("text", rows, row -> row.evidence().fingerprint());
            columns.add("float8", rows, row -> row.evidence().margin());
            columns.add("float8", rows, row -> row.evidence().probability());
            columns.add("float8", rows, row -> row.evidence().rules().orElse(0));
            columns.add("float8", rows, row -> row.evidence().blended());
            columns.add("text", rows, row -> Assessment.level(row.evidence().outcome()));
            columns.add("text", rows, row -> row.evidence().outcome().name());
            columns.add("boolean", rows, Assessment::refused);
            columns.add("text", rows, row -> String.join(" ", row.rules()));
            columns.add("text", rows, Assessment::ruleAction);
            columns.add("bigint", rows, Assessment::ruleVersion);
            columns.add("bytea", rows, row -> row.evidence().bytes());
            columns.add("text", rows, Assessment::explanation);
            columns.add("bigint", rows, row -> TimeUnit.NANOSECONDS.toMicros(row.tookNanos()));
            columns.add("text", rows, row -> row.event().type().name());
            columns.add("bigint", rows, row -> row.event().debtor().account());
            columns.add("bigint", rows, row -> row.event().creditor().account());
            columns.add("text", rows, row -> row.event().debtor().country());
            columns.add("text", rows, row -> row.event().creditor().country());
            columns.add("bigint", rows, row -> row.event().amountMinor());
            columns.add("text", rows, row -> row.event().currency());
            columns.add("bigint", rows, row -> row.event().baseMinor());
            columns.add("text", rows, Assessment::payerBank);
            columns.add("text", rows, Assessment::payeeBank);
            columns.add("text", rows, row -> row.followed().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(" ")));
            columns.add("boolean", rows, Assessment::warm);
            insert.executeUpdate();
        }
    }
}
