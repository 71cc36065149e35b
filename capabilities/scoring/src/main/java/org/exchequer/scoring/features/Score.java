package org.exchequer.scoring.features;

/**
 * The fraud score that a payment was given, told to both its accounts.
 *
 * @param timeMillis when, in milliseconds since 1970
 * @param debtor pseudonym of the paying account
 * @param creditor pseudonym of the receiving account
 * @param millionths the score in millionths, 0 to 1,000,000: an integer, so that sums do not depend on their order
 */
public record Score(long timeMillis, long debtor, long creditor, int millionths) implements Fact {
    /** The score 1. */
    public static final int ONE = 1_000_000;

    public Score {
        if (timeMillis < 0 || timeMillis > LAST_MILLIS) {
            throw new IllegalArgumentException("timeMillis must be from 0 to " + LAST_MILLIS + ", not " + timeMillis);
        }
        if (millionths < 0 || millionths > ONE) {
            throw new IllegalArgumentException("millionths must be from 0 to " + ONE + ", not " + millionths);
        }
    }
}
