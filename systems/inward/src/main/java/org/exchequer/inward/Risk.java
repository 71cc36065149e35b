package org.exchequer.inward;

import org.exchequer.inward.core.NewPayment;
import org.exchequer.inward.core.Outcome;

/** What speaks against a payment before anybody's account is looked at. Both parties are screened, always. */
public interface Risk {
    /**
     * All there is; waits on the calling (virtual) thread.
     *
     * @return passed, refused, listed, or late
     */
    Outcome full(NewPayment payment, long deadlineNanos);

    /** What decides alone when there is no time for more: screening, and the rules that need nobody else. */
    Outcome least(NewPayment payment);
}
