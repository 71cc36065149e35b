package org.exchequer.app.cli.ledger;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.jspecify.annotations.Nullable;

/** The rows that were not posted, with the reason: {@code line,key,code,field,detail}. Made with the first of them. */
final class ErrorFile implements AutoCloseable {
    private static final String HEADER = "line,key,code,field,detail";

    private final Path path;
    private @Nullable CSVPrinter printer;

    /**
     * Removes what an earlier import left under this name: its errors are not ours. Any other file stays.
     *
     * @throws CommandFailure when there is a file that no import has made
     */
    ErrorFile(Path path) throws IOException {
        this.path = path;
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
            return new String(in.readNBytes(HEADER.length()), StandardCharsets.UTF_8).equals(HEADER);
        }
    }

    void add(long line, String key, String code, String field, String detail) throws IOException {
        if (printer == null) {
            BufferedWriter writer = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
            printer = new CSVPrinter(writer, CSVFormat.RFC4180);
            printer.printRecord((Object[]) HEADER.split(","));
        }
        printer.printRecord(line, key, code, field, detail);
    }

    @Override
    public void close() throws IOException {
        if (printer != null) {
            printer.close();
        }
    }
}
