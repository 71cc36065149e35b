package org.exchequer.prooflog;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * All that it takes to show offline that an entry is in a log: {@code c2sp.org/tlog-proof@v1}, with the entry's bytes
 * as its extra data.
 *
 * @param entry the bytes that were appended
 * @param index its position, from 0
 * @param proof the hashes beside the path from its leaf to the root
 * @param checkpoint signed by the log
 */
public record ProofBundle(byte[] entry, long index, List<byte[]> proof, SignedNote checkpoint) {
    /** What the files are called. */
    public static final String FILE_ENDING = ".tlog-proof";

    private static final String FIRST_LINE = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";

    public ProofBundle {
        proof = List.copyOf(proof);
    }

    /** The bundle as text. */
    public String render() {
        Base64.Encoder base64 = Base64.getEncoder();
        StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        text.append(EXTRA).append(base64.encodeToString(entry)).append('\n');
        text.append(INDEX).append(index).append('\n');
        proof.forEach(hash -> text.append(base64.encodeToString(hash)).append('\n'));
        return text.append('\n').append(checkpoint.render()).toString();
    }

    /** Reads what {@link #render} wrote. */
    public static ProofBundle parse(String text) throws MalformedNoteException {
        int blank = text.indexOf("\n\n");
        List<String> lines = text.substring(0, Math.max(0, blank)).lines().toList();
        if (lines.size() < 3
                || !lines.getFirst().equals(FIRST_LINE)
                || !lines.get(1).startsWith(EXTRA)
                || !lines.get(2).matches(INDEX + "(0|[1-9][0-9]{0,17})")) {
            throw new MalformedNoteException("not a proof bundle (" + FIRST_LINE + " with the entry as extra data)");
        }
        try {
            List<byte[]> proof = new ArrayList<>();
            for (String line : lines.subList(3, lines.size())) {
                proof.add(Base64.getDecoder().decode(line));
            }
            byte[] entry = Base64.getDecoder().decode(lines.get(1).substring(EXTRA.length()));
            long index = Long.parseLong(lines.get(2).substring(INDEX.length()));
            return new ProofBundle(entry, index, proof, SignedNote.parse(text.substring(blank + 2)));
        } catch (IllegalArgumentException e) {
            throw new MalformedNoteException("not a proof bundle: a line is not Base64");
        }
    }

    /** Whether the log with this key has the entry at its index. */
    public boolean holds(NoteKey log) throws MalformedNoteException {
        Checkpoint signed = Checkpoint.of(checkpoint);
        return log.signed(checkpoint)
                && log.name().equals(signed.origin())
                && MerkleTree.verifyInclusion(index, signed.size(), MerkleTree.leafHash(entry), proof, signed.root());
    }
}
