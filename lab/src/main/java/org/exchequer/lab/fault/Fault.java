package org.exchequer.lab.fault;

import java.time.Duration;

/**
 * One fault of a schedule.
 *
 * @param atMs when it begins, in milliseconds from the beginning of the load
 * @param kind what is done
 * @param target to what, see {@link FaultKind}; empty where the kind says it. {@code writer} and {@code standby} are
 *     decided when the fault begins
 * @param lengthMs how long it lasts, in milliseconds
 * @param amount how much, see the kind; 0 where it has no such thing
 */
public record Fault(long atMs, FaultKind kind, String target, long lengthMs, long amount) {
    private static final String NODE = "writer(-[0-4])?|standby|node[1-5]";
    private static final String PARTNER = "vam|midanz|liquidity|availability";

    /** @throws IllegalArgumentException naming the field that breaks a rule */
    public Fault {
        if (atMs < 0) {
            throw new IllegalArgumentException("atMs must be 0 or more");
        }
        if (lengthMs < 0 || lengthMs > Duration.ofHours(1).toMillis()) {
            throw new IllegalArgumentException("lengthMs must be from 0 to an hour");
        }
        String form = switch (kind.needs()) {
            case NOTHING -> "";
            case DATABASE -> "(postgres-[0-4])?";
            case NODE -> NODE;
            case WIRE ->
                "(clients|peers|postgres(-[0-4])?|kafka|redis|partners|" + PARTNER + "):(all|" + NODE
                        + ")|peers:node[1-5]>node[1-5]";
            case POINT -> "(" + NODE + ")@[a-z.]+(@postgres-[0-4])?";
            case SHARDS -> "[0-4]>[0-4]";
            case PARTNER -> PARTNER + "|all";
            case NODES -> NODE + "|all";
            case SUPPLY -> "(" + NODE + ")@(database|vam|midanz|liquidity)";
        };
        if (!target.matches(form)) {
            throw new IllegalArgumentException("target of " + kind + " must be " + form + ", not " + target);
        }
    }

    /** Without a target of its own. */
    public static Fault of(long atMs, FaultKind kind, long lengthMs) {
        return new Fault(atMs, kind, "", lengthMs, 0);
    }

    /** On a node or a wire. */
    public static Fault on(long atMs, FaultKind kind, String target, long lengthMs) {
        return new Fault(atMs, kind, target, lengthMs, 0);
    }

    /** Whether PostgreSQL or Kafka may be away, or slow, while it is in force: no node can start without them. */
    boolean withholds() {
        return switch (kind) {
            case POSTGRES_KILL, POSTGRES_PAUSE, POSTGRES_STALLS, KAFKA_KILL, KAFKA_PAUSE, DISK_FULL, DISK_SLOW -> true;
            case CUT, SILENCE, SLOW, SPIKES, THROTTLE, SLICE, RESET, LIMIT ->
                target.startsWith("postgres")
                        || target.startsWith("kafka")
                        || target.startsWith("partners")
                        || target.startsWith("availability");
            case CRASH_AT -> target.contains("@postgres");
            case NODE_KILL,
                    NODE_PAUSE,
                    NODE_STOP,
                    REDIS_KILL,
                    REDIS_PAUSE,
                    REDIS_POISON,
                    CLOCK_SKEW,
                    MOVE_SLOTS,
                    REDELIVERY,
                    LOAD_SPIKE -> false;
            case ACCOUNTS_WRONG,
                    NODE_HEAP,
                    NODE_CPU,
                    NODE_SUPPLY,
                    MODEL_SLOW,
                    MODEL_SPIKES,
                    MODEL_HANGS,
                    MODEL_FAILS,
                    FEATURES_MISSING,
                    FEATURES_STALE,
                    FEATURES_DRIFT,
                    REASONS_FAIL -> false;
            // A node starts without them, and is ready once it knows the banks.
            case PARTNER_SLOW,
                    PARTNER_HANGS,
                    PARTNER_FAILS,
                    PARTNER_DISCONNECTS,
                    PARTNER_LOSES,
                    PARTNER_MANGLES,
                    PARTNER_SPIKES,
                    PARTNER_FLAPS -> target.equals("availability") || target.equals("all");
        };
    }

    /** For people, e.g. {@code slow wire, postgres:writer, 200}. */
    public String describe() {
        StringBuilder text = new StringBuilder(kind.title());
        if (!target.isEmpty()) {
            text.append(", ")
                    .append(target.replace(":", " of ").replace("@", " at ").replace(">", " → "));
        }
        if (amount != 0) {
            text.append(", ").append(amount);
            text.append(
                    switch (kind) {
                        case SLOW, RESET, CLOCK_SKEW, PARTNER_SLOW, PARTNER_FLAPS -> " ms";
                        case PARTNER_HANGS, PARTNER_FAILS, PARTNER_DISCONNECTS, PARTNER_LOSES, PARTNER_MANGLES -> " %";
                        case PARTNER_SPIKES,
                                ACCOUNTS_WRONG,
                                SPIKES,
                                NODE_HEAP,
                                NODE_CPU,
                                NODE_SUPPLY,
                                MODEL_SPIKES,
                                MODEL_HANGS,
                                MODEL_FAILS,
                                FEATURES_MISSING,
                                FEATURES_STALE,
                                FEATURES_DRIFT,
                                REASONS_FAIL -> " %";
                        case MODEL_SLOW -> " times as long";
                        case LOAD_SPIKE -> " times as much";
                        case THROTTLE -> " KiB/s";
                        case SLICE, LIMIT -> " bytes";
                        case MOVE_SLOTS -> " slots";
                        case CRASH_AT -> ". time";
                        default -> "";
                    });
        }
        return text.toString();
    }
}
