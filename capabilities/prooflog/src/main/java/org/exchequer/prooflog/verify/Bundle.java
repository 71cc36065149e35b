package org.exchequer.prooflog.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.exchequer.prooflog.verify.Notes.Bad;
import org.exchequer.prooflog.verify.Notes.Key;

/** Verifies a proof bundle: that one entry is in the log. */
final class Bundle {
    private final MessageDigest sha256 = MessageDigest.getInstance("SHA-256");

    Bundle() throws GeneralSecurityException {}

    /**
     * A bundle of one entry in the format c2sp.org/tlog-proof@v1, the entry's bytes as its extra data.
     *
     * @param witnesses that must have cosigned its checkpoint
     */
    String verify(Path file, Key key, List<Key> witnesses) throws IOException, Bad, GeneralSecurityException {
        String[] parts = Files.readString(file).split("\n\n", 2);
        List<String> lines = parts[0].lines().toList();
        if (parts.length != 2
                || lines.size() < 3
                || !lines.getFirst().equals("c2sp.org/tlog-proof@v1")
                || !lines.get(1).startsWith("extra ")
                || !lines.get(2).startsWith("index ")) {
            throw new Bad(file + " is not a proof bundle");
        }
        long index = Notes.number(lines.get(2).substring(6));
        List<Notes.Note> notes = Notes.notes(parts[1], "" + file);
        Notes.Checkpoint signed = Notes.checkpoint(notes, 0, key, "its checkpoint");
        StringBuilder cosigned = new StringBuilder();
        for (Key witness : witnesses) {
            List<Long> seconds = Notes.signature(notes.getFirst(), witness);
            Notes.require(!seconds.isEmpty(), index, "its checkpoint is not cosigned by " + witness.name());
            cosigned.append(", cosigned by ")
                    .append(witness.name())
                    .append(" at ")
                    .append(Instant.ofEpochSecond(seconds.getFirst()));
        }
        List<byte[]> proof = new ArrayList<>();
        for (String line : lines.subList(3, lines.size())) {
            proof.add(Notes.base64(line));
        }
        byte[] entry = Notes.base64(lines.get(1).substring(6));
        Notes.require(index < signed.size(), index, "the checkpoint has " + signed.size() + " entries only");
        byte[] root = included(index, signed.size(), hash(new byte[] {0}, entry), proof);
        Notes.require(
                Arrays.equals(root, signed.root()), index, "the entry is not in the log that the checkpoint signs");
        return "OK: entry " + index + " (" + entry.length + " bytes, SHA-256 "
                + HexFormat.of().formatHex(hash(entry)) + ") is in the log of " + signed.size()
                + " entries signed by " + key.name() + " (key " + HexFormat.of().formatHex(key.id()) + ")" + cosigned;
    }

    /** The root that this leaf and its path lead to (RFC 9162, 2.1.3); empty when the path's length is wrong. */
    private byte[] included(long index, long leaves, byte[] leaf, List<byte[]> path) {
        if (leaves == 1 || path.isEmpty()) {
            return leaves == 1 && path.isEmpty() ? leaf : new byte[0];
        }
        long left = Long.highestOneBit(leaves - 1);
        List<byte[]> below = path.subList(0, path.size() - 1);
        byte[] one = {1};
        return index < left
                ? hash(one, included(index, left, leaf, below), path.getLast())
                : hash(one, path.getLast(), included(index - left, leaves - left, leaf, below));
    }

    private byte[] hash(byte[]... parts) {
        for (byte[] part : parts) {
            sha256.update(part);
        }
        return sha256.digest();
    }
}
