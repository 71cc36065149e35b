package org.exchequer.prooflog;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * What a log says of itself at one size (C2SP tlog-checkpoint). Worth as much as the signatures under it.
 *
 * @param origin the log's name
 * @param size entries in the log, from 0
 * @param root of the Merkle tree over them, 32 bytes
 */
public record Checkpoint(String origin, long size, byte[] root) {
    public Checkpoint {
        if (size < 0 || root.length != MerkleTree.HASH_BYTES) {
            throw new IllegalArgumentException("no checkpoint has size " + size + " and a root of " + root.length);
        }
    }

    /** The checkpoint that a note's text is. Lines after the third are allowed and mean nothing here. */
    public static Checkpoint of(SignedNote note) throws MalformedNoteException {
        List<String> lines = note.text().lines().toList();
        if (lines.size() < 3
                || lines.stream().anyMatch(String::isEmpty)
                || !lines.get(1).matches("0|[1-9][0-9]{0,17}")) {
            throw new MalformedNoteException("not a checkpoint: origin, size and root are expected");
        }
        try {
            byte[] root = Base64.getDecoder().decode(lines.get(2));
            return new Checkpoint(lines.getFirst(), Long.parseLong(lines.get(1)), root);
        } catch (IllegalArgumentException e) {
            throw new MalformedNoteException("not a checkpoint, its root is no hash: " + lines.get(2));
        }
    }

    /** The checkpoint as the text of a note. */
    public String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
    }

    /** Whether both say the same. */
    public boolean same(Checkpoint other) {
        return origin.equals(other.origin) && size == other.size && Arrays.equals(root, other.root);
    }
}
