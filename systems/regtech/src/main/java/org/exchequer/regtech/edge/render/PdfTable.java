package org.exchequer.regtech.edge.render;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.exchequer.regtech.core.Table;

/**
 * A table on pages to print: A4 across, columns as wide as their longest value, values that do not fit cut with an
 * ellipsis. What the standard fonts cannot show is a question mark; the CSV and JSON files beside it have everything.
 * No
 * time is in it.
 */
public final class PdfTable {
    private static final PDRectangle PAGE = new PDRectangle(PDRectangle.A4.getHeight(), PDRectangle.A4.getWidth());
    private static final float MARGIN = 36;
    private static final float SIZE = 7;
    private static final float LEADING = 10;
    private static final int GAP = 2;
    private static final int MOST_WIDTH = 48;

    private PdfTable() {}

    /** @param subtitle below the title on each page, e.g. the date */
    public static byte[] render(Table table, String subtitle) throws IOException {
        try (PDDocument document = new PDDocument()) {
            // The identifier would be made of the time.
            document.setDocumentId(1L);
            PDFont font = new PDType1Font(FontName.COURIER);
            PDFont bold = new PDType1Font(FontName.COURIER_BOLD);
            // Every character of this font is 0.6 of its size wide.
            int across = (int) ((PAGE.getWidth() - 2 * MARGIN) / (SIZE * 0.6f));
            List<Integer> widths = widths(table, across);
            int perPage = (int) ((PAGE.getHeight() - 2 * MARGIN) / LEADING) - 4;
            int pages = Math.max(1, (table.rows().size() + perPage - 1) / perPage);
            for (int number = 0; number < pages; number++) {
                List<List<String>> rows = table.rows()
                        .subList(number * perPage, Math.min(table.rows().size(), (number + 1) * perPage));
                PDPage page = new PDPage(PAGE);
                document.addPage(page);
                try (PDPageContentStream out = new PDPageContentStream(document, page)) {
                    out.beginText();
                    out.setLeading(LEADING);
                    out.newLineAtOffset(MARGIN, PAGE.getHeight() - MARGIN - SIZE);
                    String place = "page " + (number + 1) + " of " + pages;
                    line(out, bold, table.title() + ", " + subtitle + ", " + place);
                    line(out, font, table.rows().size() + " rows");
                    line(out, bold, cells(table, table.columns(), widths));
                    for (List<String> row : rows) {
                        line(out, font, cells(table, row, widths));
                    }
                    out.endText();
                }
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        }
    }

    private static void line(PDPageContentStream out, PDFont font, String text) throws IOException {
        out.setFont(font, SIZE);
        out.showText(shown(text));
        out.newLine();
    }

    /** What the fonts have: printable Latin-1. */
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean has = c >= 0x20 && c < 0x7f || c >= 0xa1 && c <= 0xff && c != 0xad;
            shown.appendCodePoint(has ? c : '?');
        });
        return shown.toString();
    }

    /** As wide as the longest value, within what a page is wide. */
    private static List<Integer> widths(Table table, int across) {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            int width = table.columns().get(i).length();
            for (List<String> row : table.rows()) {
                width = Math.max(width, row.get(i).length());
            }
            widths.add(Math.min(width, MOST_WIDTH));
        }
        int total = widths.stream().mapToInt(width -> width + GAP).sum();
        while (total > across) {
            int widest = 0;
            for (int i = 1; i < widths.size(); i++) {
                widest = widths.get(i) > widths.get(widest) ? i : widest;
            }
            widths.set(widest, widths.get(widest) - 1);
            total--;
        }
        return widths;
    }

    private static String cells(Table table, List<String> row, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String value = row.get(i);
            int width = widths.get(i);
            String fitting = value.length() <= width ? value : value.substring(0, Math.max(0, width - 2)) + "..";
            String blanks = " ".repeat(Math.max(0, width - fitting.length()));
            line.append(table.isNumber(i) ? blanks + fitting : fitting + blanks).append(" ".repeat(GAP));
        }
        return line.toString();
    }
}
