package org.exchequer.ledger.api;

/**
 * The persons whose data the ledger keeps sealed: accounts and transactions with the label {@value #LABEL} name them by
 * a reference, and their names and labels that begin with {@value #PERSONAL} are encrypted under a key of their own.
 */
public interface Subjects {
    /** The label that says whom an account or a transaction is about. */
    String LABEL = "subject";

    /** Front of the labels that are sealed. */
    String PERSONAL = "personal.";

    /**
     * Destroys the key of a subject, for good. Everything stays in the books and every proof holds; what was sealed
     * reads {@code (erased)} from then on, at other nodes within two seconds, and nothing more is sealed for it. It can
     * be done again, to the same effect.
     *
     * @param reference as in the label
     * @return false when nothing was ever sealed for such a subject; then nothing happens
     * @throws FieldError when nothing can have this reference
     * @throws LedgerUnavailableException when it is not known whether it was done; ask again
     */
    boolean erase(String reference);
}
