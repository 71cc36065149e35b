package org.exchequer.ledger.core;

import java.util.List;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;

/**
 * An adjustment that waits for approval.
 *
 * @param id its position in the journal
 * @param author who may not approve it
 * @param reason why it is needed
 * @param legs what it will post
 * @param details what is to be remembered with the transaction
 */
public record Proposal(long id, String author, String reason, List<Leg> legs, Details details) {}
