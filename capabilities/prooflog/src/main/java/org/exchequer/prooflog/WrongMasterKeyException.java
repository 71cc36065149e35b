package org.exchequer.prooflog;

/** The master key that is here is not the one that the keys were wrapped with, or there is none here. */
public final class WrongMasterKeyException extends ProofLogException {
    private static final long serialVersionUID = 1L;

    public WrongMasterKeyException(String message) {
        super(message);
    }
}
