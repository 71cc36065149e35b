package org.exchequer.prooflog;

/** Bytes of the log are not those that were written. */
public final class DamagedLogException extends ProofLogException {
    private static final long serialVersionUID = 1L;

    private final long position;

    /** @param position the first entry that may be wrong */
    public DamagedLogException(long position, String what) {
        super("the log is damaged at position " + position + ": " + what);
        this.position = position;
    }

    /** The first entry that may be wrong. */
    public long position() {
        return position;
    }
}
