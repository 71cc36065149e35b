package org.exchequer.platform.kafka;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * A topic that this program makes where it is missing. Replication is the broker's default.
 *
 * @param name {@code exchequer.<system>.<what>.v<version>}, e.g. {@code exchequer.ledger.transactions.v1}; up to 249
 *     characters
 * @param partitions 1 to 1,000. Order holds within a partition, so the number never changes in the life of a topic
 * @param config topic configuration that differs from the broker's, e.g. {@code retention.ms}
 */
public record Topic(String name, int partitions, Map<String, String> config) {
    private static final Pattern NAME =
            Pattern.compile("exchequer\\.[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)*\\.v[1-9][0-9]*");

    /** @throws IllegalArgumentException naming the part that breaks a rule above */
    public Topic {
        if (name.length() > 249 || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "topic '" + name + "' must be named exchequer.<system>.<what>.v<version>, in lower case");
        }
        if (partitions < 1 || partitions > 1_000) {
            throw new IllegalArgumentException("topic " + name + ": partitions must be 1 to 1,000");
        }
        config = Map.copyOf(config);
    }

    public static Topic of(String name, int partitions) {
        return new Topic(name, partitions, Map.of());
    }
}
