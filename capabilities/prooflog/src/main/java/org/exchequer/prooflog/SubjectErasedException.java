package org.exchequer.prooflog;

/** The subject's key was destroyed; what was sealed with it is gone for ever, and nothing new is sealed for it. */
public final class SubjectErasedException extends ProofLogException {
    private static final long serialVersionUID = 1L;

    public SubjectErasedException() {
        super("the subject was erased");
    }
}
