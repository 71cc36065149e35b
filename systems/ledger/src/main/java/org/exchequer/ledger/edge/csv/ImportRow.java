package org.exchequer.ledger.edge.csv;

import java.util.List;
import java.util.Map;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Command;

/** One row of an import file. */
public sealed interface ImportRow {
    /** Number of its line in the file, from 1. */
    long line();

    /** The idempotency key it stands for; empty where it cannot be read. */
    String key();

    /** Its values, in the order of {@link ImportFile#columns}; empty where the line cannot be told apart into them. */
    List<String> cells();

    /**
     * A movement of money, or whatever else a row asks for.
     *
     * @param line number of its line in the file, from 1
     * @param cells its values as they stand in the file
     * @param command what to send to the ledger
     * @param totals what it adds to the totals of the file, by group, e.g. {@code PRIJEM}
     */
    record Movement(long line, List<String> cells, Command command, Map<String, Money> totals) implements ImportRow {
        /** A transfer, totalled under one group. */
        Movement(long line, List<String> cells, String group, Command.Transfer transfer) {
            this(line, cells, transfer, Map.of(group, transfer.amount()));
        }

        /** The same row, asked for by another command. */
        public Movement with(Command other) {
            return new Movement(line, cells, other, totals);
        }

        @Override
        public String key() {
            return command.key();
        }
    }

    /**
     * A row that cannot be read; nothing is guessed from what is left of it.
     *
     * @param line number of its line in the file, from 1
     * @param key the key as far as its value can be read
     * @param cells its values as they stand in the file, or none
     * @param text the line as it stands in the file where there are no {@code cells}; else empty
     * @param field the column at fault, or {@code row}
     * @param rule the rule it breaks
     * @param cut the file ends within this row
     */
    record Unreadable(long line, String key, List<String> cells, String text, String field, String rule, boolean cut)
            implements ImportRow {
        /** What it is listed under in an error file, of this import and of that of the error file itself. */
        public String code() {
            return rule.equals(ImportFile.CUT) ? ImportFile.CUT_OFF : "UNREADABLE";
        }
    }
}
