package org.exchequer.ledger.api;

import java.time.Instant;
import java.time.LocalDate;

/**
 * The end of a business day: nothing is booked into it or valued in it any more.
 *
 * @param day the last day closed; all days before it are closed too
 * @param sequence position of the closing in the journal; every entry of the day stands before it
 * @param closedAt booking time of the closing
 * @param closedBy who closed it
 */
public record DayClose(LocalDate day, long sequence, Instant closedAt, String closedBy) {}
