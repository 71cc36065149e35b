package org.exchequer.ledger.edge.csv;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.FieldError;

/** A kind of file with movements or accounts: a header line, then one of them per line. */
public interface ImportFormat {
    Charset charset();

    char separator();

    /** Whether every row ends with a line break, so that a last line without one is a row cut off. */
    boolean endsEveryLine();

    /**
     * Reads the header.
     *
     * @return how to read the rows under it
     * @throws FieldError naming the column that is missing, unknown or given twice
     */
    RowReader header(List<String> columns);

    /**
     * The idempotency key of a row that {@link RowReader} could not read, as far as it can be told.
     *
     * @return empty when the value that makes the key is missing
     */
    String key(List<String> columns, List<String> cells);

    /**
     * The same as a request of its own, where an earlier import had it rejected for what may be so no longer.
     *
     * @return empty where the row itself tells its key, and takes a new one
     */
    default Optional<Command> again(Command rejected) {
        return Optional.empty();
    }

    /** The value in a column, or empty where the row has none there. */
    static String cell(List<String> columns, List<String> cells, String column) {
        int position = columns.indexOf(column);
        return position < 0 || position >= cells.size() ? "" : cells.get(position);
    }

    /** Accounts that the command needs and that an import opens by itself, parents first. */
    List<AccountSpec> accounts(Command command);

    /**
     * The totals per group as the ledger has them, to be compared with the file's.
     *
     * @param accounts turnover by account code, of the whole ledger
     * @param answered amounts that the ledger confirmed during this import, by group
     */
    Map<String, Money> ledgerTotals(Map<String, Turnover> accounts, Map<String, Money> answered);

    /** All debits and all credits of an account. */
    record Turnover(Money debits, Money credits) {}

    /** Reads the cells of one row. */
    @FunctionalInterface
    interface RowReader {
        /** @throws FieldError naming the column and the rule it breaks */
        ImportRow.Movement read(long line, List<String> cells);
    }
}
