package org.exchequer.scoring.features;

/**
 * A payment as features see it: pseudonyms instead of names and account numbers.
 *
 * @param id names the payment in labels and explanations
 * @param timeMillis when it was ordered, in milliseconds since 1970
 * @param debtor who pays
 * @param creditor who is paid
 * @param amountMinor in minor units of {@code currency}, 1 to {@link #MOST_MINOR}
 * @param currency ISO 4217 code
 * @param baseMinor the amount in minor units of the base currency: what is summed and compared; 1 to
 *     {@link #MOST_MINOR}
 * @param type how the money moves
 * @param merchantCategory ISO 18245 code of the payee's trade, 0 if none
 * @param balanceMinor what the payer had before, in minor units of the base currency, or {@link #UNKNOWN_BALANCE}
 * @param origin where the order came from
 */
public record Event(
        long id,
        long timeMillis,
        Party debtor,
        Party creditor,
        long amountMinor,
        String currency,
        long baseMinor,
        PaymentType type,
        int merchantCategory,
        long balanceMinor,
        Origin origin)
        implements Fact {
    public static final long UNKNOWN_BALANCE = Long.MIN_VALUE;

    /** A hundred billion units of a currency with two decimals: more is a mistake. */
    public static final long MOST_MINOR = 10_000_000_000_000L;

    private static final int MOST_CATEGORY = 9_999;

    public Event {
        if (timeMillis < 0 || timeMillis > LAST_MILLIS) {
            throw new IllegalArgumentException("timeMillis must be from 0 to " + LAST_MILLIS + ", not " + timeMillis);
        }
        inRange("amountMinor", amountMinor);
        inRange("baseMinor", baseMinor);
        if (currency.length() != 3) {
            throw new IllegalArgumentException("currency must be an ISO 4217 code of three letters");
        }
        if (merchantCategory < 0 || merchantCategory > MOST_CATEGORY) {
            throw new IllegalArgumentException("merchantCategory must be from 0 to 9999, not " + merchantCategory);
        }
    }

    private static void inRange(String name, long minor) {
        if (minor < 1 || minor > MOST_MINOR) {
            throw new IllegalArgumentException(name + " must be from 1 to " + MOST_MINOR + ", not " + minor);
        }
    }
}
