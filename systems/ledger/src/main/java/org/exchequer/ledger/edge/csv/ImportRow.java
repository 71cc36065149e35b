package org.exchequer.ledger.edge.csv;

import java.util.Map;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Command;

/** One row of an import file. */
public sealed interface ImportRow {
    /** Number of its line in the file, from 1. */
    long line();

    /**
     * A movement of money, or whatever else a row asks for.
     *
     * @param line number of its line in the file, from 1
     * @param command what to send to the ledger
     * @param totals what it adds to the totals of the file, by group, e.g. {@code PRIJEM}
     */
    record Movement(long line, Command command, Map<String, Money> totals) implements ImportRow {
        /** A transfer, totalled under one group. */
        Movement(long line, String group, Command.Transfer transfer) {
            this(line, transfer, Map.of(group, transfer.amount()));
        }
    }

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
