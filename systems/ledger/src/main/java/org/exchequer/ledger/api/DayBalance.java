package org.exchequer.ledger.api;

import java.time.LocalDate;
import org.exchequer.kernel.Money;

/**
 * What happened on an account on one date, and where it stood afterwards.
 *
 * @param date the booking date
 * @param debits turnover of the date, in minor units
 * @param credits turnover of the date, in minor units
 * @param balance at the end of the date, on the account's normal side
 */
public record DayBalance(LocalDate date, long debits, long credits, Money balance) {}
