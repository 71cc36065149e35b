package org.exchequer.inward.partner;

import java.time.Instant;

/**
 * An account as a core banking system knows it.
 *
 * @param number as it was asked for, e.g. {@code 0012345678}
 * @param holder name of who holds it, 1 to 140 characters
 * @param status whether it takes payments
 * @param type what it is
 * @param currency ISO 4217 code of what it is kept in: not necessarily the one asked for
 * @param ledgerAccount code of the account in the ledger that stands for it, e.g. {@code 2000.deposits.sgd.7}
 * @param risk as its bank rates it
 * @param source who said so
 * @param asOf when it was so, by the core banking system's clock
 */
public record AccountInfo(
        String number,
        String holder,
        Status status,
        Type type,
        String currency,
        String ledgerAccount,
        Risk risk,
        Source source,
        Instant asOf) {
    /** Whether an account takes payments. */
    public enum Status {
        ACTIVE,
        /** By the bank or a court; ISO 20022 reason AC06. */
        BLOCKED,
        /** For good; AC04, AC05 or AC07. */
        CLOSED,
        /** Not used for long: takes credits, but no debits. */
        DORMANT
    }

    /** Kinds of accounts. */
    public enum Type {
        CURRENT,
        SAVINGS,
        VIRTUAL,
        CORPORATE
    }

    /** How a bank rates an account. */
    public enum Risk {
        LOW,
        MEDIUM,
        HIGH
    }

    /** The core banking systems. */
    public enum Source {
        /** Virtual account management: Singapore dollars. */
        VAM,
        /** The multi-currency core. */
        MIDANZ
    }
}
