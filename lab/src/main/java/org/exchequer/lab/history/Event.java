package org.exchequer.lab.history;

import java.util.Map;
import java.util.TreeMap;

/**
 * One line of a history: a client asks, or learns what became of what it asked.
 *
 * <p>A process asks one thing at a time: after an {@link Type#INVOKE} the next event of the same process is its
 * completion. A process that never learned the outcome ({@link Type#INFO}, or no completion at all) may ask again; what
 * it asked before stays open for ever.
 *
 * @param index place in the history, 0 and up without gaps: this, not the time, is the order of events
 * @param timeNanos monotonic time of the recorder since it began
 * @param process who asks
 * @param function what is asked, see {@link Functions}
 * @param values arguments in an {@link Type#INVOKE}, results in a completion; amounts are minor units in decimal
 */
public record Event(long index, long timeNanos, int process, Type type, String function, Map<String, String> values) {
    /** What the event says about the operation. */
    public enum Type {
        /** Asked. Recorded before the request leaves the client. */
        INVOKE,
        /** It happened. Recorded after the answer has arrived. */
        OK,
        /** It definitely did not happen. */
        FAIL,
        /** Not known: it may have happened, may still happen, or never. */
        INFO
    }

    public Event {
        values = java.util.Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /** The value with this name. */
    public String value(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("event " + index + " (" + type + " " + function + ") has no " + name);
        }
        return value;
    }

    /** The value with this name as a whole number. */
    public long number(String name) {
        String value = value(name);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "event " + index + ": " + name + " is no whole number of 64 bits: " + value, e);
        }
    }

    /** Whether the event has a value with this name. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The event as one line for people. */
    public String describe() {
        StringBuilder text = new StringBuilder("[" + index + "] process " + process + " ")
                .append(
                        switch (type) {
                            case INVOKE -> "asks ";
                            case OK -> "learns it happened: ";
                            case FAIL -> "learns it did not happen: ";
                            case INFO -> "learns nothing of its ";
                        })
                .append(function);
        values.forEach(
                (name, value) -> text.append(' ').append(name).append('=').append(value));
        return text.toString();
    }
}
