package org.exchequer.prooflog;

/** An append that contradicts the log: other bytes than those that stand at the position, or a gap before it. */
public final class PositionConflictException extends ProofLogException {
    private static final long serialVersionUID = 1L;

    private final long position;

    public PositionConflictException(long position, String what) {
        super("position " + position + ": " + what);
        this.position = position;
    }

    public long position() {
        return position;
    }
}
