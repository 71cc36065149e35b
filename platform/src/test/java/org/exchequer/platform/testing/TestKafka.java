package org.exchequer.platform.testing;

/**
 * Kafka for tests: one embedded broker per JVM, started on first use and removed at the JVM's end; or the one of {@code
 * EXCHEQUER_KAFKA} where that is set. Topics are made by their users; names should be unique per test.
 */
public final class TestKafka {
    private TestKafka() {}

    /** Waits until the broker answers. */
    public static String bootstrapServers() {
        throw new UnsupportedOperationException("not yet");
    }
}
