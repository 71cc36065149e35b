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
 * @param posting weight of postings with three legs: one customer pays two
 * @param repeat weight of earlier commands sent again under their key, some with another body
 * @param twins percent of commands that are sent to two nodes at once, under one key
 * @param nowhere percent of transfers and postings that credit an account which does not exist
 */
public record Mix(
        int accounts,
        int hotPercent,
        int transfer,
        int read,
        int hold,
        int settle,
        int reverse,
        int posting,
        int repeat,
        int twins,
        int nowhere) {
    /** A bit of everything. */
    public static final Mix USUAL = new Mix(24, 0, 50, 20, 8, 8, 4, 0, 6, 4, 0);

    /** Nearly everybody wants the same account. */
    public static final Mix HOT = new Mix(24, 85, 62, 24, 4, 4, 2, 0, 4, 0, 0);

    /** Every second command comes again, at once or late. */
    public static final Mix REPEATED = new Mix(24, 0, 40, 16, 5, 5, 4, 0, 30, 30, 0);

    /** Many accounts, each of which can be compared with a statement once. */
    public static final Mix RECONCILED = new Mix(60, 0, 66, 12, 6, 6, 4, 0, 4, 2, 0);

    /** For a ledger over several shards: accounts are spread over them, so most of what moves money goes across. */
    public static final Mix SHARDS = new Mix(24, 0, 50, 18, 6, 6, 4, 6, 6, 4, 4);

    /** The same, with much that a participant refuses, so that much is rolled back. */
    public static final Mix SHARDS_REFUSING = new Mix(24, 0, 46, 14, 4, 4, 4, 16, 4, 2, 12);

    /** The same, and every second command comes again, at once or late. */
    public static final Mix SHARDS_REPEATED = new Mix(24, 0, 36, 16, 4, 4, 4, 6, 30, 30, 4);

    public Mix {
        if (accounts < 2 || accounts > 999) {
            throw new IllegalArgumentException("accounts must be from 2 to 999");
        }
        if (transfer < 1 || read < 0 || hold < 0 || settle < 0 || reverse < 0 || posting < 0 || repeat < 0) {
            throw new IllegalArgumentException("weights must be 0 or more, that of transfers 1 or more");
        }
    }

    int total() {
        return transfer + read + hold + settle + reverse + posting + repeat;
    }
}
