package org.exchequer.lab.load;

/**
 * What clients ask for. The weights are relative to each other.
 *
 * @param accounts customers' accounts, 2 or more
 * @param hotPercent share of transfers that touch the first account, 0 for no preference
 * @param transfer weight of transfers between two customers
 * @param read weight of balances read
 * @param hold weight of amounts reserved
 * @param settle weight of holds posted, in full or part, or voided
 * @param reverse weight of earlier transfers reversed
 * @param repeat weight of earlier commands sent again under their key, some with another body
 * @param twins percent of commands that are sent to two nodes at once, under one key
 */
public record Mix(
        int accounts,
        int hotPercent,
        int transfer,
        int read,
        int hold,
        int settle,
        int reverse,
        int repeat,
        int twins) {
    /** A bit of everything. */
    public static final Mix USUAL = new Mix(24, 0, 50, 20, 8, 8, 4, 6, 4);

    /** Nearly everybody wants the same account. */
    public static final Mix HOT = new Mix(24, 85, 62, 24, 4, 4, 2, 4, 0);

    /** Every second command comes again, at once or late. */
    public static final Mix REPEATED = new Mix(24, 0, 40, 16, 5, 5, 4, 30, 30);

    public Mix {
        if (accounts < 2 || accounts > 999) {
            throw new IllegalArgumentException("accounts must be from 2 to 999");
        }
        if (transfer < 1 || read < 0 || hold < 0 || settle < 0 || reverse < 0 || repeat < 0) {
            throw new IllegalArgumentException("weights must be 0 or more, that of transfers 1 or more");
        }
    }

    int total() {
        return transfer + read + hold + settle + reverse + repeat;
    }
}
