package org.exchequer.lab.proxy;

/**
 * What a proxy does to the bytes of a connection, after the vocabulary of Toxiproxy. {@code down} is not among them: it
 * is {@link TcpProxy#setDown}. One difference: a {@link Timeout} keeps the bytes back instead of dropping them, because
 * TCP never delivers a stream with a hole in it; when it is removed they arrive late, as after a healed partition.
 */
public sealed interface Toxic {
    /** Every byte arrives {@code latencyMs} later, give or take {@code jitterMs}; in order all the same. */
    record Latency(int latencyMs, int jitterMs) implements Toxic {
        public Latency {
            requireFrom(0, latencyMs, "latencyMs");
            requireFrom(0, jitterMs, "jitterMs");
            if (jitterMs > latencyMs) {
                throw new IllegalArgumentException("jitterMs must be at most latencyMs");
            }
        }
    }

    /**
     * Of so many percent of the pieces each arrives {@code leastMs} to {@code mostMs} later, and what is behind it too.
     */
    record Spikes(int percent, int leastMs, int mostMs) implements Toxic {
        public Spikes {
            requireFrom(0, percent, "percent");
            requireFrom(0, leastMs, "leastMs");
            requireFrom(leastMs, mostMs, "mostMs");
            if (percent > 100) {
                throw new IllegalArgumentException("percent must be at most 100");
            }
        }
    }

    /** At most so many KiB (1,024 bytes) a second. */
    record Bandwidth(int kibPerSecond) implements Toxic {
        public Bandwidth {
            requireFrom(1, kibPerSecond, "kibPerSecond");
        }
    }

    /** The end of the stream is passed on so much later. */
    record SlowClose(int delayMs) implements Toxic {
        public SlowClose {
            requireFrom(0, delayMs, "delayMs");
        }
    }

    /** Nothing gets through, and the connection is closed after this time; never when it is 0. */
    record Timeout(int timeoutMs) implements Toxic {
        public Timeout {
            requireFrom(0, timeoutMs, "timeoutMs");
        }
    }

    /** Both ends get a TCP reset after this time. */
    record ResetPeer(int timeoutMs) implements Toxic {
        public ResetPeer {
            requireFrom(0, timeoutMs, "timeoutMs");
        }
    }

    /** The stream arrives in pieces of this size, give or take the variation, with a pause between two. */
    record Slicer(int averageBytes, int variationBytes, int delayMicros) implements Toxic {
        public Slicer {
            requireFrom(1, averageBytes, "averageBytes");
            requireFrom(0, variationBytes, "variationBytes");
            requireFrom(0, delayMicros, "delayMicros");
            if (variationBytes >= averageBytes) {
                throw new IllegalArgumentException("variationBytes must be less than averageBytes");
            }
        }
    }

    /** The connection is closed once so many bytes have passed in this direction. */
    record LimitData(long bytes) implements Toxic {
        public LimitData {
            if (bytes < 0) {
                throw new IllegalArgumentException("bytes must be 0 or more");
            }
        }
    }

    private static void requireFrom(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be " + least + " or more");
        }
    }
}
