package org.exchequer.inward.core;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.exchequer.kernel.Money;

/**
 * What this processor takes, as configured, and when and by whom a message is being looked at.
 *
 * @param now when it is looked at
 * @param businessDate the day that is settled on
 * @param ownBics institutions that it answers for, 8 characters each
 * @param amounts least and most amount by currency; another currency is not taken
 * @param oldest how old a message may be when it is received, by what it says of its creation or acceptance
 * @param ahead how far a sender's clock may be ahead
 * @param daysAhead how many days after the business date a payment may settle
 * @param banks who takes part
 */
public record Terms(
        Instant now,
        LocalDate businessDate,
        Set<String> ownBics,
        Map<String, Range> amounts,
        Duration oldest,
        Duration ahead,
        int daysAhead,
        Banks banks) {
    public Terms {
        ownBics = Set.copyOf(ownBics);
        amounts = Map.copyOf(amounts);
    }

    /** Amounts of one currency. */
    public record Range(Money least, Money most) {
        /** @throws IllegalArgumentException when they have different currencies or are out of order */
        public Range {
            if (!least.currency().equals(most.currency()) || least.minorUnits() > most.minorUnits()) {
                throw new IllegalArgumentException("range " + least + " to " + most + " is none");
            }
        }
    }

    /** The directory of banks. */
    @FunctionalInterface
    public interface Banks {
        /** What is known of a bank, by the first 8 characters of its BIC; empty when it takes no part. */
        Optional<Standing> standing(String bic8);
    }

    /** Whether a bank may send. */
    public enum Standing {
        ACTIVE,
        /** Known to be down for the moment: what it has sent is processed. */
        OFFLINE,
        /** Excluded by the scheme. */
        SUSPENDED
    }

    /** The institution of a BIC, without its branch. */
    public static String institution(String bic) {
        return bic.substring(0, 8);
    }
}
