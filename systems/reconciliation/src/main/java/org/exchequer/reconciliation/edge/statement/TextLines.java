package org.exchequer.reconciliation.edge.statement;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import org.jspecify.annotations.Nullable;

/** Lines of text, none of them without end. */
final class TextLines {
    static final int MAX_BYTES = 16 * 1024;

    private final BufferedInputStream in;
    private final Charset charset;
    private final StatementLines lines;
    private long number;

    TextLines(InputStream in, Charset charset, StatementLines lines) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.charset = charset;
        this.lines = lines;
    }

    /** The next line without its end, or null after the last. */
    @Nullable
    String next() throws IOException {
        int each = in.read();
        if (each < 0) {
            return null;
        }
        lines.at("line " + ++number);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        while (each >= 0 && each != '\n') {
            if (bytes.size() == MAX_BYTES) {
                throw lines.bad("row", "must have at most " + MAX_BYTES + " bytes");
            }
            bytes.write(each);
            each = in.read();
        }
        String text = decoded(bytes.toByteArray());
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private String decoded(byte[] bytes) {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw lines.bad("row", "is not " + charset + " text");
        }
    }
}
