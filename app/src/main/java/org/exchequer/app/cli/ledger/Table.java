package org.exchequer.app.cli.ledger;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns for people: as wide as their widest cell, numbers to the right. */
public final class Table {
    private static final String GAP = "  ";

    private final List<String> heads = new ArrayList<>();
    private final List<Boolean> right = new ArrayList<>();
    private final List<String[]> rows = new ArrayList<>();

    public Table text(String head) {
        heads.add(head);
        right.add(false);
        return this;
    }

    public Table number(String head) {
        heads.add(head);
        right.add(true);
        return this;
    }

    public void row(String... cells) {
        if (cells.length != heads.size()) {
            throw new IllegalArgumentException("a row of " + cells.length + " cells under " + heads.size() + " heads");
        }
        rows.add(cells.clone());
    }

    public void print(PrintWriter out) {
        int[] widths = new int[heads.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = heads.get(column).length();
            for (String[] row : rows) {
                widths[column] = Math.max(widths[column], row[column].length());
            }
        }
        line(out, heads.toArray(String[]::new), widths);
        rows.forEach(row -> line(out, row, widths));
    }

    private void line(PrintWriter out, String[] cells, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < cells.length; column++) {
            String padding = " ".repeat(widths[column] - cells[column].length());
            text.append(column == 0 ? "" : GAP)
                    .append(right.get(column) ? padding + cells[column] : cells[column] + padding);
        }
        out.println(text.toString().stripTrailing());
    }
}
