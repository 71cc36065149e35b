package org.exchequer.app.cli.ledger;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.ledger.edge.csv.ImportFile;
import org.exchequer.ledger.edge.csv.ImportFormat;
import org.exchequer.ledger.edge.csv.ImportRow;
import org.jspecify.annotations.Nullable;

/**
 * The rows that were not posted: what is wrong with each, then its values under the columns of the file it comes from.
 * Corrected, it can be imported itself: an import passes over what another has added. Made with the first such row.
 *
 * <p>A line that cannot be told apart into values stands as it is in the last column, where it can be corrected too.
 */
final class ErrorFile implements AutoCloseable {
    private static final List<String> HEADER = List.of(
            ImportFile.ERROR + "line",
            ImportFile.ERROR + "key",
            ImportFile.ERROR_CODE,
            ImportFile.ERROR + "field",
            ImportFile.ERROR + "detail");

    private final Path path;
    private final ImportFormat format;
    private final List<String> columns;
    private @Nullable CSVPrinter printer;

    /**
     * Removes what an earlier import left under this name: its errors are not ours. Any other file stays.
     *
     * @param columns of the file that is imported
     * @throws CommandFailure when there is a file that no import has made
     */
    ErrorFile(Path path, ImportFormat format, List<String> columns) throws IOException {
        this.path = path;
        this.format = format;
        this.columns = columns;
        if (Files.exists(path) && !madeByImport(path)) {
            throw new CommandFailure(
                    ExitCodes.CANNOT_CREATE,
                    path + " exists and is no error file of an import; give --errors another name");
        }
        Files.deleteIfExists(path);
    }

    private static boolean madeByImport(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(path)) {
            String start = HEADER.getFirst();
            return new String(in.readNBytes(start.length()), StandardCharsets.UTF_8).equals(start);
        }
    }

    void add(ImportRow row, String code, String field, String detail) throws IOException {
        CSVPrinter csv = printer;
        if (csv == null) {
            csv = open();
            printer = csv;
        }
        List<Object> cells = new ArrayList<>(List.of(row.line(), row.key(), code, field, detail));
        boolean apart = !row.cells().isEmpty();
        cells.addAll(apart ? row.cells() : Collections.nCopies(columns.size(), ""));
        cells.add(row instanceof ImportRow.Unreadable broken ? broken.text() : "");
        csv.printRecord(cells);
    }

    private CSVPrinter open() throws IOException {
        // What the format's character set has no sign for, in a message, becomes a question mark.
        Writer writer = new BufferedWriter(new OutputStreamWriter(
                Files.newOutputStream(path),
                format.charset()
                        .newEncoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)));
        CSVPrinter csv = new CSVPrinter(
                writer,
                CSVFormat.RFC4180.builder().setDelimiter(format.separator()).get());
        List<String> header = new ArrayList<>(HEADER);
        header.addAll(columns);
        header.add(ImportFile.ERROR_ROW);
        csv.printRecord(header);
        return csv;
    }

    @Override
    public void close() throws IOException {
        if (printer != null) {
            printer.close();
        }
    }
}
