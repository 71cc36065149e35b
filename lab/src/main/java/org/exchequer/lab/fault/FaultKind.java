package org.exchequer.lab.fault;

/** What can be done to a part of a run. */
public enum FaultKind {
    /** SIGKILL to PostgreSQL and all its backends; its supervisor starts it again at once. */
    POSTGRES_KILL(Needs.NOTHING, "PostgreSQL killed (SIGKILL)"),
    /** SIGSTOP to all of PostgreSQL: connections stay open and nothing answers. */
    POSTGRES_PAUSE(Needs.NOTHING, "PostgreSQL stopped (SIGSTOP)"),
    /** PostgreSQL stopped for half a second in every second, as on a disk that stalls. */
    POSTGRES_STALLS(Needs.NOTHING, "PostgreSQL stalls"),
    /** SIGKILL to Kafka. */
    KAFKA_KILL(Needs.NOTHING, "Kafka killed (SIGKILL)"),
    /** SIGSTOP to Kafka. */
    KAFKA_PAUSE(Needs.NOTHING, "Kafka stopped (SIGSTOP)"),
    /** SIGKILL to a node, which is started again at the fault's end. */
    NODE_KILL(Needs.NODE, "node killed (SIGKILL)"),
    /** SIGSTOP to a node. */
    NODE_PAUSE(Needs.NODE, "node stopped (SIGSTOP)"),
    /** SIGTERM to a node, which is started again at the fault's end. */
    NODE_STOP(Needs.NODE, "node stopped in order (SIGTERM)"),
    /** Connections of a wire are reset, and new ones refused. */
    CUT(Needs.WIRE, "connections cut and refused"),
    /** Nothing gets through a wire; connections stay open. What was kept back arrives at the fault's end. */
    SILENCE(Needs.WIRE, "partition: nothing gets through"),
    /** Every byte takes {@code amount} ms longer in each direction, give or take a third. */
    SLOW(Needs.WIRE, "slow wire"),
    /** At most {@code amount} KiB a second in each direction. */
    THROTTLE(Needs.WIRE, "narrow wire"),
    /** Bytes arrive in pieces of {@code amount}. */
    SLICE(Needs.WIRE, "sliced wire"),
    /** Every connection is reset {@code amount} ms after it was opened. */
    RESET(Needs.WIRE, "connections reset"),
    /** Every connection is closed after {@code amount} bytes from the server. */
    LIMIT(Needs.WIRE, "connections closed half-way"),
    /** The node's clock is put forward by {@code amount} ms, or back when it is negative. */
    CLOCK_SKEW(Needs.NODE, "clock skewed"),
    /** PostgreSQL's disk is filled. */
    DISK_FULL(Needs.NOTHING, "disk full"),
    /** Each flush of the write-ahead log takes 100 ms longer. */
    DISK_SLOW(Needs.NOTHING, "slow disk"),
    /** Events are delivered to a consumer more than once, some late. For the whole run: it is not scheduled. */
    REDELIVERY(Needs.NOTHING, "events delivered again");

    private final Needs needs;
    private final String title;

    /** What the target of a fault names. */
    enum Needs {
        NOTHING,
        /** {@code writer}, {@code standby}, or a node's name. */
        NODE,
        /** {@code clients}, {@code peers}, {@code postgres} or {@code kafka}, a colon, and a node or {@code all}. */
        WIRE
    }

    FaultKind(Needs needs, String title) {
        this.needs = needs;
        this.title = title;
    }

    /** For people, e.g. {@code node killed (SIGKILL)}. */
    public String title() {
        return title;
    }

    Needs needs() {
        return needs;
    }
}
