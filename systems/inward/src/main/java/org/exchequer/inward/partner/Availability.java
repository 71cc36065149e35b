package org.exchequer.inward.partner;

import java.util.Map;
import org.exchequer.inward.core.Terms.Standing;

/** The service that knows which banks take part, and whether they are up. */
public interface Availability {
    /** All banks by the first 8 characters of their BIC, read anew. {@link Directory} keeps what it says. */
    Reply<Map<String, Standing>> banks(long deadlineNanos);
}
