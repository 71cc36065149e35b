package org.exchequer.screening.list;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import org.exchequer.screening.ListVersion;
import org.exchequer.screening.ListedParty;
import org.exchequer.screening.SanctionsList;
import org.jspecify.annotations.Nullable;

/** What all readers share: bounds, the digest of the bytes, and their characters. */
final class Published {
    /** All of OFAC's files together are about 15 MB, the largest lists of others below 100. */
    static final int MOST_BYTES = 256 * 1024 * 1024;

    static final int MOST_PARTIES = 2_000_000;
    static final int MOST_NAMES = 2_000;
    static final int MOST_FIELD_CHARS = 100_000;

    /** Longer names than a subject may have can never be matched, and no list has any. */
    static final int MOST_NAME_CHARS = 512;

    private Published() {}

    static SanctionsList list(
            String source, @Nullable LocalDate published, List<byte[]> files, List<ListedParty> parties)
            throws ListFormatException {
        if (parties.isEmpty()) {
            throw new ListFormatException(source, "whole file", "names nobody: an empty list is not loaded");
        }
        try {
            return new SanctionsList(new ListVersion(source, published, sha256(files), parties.size()), parties);
        } catch (IllegalArgumentException twice) {
            throw new ListFormatException(source, "whole file", String.valueOf(twice.getMessage()), twice);
        }
    }

    static void checkSize(String source, byte[] bytes) throws ListFormatException {
        if (bytes.length > MOST_BYTES) {
            throw new ListFormatException(source, "whole file", "at most " + MOST_BYTES + " bytes");
        }
    }

    /** UTF-8 where the bytes are, else Windows-1252, which OFAC used for years. */
    static String text(String source, byte[] bytes) throws ListFormatException {
        checkSize(source, bytes);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException notUtf8) {
            return new String(bytes, Charset.forName("windows-1252"));
        }
    }

    private static String sha256(List<byte[]> files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            files.forEach(digest::update);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
