package org.exchequer.platform.inbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.exchequer.platform.kafka.Topic;

/**
 * How a consumer consumes.
 *
 * @param system the system it belongs to, e.g. {@code aml}
 * @param name its name within the system, e.g. {@code ledger-watch}; with the system it is the Kafka group
 * @param topics names of the topics it reads
 * @param maxAttempts how often a message may fail before it goes to the dead-letter topic, 1 to 100
 * @param keep for how long applied messages are remembered; longer than anything that can still deliver one again,
 *     above
 *     all the topics' retention
 */
public record InboxSettings(String system, String name, List<String> topics, int maxAttempts, Duration keep) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    /** @throws IllegalArgumentException naming the part that breaks a rule above */
    public InboxSettings {
        if (!NAME.matcher(system).matches() || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("system and name: must be of a-z 0-9 -, beginning with a letter");
        }
        if (maxAttempts < 1 || maxAttempts > 100) {
            throw new IllegalArgumentException("maxAttempts: must be 1 to 100");
        }
        if (keep.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("keep: must be a minute or more");
        }
        topics = List.copyOf(topics);
    }

    /** Five attempts; remembers for 30 days, against the 7 that Kafka keeps messages by default. */
    public static InboxSettings of(String system, String name, String... topics) {
        return new InboxSettings(system, name, List.of(topics), 5, Duration.ofDays(30));
    }

    /** The Kafka group, and the consumer's name in the inbox. */
    public String group() {
        return "exchequer." + system + "." + name;
    }

    /** Where messages go that cannot be applied: one partition, kept until somebody has dealt with them. */
    public Topic deadLetters() {
        return new Topic("exchequer." + system + "." + name + "-dead-letters.v1", 1, Map.of("retention.ms", "-1"));
    }
}
