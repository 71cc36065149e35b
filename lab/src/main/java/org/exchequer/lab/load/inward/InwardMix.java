package org.exchequer.lab.load.inward;

/**
 * What banks send. The weights are relative to each other.
 *
 * @param transfer weight of credit transfers
 * @param debit weight of direct debits
 * @param reversal weight of reversals, before, during and after what they are about
 * @param recall weight of requests for cancellation, most in a race with what they are about
 * @param repeat weight of messages sent before that come again
 * @param forged weight of other messages under the ids of one sent before
 * @param damaged weight of messages with something wrong in them
 * @param listed weight of payments of or to somebody on a sanctions list
 * @param twins percent of messages that are sent to two nodes at once
 * @param swarms per thousand of messages that are sent a hundred times at once, to all nodes
 */
public record InwardMix(
        int transfer,
        int debit,
        int reversal,
        int recall,
        int repeat,
        int forged,
        int damaged,
        int listed,
        int twins,
        int swarms) {
    /** A bit of everything. */
    public static final InwardMix USUAL = new InwardMix(60, 10, 8, 8, 5, 3, 5, 2, 4, 2);

    /** The same message again and again, and whatever races with it. */
    public static final InwardMix RACING = new InwardMix(40, 8, 16, 20, 12, 4, 2, 1, 20, 8);

    /** Much with something wrong in it. */
    public static final InwardMix DAMAGED = new InwardMix(40, 8, 12, 6, 4, 8, 30, 4, 2, 1);

    /** The same messages again, whatever their age: from a moment to the beginning. */
    public static final InwardMix AGAIN = new InwardMix(40, 6, 4, 4, 60, 6, 2, 1, 10, 5);

    int total() {
        return transfer + debit + reversal + recall + repeat + forged + damaged + listed;
    }
}
