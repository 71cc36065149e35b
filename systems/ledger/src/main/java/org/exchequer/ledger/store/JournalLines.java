package org.exchequer.ledger.store;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lines of an exported journal, one after the other, with their numbers. */
final class JournalLines {
    private static final int BUFFER = 1 << 16;
    /** Of a line; a row holds one transaction, whose legs and metadata are bounded well below that. */
    private static final int MOST_BYTES = 64 << 20;

    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private long number;

    JournalLines(InputStream packed) throws IOException, BadJournalException {
        try {
            this.in = new BufferedInputStream(new GZIPInputStream(packed, BUFFER), BUFFER);
        } catch (ZipException | EOFException e) {
            throw new BadJournalException(0, "the file is not an exported journal: it is not in gzip format");
        }
    }

    /** Number of the line read last, from 1. */
    long number() {
        return number;
    }

    /** The next line's value, or null at the file's end. */
    @Nullable
    JsonNode next() throws IOException, BadJournalException {
        number++;
        line.reset();
        int read = read();
        while (read >= 0 && read != '\n') {
            if (line.size() == MOST_BYTES) {
                throw bad("longer than " + (MOST_BYTES >> 20) + " MiB");
            }
            line.write(read);
            read = read();
        }
        if (read < 0 && line.size() == 0) {
            return null;
        }
        if (read < 0) {
            throw bad("the file ends in the middle of the line: it was cut");
        }
        try {
            return JsonMapper.shared().readTree(line.toByteArray());
        } catch (JacksonException e) {
            throw bad("not JSON: " + e.getOriginalMessage());
        }
    }

    BadJournalException bad(String rule) {
        return new BadJournalException(number, rule);
    }

    private int read() throws IOException, BadJournalException {
        try {
            return in.read();
        } catch (EOFException e) {
            throw bad("the file ends here: it was cut");
        } catch (ZipException e) {
            throw bad("the file is damaged here: " + e.getMessage());
        }
    }
}
