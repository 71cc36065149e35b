package org.exchequer.ledger.edge.csv;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.edge.csv.ImportRow.Unreadable;

/**
 * Reads an import file row by row in bounded memory. A row is one line: a quoted value may hold the separator, but no
 * line break, so that one broken quote costs one row and not the rest of the file.
 */
public final class ImportFile implements AutoCloseable {
    /** A transaction of a thousand legs fits. */
    static final int MAX_LINE_BYTES = 256 * 1024;

    /** What the columns begin with that an import adds to the rows it lists in its error file. */
    public static final String ERROR = "error.";

    /** The columns of an error file with the reason, and with a line that could not be told apart into values. */
    public static final String ERROR_CODE = ERROR + "code";

    public static final String ERROR_ROW = ERROR + "row";

    /** The code of a row that the end of its file cut off: nobody can tell whether it is whole. */
    static final String CUT_OFF = "CUT_OFF";

    /** What gives a line more structure than its separators. */
    private static final Pattern SPECIAL = Pattern.compile("[\"\r\n]");

    /** The rule that such a row breaks. */
    static final String CUT = "is cut off by the end of the file";

    private final InputStream in;
    private final ImportFormat format;
    private final CSVFormat csv;
    private final Pattern separator;
    private final ImportFormat.RowReader rows;
    private final List<String> columns;
    /** Positions of the format's columns, and how many there are with those of an error file. */
    private final int[] own;

    private final int width;
    private final int errorCode;
    private final int errorRow;
    private long line;

    /**
     * Opens the file and reads its header.
     *
     * @throws FieldError when the header is not the format's
     */
    public ImportFile(InputStream in, ImportFormat format) throws IOException {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.format = format;
        this.csv = CSVFormat.RFC4180
                .builder()
                .setDelimiter(format.separator())
                .setIgnoreEmptyLines(false)
                .get();
        this.separator = Pattern.compile(String.valueOf(format.separator()), Pattern.LITERAL);
        Line header = readLine().orElseThrow(() -> new FieldError("header", "is missing: the file is empty"));
        List<String> all =
                cells(header).stream().map(ImportFile::withoutByteOrderMark).toList();
        this.width = all.size();
        requireSeparator(all);
        this.errorCode = all.indexOf(ERROR_CODE);
        this.errorRow = all.indexOf(ERROR_ROW);
        this.own = IntStream.range(0, width)
                .filter(i -> !all.get(i).startsWith(ERROR))
                .toArray();
        this.columns = own(all);
        this.rows = format.header(columns);
    }

    private void requireSeparator(List<String> header) {
        for (String other : List.of(",", ";", "\t")) {
            if (header.size() == 1 && header.getFirst().contains(other)) {
                throw new FieldError(
                        header.getFirst(),
                        "is one column: this format separates values by '" + format.separator() + "'");
            }
        }
    }

    /** The columns of the format, in their order; what an import added to an error file is not among them. */
    public List<String> columns() {
        return columns;
    }

    /** Those of a row's values that are not what an import said about it. */
    private List<String> own(List<String> cells) {
        return own.length == width
                ? cells
                : Arrays.stream(own).mapToObj(cells::get).toList();
    }

    /** The next row, or empty at the end. Blank lines are passed over. */
    public Optional<ImportRow> next() throws IOException {
        Optional<Line> next = readLine();
        while (next.isPresent() && next.get().isBlank()) {
            next = readLine();
        }
        return next.map(this::row);
    }

    private ImportRow row(Line text) {
        if (!text.ended() && format.endsEveryLine()) {
            return unreadable(text, List.of(), new FieldError("row", CUT), true);
        }
        Line row = text;
        List<String> cells = List.of();
        try {
            List<String> all = cells(text);
            if (isListedAsLine(all)) {
                row = new Line(all.get(errorRow).getBytes(format.charset()), true, false);
                if (errorCode >= 0 && all.get(errorCode).equals(CUT_OFF)) {
                    return unreadable(row, List.of(), new FieldError("row", CUT), false);
                }
                if (all.get(errorRow).indexOf('\ufffd') >= 0) {
                    throw new FieldError("row", "was not " + format.charset() + " text");
                }
                all = cells(row);
            }
            cells = all.size() == width ? own(all) : all;
            return rows.read(line, cells);
        } catch (FieldError broken) {
            return unreadable(row, cells, broken, false);
        }
    }

    /** A row of an error file without values of its own, only with the line that could not be told apart into them. */
    private boolean isListedAsLine(List<String> all) {
        return errorRow >= 0
                && all.size() == width
                && !all.get(errorRow).isEmpty()
                && own(all).stream().allMatch(String::isEmpty);
    }

    private Unreadable unreadable(Line text, List<String> cells, FieldError broken, boolean cut) {
        boolean apart = cells.size() == columns.size();
        return new Unreadable(
                line,
                format.key(columns, cells),
                apart ? cells : List.of(),
                apart ? "" : new String(text.bytes(), format.charset()),
                broken.field(),
                String.valueOf(broken.getMessage()),
                cut);
    }

    private List<String> cells(Line text) {
        if (text.tooLong()) {
            throw new FieldError("row", "is longer than " + MAX_LINE_BYTES + " bytes");
        }
        String decoded;
        try {
            decoded = format.charset()
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(text.bytes()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new FieldError("row", "is not " + format.charset() + " text");
        }
        if (SPECIAL.matcher(decoded).find()) {
            return parsed(decoded);
        }
        // Nothing but separators: most rows of most files, and a parser for each would cost more than all the rest.
        return List.of(separator.split(decoded, -1));
    }

    private List<String> parsed(String decoded) {
        try (CSVParser parser = CSVParser.parse(decoded, csv)) {
            List<CSVRecord> records = parser.getRecords();
            if (records.size() != 1) {
                throw new FieldError("row", "has quotes that do not close within the line");
            }
            return records.getFirst().toList();
        } catch (IOException | UncheckedIOException malformed) {
            throw new FieldError("row", "has quotes that do not close, or text beside them");
        }
    }

    /** Excel starts UTF-8 files with a mark that is no part of the first column's name. */
    private static String withoutByteOrderMark(String column) {
        return column.startsWith("\ufeff") ? column.substring(1) : column;
    }

    private Optional<Line> readLine() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        boolean tooLong = false;
        int next = in.read();
        if (next < 0) {
            return Optional.empty();
        }
        while (next >= 0 && next != '\n') {
            if (bytes.size() < MAX_LINE_BYTES) {
                bytes.write(next);
            } else {
                tooLong = true;
            }
            next = in.read();
        }
        line++;
        return Optional.of(new Line(stripReturn(bytes.toByteArray()), next == '\n', tooLong));
    }

    private static byte[] stripReturn(byte[] line) {
        return line.length > 0 && line[line.length - 1] == '\r' ? Arrays.copyOf(line, line.length - 1) : line;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared, and gone after the row
    private record Line(byte[] bytes, boolean ended, boolean tooLong) {
        boolean isBlank() {
            for (byte each : bytes) {
                if (each != ' ' && each != '\t') {
                    return false;
                }
            }
            return true;
        }
    }
}
