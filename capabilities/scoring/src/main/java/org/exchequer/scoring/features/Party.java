package org.exchequer.scoring.features;

/**
 * One side of a payment: what its bank has on file.
 *
 * @param account pseudonym of the account ({@link Pseudonyms}); never 0
 * @param entity pseudonym of the customer who owns it, {@link #UNKNOWN} if not known
 * @param type whose account it is
 * @param openedDay day it was opened, counted from 1970-01-01, {@link #UNKNOWN_DAY} if not known
 * @param kycLevel how far the customer was verified: 0 not at all, 1 name, 2 documents, 3 in person; −1 not known
 * @param country ISO 3166-1 alpha-2 code, empty if not known
 * @param utcOffsetMinutes where the customer lives, −840 to 840
 * @param dailyLimitMinor most that may leave in a day, in minor units of the base currency; 0 none set
 */
public record Party(
        long account,
        long entity,
        AccountType type,
        int openedDay,
        int kycLevel,
        String country,
        int utcOffsetMinutes,
        long dailyLimitMinor) {
    /** No such thing, or not known: pseudonyms are never 0. */
    public static final long UNKNOWN = 0;

    public static final int UNKNOWN_DAY = Integer.MIN_VALUE;

    /** The best verified. */
    public static final int MOST_KYC = 3;

    private static final int MOST_OFFSET = 840;

    public Party {
        if (account == UNKNOWN) {
            throw new IllegalArgumentException("account must be a pseudonym other than 0");
        }
        if (kycLevel < -1 || kycLevel > MOST_KYC) {
            throw new IllegalArgumentException("kycLevel must be from -1 to " + MOST_KYC + ", not " + kycLevel);
        }
        if (!country.isEmpty() && country.length() != 2) {
            throw new IllegalArgumentException("country must be two letters or empty");
        }
        if (utcOffsetMinutes < -MOST_OFFSET || utcOffsetMinutes > MOST_OFFSET) {
            throw new IllegalArgumentException("utcOffsetMinutes must be from -840 to 840, not " + utcOffsetMinutes);
        }
        if (dailyLimitMinor < 0) {
            throw new IllegalArgumentException("dailyLimitMinor must not be negative");
        }
    }
}
