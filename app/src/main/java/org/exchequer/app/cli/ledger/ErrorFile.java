package org.exchequer.app.cli.ledger;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/** The rows that were not posted, with the reason: {@code line,key,code,field,detail}. Made with the first of them. */
final class ErrorFile implements AutoCloseable {
    private final Path path;
    private @Nullable CSVPrinter printer;

    /** Removes what an earlier import left under this name: its errors are not ours. */
    ErrorFile(Path path) throws IOException {
        this.path = path;
        Files.deleteIfExists(path);
    }

    void add(long line, String key, String code, String field, String detail) throws IOException {
        if (printer == null) {
            BufferedWriter writer = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
            printer = new CSVPrinter(writer, CSVFormat.RFC4180);
            printer.printRecord("line", "key", "code", "field", "detail");
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
