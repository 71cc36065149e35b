package org.exchequer.ledger.edge.csv;

import org.exchequer.ledger.api.Command;

/** One row of an import file. */
public sealed interface ImportRow {
    /** Number of its line in the file, from 1. */
    long line();

    /**
     * A movement of money.
     *
     * @param line number of its line in the file, from 1
     * @param group what its amount is totalled under, e.g. {@code PRIJEM}
     * @param transfer what to send to the ledger
     */
    record Movement(long line, String group, Command.Transfer transfer) implements ImportRow {}

    /**
     * A row that cannot be read; nothing is guessed from what is left of it.
     *
     * @param line number of its line in the file, from 1
     * @param field the column at fault, or {@code row}
     * @param rule the rule it breaks
     * @param cut the file ends within this row
     */
    record Unreadable(long line, String field, String rule, boolean cut) implements ImportRow {}
}
