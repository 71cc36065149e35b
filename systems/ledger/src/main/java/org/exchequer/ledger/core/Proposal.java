package org.exchequer.ledger.core;

import java.util.List;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.jspecify.annotations.Nullable;

/**
 * An adjustment that waits for approval.
 *
 * @param id its position in the journal
 * @param author who may not approve it
 * @param reason why it is needed
 * @param legs what it will post; empty when it changes an account
 * @param change what becomes of an account; null when it posts
 * @param details what is to be remembered with the transaction
 */
public record Proposal(
        long id,
        String author,
        String reason,
        List<Leg> legs,
        @Nullable AccountChange change,
        Details details) {}
