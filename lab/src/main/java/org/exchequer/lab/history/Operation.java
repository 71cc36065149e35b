package org.exchequer.lab.history;

import org.jspecify.annotations.Nullable;

/**
 * An invocation with its completion.
 *
 * @param invoke what was asked
 * @param completion what was learnt; null when nothing ever was
 */
public record Operation(Event invoke, @Nullable Event completion) {
    /** How it ended; INFO also when no completion was recorded. */
    public Event.Type outcome() {
        return completion == null ? Event.Type.INFO : completion.type();
    }

    public String function() {
        return invoke.function();
    }

    /** Whether its outcome is known to be this. */
    public boolean is(Event.Type type) {
        return outcome() == type;
    }

    /** A value of the completion when that has it, else of the invocation, else null. */
    public @Nullable String find(String name) {
        String answered = completion == null ? null : completion.values().get(name);
        return answered != null ? answered : invoke.values().get(name);
    }

    /** A value that must be there. */
    public String value(String name) {
        return completion != null && completion.has(name) ? completion.value(name) : invoke.value(name);
    }

    /** A value that must be there, as a whole number. */
    public long number(String name) {
        return completion != null && completion.has(name) ? completion.number(name) : invoke.number(name);
    }

    /** Whether invocation or completion has this value. */
    public boolean has(String name) {
        return find(name) != null;
    }

    /** Index of its completion's event; {@code Long.MAX_VALUE} when it may still happen. */
    public long returnedAt() {
        return completion == null || completion.type() == Event.Type.INFO ? Long.MAX_VALUE : completion.index();
    }

    /** One line for people. */
    public String describe() {
        return invoke.describe()
                + (completion == null
                        ? " → never answered"
                        : " → "
                                + completion
                                        .describe()
                                        .substring(completion.describe().indexOf("learns")));
    }
}
