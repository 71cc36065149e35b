package org.exchequer.prooflog;

import java.io.IOException;

/** A log as somebody else sees it: its newest checkpoint, and its tiles of hashes (C2SP tlog-tiles). */
public interface LogSource {
    /** @throws IOException when it cannot be had; @throws MalformedNoteException when it is none */
    SignedNote checkpoint() throws IOException, MalformedNoteException;

    /**
     * A tile of hashes, {@code 32 * width} bytes.
     *
     * @throws IOException when it cannot be had, or is of another length
     */
    byte[] tile(TilePath tile) throws IOException;
}
