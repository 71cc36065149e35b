package org.exchequer.scoring.generator;

/** Kinds of fraud that are made. */
public enum Typology {
    /** A stranger pays from a customer's account. */
    ACCOUNT_TAKEOVER,
    /** Stolen money is passed from account to account and cashed. */
    MULE_CHAIN,
    /** One party keeps its payments just below the reporting threshold. */
    STRUCTURING,
    /** Many carry small parts of a sum from one source to one collector. */
    SMURFING,
    /** Stolen card data are tried with small payments, then used. */
    CARD_TESTING,
    /** The customer spends what will never be paid back, and leaves. */
    FIRST_PARTY
}
