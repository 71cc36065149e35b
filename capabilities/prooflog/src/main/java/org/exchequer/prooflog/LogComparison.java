package org.exchequer.prooflog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Compares entries that are kept elsewhere too, e.g. a database's journal, with what a log has signed. Works beside the
 * process that appends: what counts is the checkpoint at the beginning. Holding the entries against the signed root
 * needs nothing of the log but hashes, so archived and purged ones are compared as well.
 */
public final class LogComparison implements AutoCloseable {
    /** The first entry that differs, and how. */
    public record Difference(long position, String what) {}

    private final Checkpoint signed;
    private final HashFiles hashes;
    private final Frontier frontier = new Frontier();

    private LogComparison(Checkpoint signed, HashFiles hashes) {
        this.signed = signed;
        this.hashes = hashes;
    }

    /**
     * Opens a log's directory for reading.
     *
     * @param key the log's public key; empty to trust the one in the directory
     * @throws ProofLogException when there is no log, or its checkpoint is not signed by the key
     */
    public static LogComparison open(Path folder, Optional<NoteKey> key) {
        try {
            NoteKey log = key.isPresent() ? key.get() : NoteKey.parse(Files.readString(folder.resolve("log.vkey")));
            SignedNote note = new DirectorySource(folder).checkpoint();
            Checkpoint signed = Checkpoint.of(note);
            if (!log.signed(note) || !signed.origin().equals(log.name())) {
                throw new ProofLogException("the key is not the one that signed: the checkpoint in " + folder
                        + " is of the log " + signed.origin() + " and not signed with this key of " + log.name());
            }
            return new LogComparison(signed, HashFiles.open(folder.resolve("hashes"), false));
        } catch (IOException | MalformedNoteException e) {
            throw new ProofLogException("the log " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** How many entries are to be compared: those that are signed. */
    public long size() {
        return signed.size();
    }

    /** How many were compared. */
    public long compared() {
        return frontier.size();
    }

    /** Compares the next entry, from position 0 on; empty when it is the log's. */
    public Optional<Difference> next(byte[] entry) throws IOException {
        long position = frontier.size();
        byte[] leaf = MerkleTree.leafHash(entry);
        if (!Arrays.equals(leaf, hashes.leaf(position))) {
            return Optional.of(new Difference(position, "the entry is not the one in the log"));
        }
        frontier.push(leaf, (level, index, hash) -> {});
        return frontier.size() == signed.size() && !Arrays.equals(frontier.root(), signed.root())
                ? Optional.of(new Difference(0, "the entries agree with the log's hashes, but these not with its root"))
                : Optional.empty();
    }

    @Override
    public void close() {
        try {
            hashes.close();
        } catch (IOException e) {
            throw new ProofLogException("the log's hashes cannot be closed", e);
        }
    }
}
