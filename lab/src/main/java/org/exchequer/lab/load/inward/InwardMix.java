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
 * @param twins percent of messages that are sent to two nodes at once
 * @param swarms per thousand of messages that are sent a hundred times at once, to all nodes
 */
public record InwardMix(
        int transfer, int debit, int reversal, int recall, int repeat, int forged, int damaged, int twins, int swarms) {
    /** A bit of everything. */
    public static final InwardMix USUAL = new InwardMix(60, 10, 8, 8, 5, 3, 5, 4, 2);

    /** The same message again and again, and whatever races with it. */
    public static final InwardMix RACING = new InwardMix(40, 8, 16, 20, 12, 4, 2, 20, 8);

    int total() {
        return transfer + debit + reversal + recall + repeat + forged + damaged;
    }
}
