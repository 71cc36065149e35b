package org.exchequer.lab.sim;

/**
 * Something that goes wrong during a run.
 *
 * @param from when it begins, simulated nanoseconds
 * @param until when it is over
 * @param process whom it hits; of a partition, the one side
 * @param other of a partition, the other side; else 0
 * @param amount of a skew, nanoseconds the wall clock is off; of loss, duplication and delay, percent of messages
 */
public record Fault(Kind kind, long from, long until, int process, int other, long amount) {
    /** What goes wrong. */
    public enum Kind {
        /** The process ends, and begins anew when it is over. */
        CRASH(0),
        /** The process is stopped, and goes on when it is over. */
        STOP(1),
        /** No message passes between the two. */
        PARTITION(2),
        /** Messages from and to the process are lost. */
        LOSS(3),
        /** Messages from and to the process arrive twice. */
        DUPLICATION(4),
        /** Messages from and to the process take up to 400 ms, so they overtake each other. */
        DELAY(5),
        /** The wall clock of the process is off. */
        SKEW(6),
        /** The disk of the process takes 100 ms to sync. */
        SLOW_DISK(7);

        /** What chance is drawn by: must not change, or old seeds mean other runs. */
        final int number;

        Kind(int number) {
            this.number = number;
        }
    }

    boolean covers(long nanos) {
        return from <= nanos && nanos < until;
    }

    /** One line for people, with names for processes. */
    public String describe(java.util.function.IntFunction<String> names) {
        String who = kind == Kind.PARTITION ? names.apply(process) + " | " + names.apply(other) : names.apply(process);
        String how = switch (kind) {
            case LOSS, DUPLICATION, DELAY -> " " + amount + " %";
            case SKEW -> " " + amount / 1_000_000 + " ms";
            case CRASH, STOP, PARTITION, SLOW_DISK -> "";
        };
        return from / 1_000_000 + " to " + until / 1_000_000 + " ms: " + kind + " " + who + how;
    }
}
