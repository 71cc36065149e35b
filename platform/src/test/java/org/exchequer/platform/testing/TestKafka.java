package org.exchequer.platform.testing;

import org.jspecify.annotations.Nullable;

/**
 * Kafka for tests: one embedded broker per JVM, started on first use and removed at the JVM's end; or the one of
 * {@code EXCHEQUER_KAFKA} where that is set. Topics are made by their users; names should be unique per test.
 */
public final class TestKafka {
    private static final String ENVIRONMENT = "EXCHEQUER_KAFKA";
    private static @Nullable String servers;

    private TestKafka() {}

    /** Waits until the broker answers. */
    public static synchronized String bootstrapServers() {
        if (servers == null) {
            String configured = System.getenv(ENVIRONMENT);
            servers = configured == null || configured.isBlank() ? embedded() : configured.strip();
        }
        return servers;
    }

    /** An embedded broker of the test's own, to be killed and restarted at will. Never the one of the environment. */
    public static PrivateKafka privateBroker() {
        return new PrivateKafka();
    }

    private static String embedded() {
        PrivateKafka kafka = new PrivateKafka();
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
        kafka.awaitRunning();
        return kafka.bootstrapServers();
    }
}
