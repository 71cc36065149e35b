package org.exchequer.lab.fault;

/** What can be done to a part of a run. */
public enum FaultKind {
    /** SIGKILL to PostgreSQL and all its backends; its supervisor starts it again at once. */
    POSTGRES_KILL(Needs.DATABASE, "PostgreSQL killed (SIGKILL)"),
    /** SIGSTOP to all of PostgreSQL: connections stay open and nothing answers. */
    POSTGRES_PAUSE(Needs.DATABASE, "PostgreSQL stopped (SIGSTOP)"),
    /** PostgreSQL stopped for half a second in every second, as on a disk that stalls. */
    POSTGRES_STALLS(Needs.DATABASE, "PostgreSQL stalls"),
    /** SIGKILL to Kafka. */
    KAFKA_KILL(Needs.NOTHING, "Kafka killed (SIGKILL)"),
    /** SIGSTOP to Kafka. */
    KAFKA_PAUSE(Needs.NOTHING, "Kafka stopped (SIGSTOP)"),
    /** SIGKILL to Redis: what it held is gone. */
    REDIS_KILL(Needs.NOTHING, "Redis killed (SIGKILL)"),
    /** SIGSTOP to Redis. */
    REDIS_PAUSE(Needs.NOTHING, "Redis stopped (SIGSTOP)"),
    /** Every value in Redis is made a wrong one, again and again. */
    REDIS_POISON(Needs.NOTHING, "wrong values in Redis"),
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
    DISK_SLOW(Needs.DATABASE, "slow disk"),
    /**
     * A node dies, or kills a PostgreSQL, when it passes a fault point of its own for the {@code amount}-th time. It is
     * started again at the fault's end.
     */
    CRASH_AT(Needs.POINT, "crash at a step"),
    /** Slots move from one shard to another, {@code amount} of them. */
    MOVE_SLOTS(Needs.SHARDS, "slots moved"),
    /** A partner of inward clearing takes {@code amount} ms to answer. */
    PARTNER_SLOW(Needs.PARTNER, "partner slow"),
    /** {@code amount} of 100 calls of a partner are never answered, and do nothing. */
    PARTNER_HANGS(Needs.PARTNER, "partner hangs"),
    /** {@code amount} of 100 calls of a partner are answered with an error. */
    PARTNER_FAILS(Needs.PARTNER, "partner fails"),
    /** {@code amount} of 100 calls of a partner end with their connection, and do nothing. */
    PARTNER_DISCONNECTS(Needs.PARTNER, "partner disconnects"),
    /** {@code amount} of 100 calls of a partner are carried out, and end with their connection. */
    PARTNER_LOSES(Needs.PARTNER, "partner loses replies"),
    /** {@code amount} of 100 calls of a partner are answered with something that is not an answer. */
    PARTNER_MANGLES(Needs.PARTNER, "partner mangles replies"),
    /** A partner works and fails by turns of {@code amount} ms. */
    PARTNER_FLAPS(Needs.PARTNER, "partner flaps"),
    /** {@code amount} times as many messages as usual. */
    LOAD_SPIKE(Needs.NOTHING, "load spike"),
    /** Events are delivered to a consumer more than once, some late. For the whole run: it is not scheduled. */
    REDELIVERY(Needs.NOTHING, "events delivered again");

    private final Needs needs;
    private final String title;

    /** What the target of a fault names. */
    enum Needs {
        NOTHING,
        /** {@code postgres-1} for that of shard 1; empty for the first or only one. */
        DATABASE,
        /** {@code writer} (of the first shard), {@code writer-1} (of shard 1), {@code standby}, or a node's name. */
        NODE,
        /**
         * {@code clients}, {@code peers}, {@code postgres} (all shards'), {@code postgres-1} (shard 1's), {@code kafka}
         * or {@code redis}, or a partner as below or {@code partners} for all of them, a colon, and a node or {@code
         * all}; or
         * {@code peers:node1>node2} for one wire between two nodes.
         */
        WIRE,
        /** A node, {@code @}, and a fault point; and {@code @postgres-1} when that is what dies there. */
        POINT,
        /** E.g. {@code 0>1}. */
        SHARDS,
        /** {@code vam}, {@code midanz}, {@code liquidity}, {@code availability} or {@code all}. */
        PARTNER
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
