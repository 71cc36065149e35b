package org.exchequer.inward.api;

import java.util.List;

/**
 * A table of figures by day.
 *
 * @param kind what it is about
 * @param columns names
 * @param rows a text for each column
 */
public record Report(Kind kind, List<String> columns, List<List<String>> rows) {
    /** What can be reported. */
    public enum Kind {
        /** Compliance with the service level, and how long payments took. */
        SLA,
        /** How long each stage took against what it was given, and how often it fell back. */
        STAGES,
        /** What was refused, by reason. */
        REFUSALS,
        /** What payments met with partners: fallbacks, and breakers that were not closed. */
        PARTNERS
    }

    public Report {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /** As in RFC 4180. */
    public String csv() {
        StringBuilder csv = new StringBuilder(csvLine(columns));
        rows.forEach(row -> csv.append(csvLine(row)));
        return csv.toString();
    }

    /**
     * One line of a file in the form of RFC 4180. A value that a spreadsheet would take for a formula is written with
     * an apostrophe before it.
     */
    public static String csvLine(List<String> values) {
        StringBuilder line = new StringBuilder();
        for (String value : values) {
            String shown = !value.isEmpty() && "=+-@\t\r\n".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
            line.append(line.isEmpty() ? "" : ",");
            boolean plain = shown.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
            line.append(plain ? shown : "\"" + shown.replace("\"", "\"\"") + "\"");
        }
        return line.append("\r\n").toString();
    }
}
