package org.exchequer.inward.core;

/** What the liquidity service has to be told once a payment has ended. Each may be done more than once. */
public enum FollowUp {
    /** Its reservation is used. */
    CONFIRM,
    /** Carried out without a reservation that is known: one is to be made, and used. */
    RESERVE,
    /** Its reservation is free again. */
    RELEASE,
    /** Whatever may have been reserved is free again. */
    CANCEL;

    /**
     * What follows from how a payment ended.
     *
     * @param carriedOut whether it was posted
     * @param reserved whether the reference of its reservation is known
     */
    public static FollowUp of(boolean carriedOut, boolean reserved) {
        if (carriedOut) {
            return reserved ? CONFIRM : RESERVE;
        }
        return reserved ? RELEASE : CANCEL;
    }
}
