package org.exchequer.regtech.core;

import java.util.List;

/**
 * A report as rows of text.
 *
 * @param name of its files, e.g. {@code trial-balance}
 * @param title for people
 * @param columns in camel case, as in JSON
 * @param rows each as long as the columns
 */
public record Table(String name, String title, List<String> columns, List<List<String>> rows) {
    /** Columns whose values stand at the right. */
    public boolean isNumber(int column) {
        return switch (columns.get(column)) {
            case "debits", "credits", "balance", "amount", "transactionId", "daysWithout" -> true;
            default -> false;
        };
    }
}
