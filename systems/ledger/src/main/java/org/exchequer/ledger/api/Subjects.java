package org.exchequer.ledger.api;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The persons whose data the ledger keeps sealed: accounts and transactions with the label {@value #LABEL} name them by
 * a reference, and their names and labels that begin with {@value #PERSONAL} are encrypted under a key of their own. A
 * person is erased by destroying that key: everything stays in the books and every proof holds; what was sealed reads
 * {@code (erased)} from then on, at other nodes within two seconds, and nothing more is sealed for it. That takes two
 * people.
 *
 * <p>Every method throws {@link LedgerUnavailableException} when the keys cannot be reached. After a write it is then
 * not known whether it was done; ask again, to the same effect.
 */
public interface Subjects {
    /** The label that says whom an account or a transaction is about. */
    String LABEL = "subject";

    /** Front of the labels that are sealed. */
    String PERSONAL = "personal.";

    /** How a person stands. */
    enum State {
        /** What was sealed can be read. */
        SEALED,
        /** So it can, until the erasure that waits is approved. */
        ERASURE_PROPOSED,
        /** Its key is destroyed. */
        ERASED
    }

    /**
     * A person, without what is sealed.
     *
     * @param reference as in the label
     * @param state how it stands
     * @param erasure the latest that was proposed, or null
     */
    record Subject(String reference, State state, @Nullable Erasure erasure) {}

    /** How many persons stand how; each is counted once. */
    record Counts(long sealed, long erasureProposed, long erased) {}

    Counts counts();

    /**
     * How a person stands; empty when nothing was ever sealed for one of this reference.
     *
     * @throws FieldError when nothing can have this reference
     */
    Optional<Subject> find(String reference);

    /**
     * Erasures that were proposed, the newest first.
     *
     * @param open only those that wait for a decision
     * @param limit at most so many, 1 to {@link Page#MAX_LIMIT}
     */
    Page<Erasure> erasures(boolean open, @Nullable String cursor, int limit);

    /**
     * Proposes to erase a person. At most one proposal for a person waits at a time; proposed again by the same author
     * for the same reason, it is the same.
     *
     * @throws FieldError when nothing can have this reference, or the reason has not 1 to 500 characters, none of them
     *     a control character
     */
    Erasure.Outcome propose(String reference, String reason, String author);

    /**
     * Decides what somebody proposed, once; decided again by the same person in the same way, it is the same. Approval
     * destroys the key in the same transaction, and is not for the author. Rejection is for anybody.
     *
     * @param why of a rejection, up to 500 characters; else empty
     */
    Erasure.Outcome decide(String reference, long erasureId, boolean approve, String by, String why);
}
