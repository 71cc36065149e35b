package org.exchequer.prooflog;

/** A text that should be a signed note, a checkpoint, a verifier key or a proof bundle is none. */
public final class MalformedNoteException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedNoteException(String message) {
        super(message);
    }
}
