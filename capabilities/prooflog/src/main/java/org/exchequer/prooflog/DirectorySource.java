package org.exchequer.prooflog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A log in a directory of this machine, which another process may be writing to. */
public final class DirectorySource implements LogSource {
    private final Path folder;

    public DirectorySource(Path folder) {
        this.folder = folder;
    }

    @Override
    public SignedNote checkpoint() throws IOException, MalformedNoteException {
        return SignedNote.parse(Files.readString(folder.resolve(ProofLog.CHECKPOINT)));
    }

    @Override
    public byte[] tile(TilePath tile) throws IOException {
        try (HashFiles hashes = HashFiles.open(folder.resolve("hashes"), false)) {
            return hashes.tile(tile.level(), tile.index(), tile.width());
        }
    }
}
