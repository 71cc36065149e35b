package org.exchequer.reconciliation.api;

import java.util.List;
import java.util.Optional;
import org.exchequer.ledger.api.Page;
import org.jspecify.annotations.Nullable;

/**
 * Runs of reconciliation, and the breaks they leave until somebody settled them. Thread-safe.
 *
 * <p>A run takes the lines of open breaks with it: a line that was missing may be on the next statement. A break whose
 * lines match then is settled; one that is found again goes on, with its age and its owner. Lines of settled breaks
 * take
 * part no more.
 *
 * <p>Reads and writes throw {@link org.exchequer.ledger.api.LedgerUnavailableException} when books or breaks cannot be
 * read now, and {@link org.exchequer.ledger.api.FieldError} for a field that breaks a rule.
 */
public interface Reconciliations {
    /** Most lines of a statement, and of the account in its time. */
    int MAX_LINES = 100_000;

    /** Reconciles an account with a statement and records what came of it, once per key. */
    RunOutcome run(RunRequest request);

    Optional<Run> run(long id);

    /**
     * Runs, newest first.
     *
     * @param account only of this account, or null for all
     * @param cursor from the page before, or null for the newest
     * @param limit 1 to 1,000
     */
    Page<Run> runs(@Nullable String account, @Nullable String cursor, int limit);

    Optional<TrackedBreak> tracked(long id);

    /** Breaks, oldest id first; cursor and limit as above. */
    Page<TrackedBreak> breaks(BreakFilter filter, @Nullable String cursor, int limit);

    /** What was done about a break, oldest first. */
    List<BreakStep> steps(long breakId);

    /** Live breaks of the same account whose line this break's may belong to, the likeliest first, at most 10. */
    List<TrackedBreak> candidates(TrackedBreak of);

    /** Makes somebody the owner; empty for nobody. */
    StepOutcome assign(Request request, long breakId, String owner);

    /** Proposes to post the difference between the account and another one, in the ledger, with this author. */
    StepOutcome proposeAdjustment(Request request, long breakId, String contraAccount, String reason);

    /** Proposes to close it as it is. */
    StepOutcome proposeClosing(Request request, long breakId, String reason);

    /** Decides on what is proposed; to approve, the caller must not be who proposed it. */
    StepOutcome decide(Request request, long breakId, boolean approve);
}
