package org.exchequer.scoring.generator;

import java.time.LocalDate;
import java.util.Map;

/** All numbers of the made-up country. Package-private: what finds fraud must find it in the payments. */
final class Parameters {
    /** A Monday. */
    static final long FIRST_DAY = LocalDate.of(2026, 1, 5).toEpochDay();

    static final String COUNTRY = "DE";
    static final String CURRENCY = "EUR";
    static final int OFFSET_MINUTES = 60;
    static final long REPORTING_MINOR = 1_000_000;

    // Of all accounts, in thousandths.
    static final int EMPLOYERS = 40;
    static final int SHOPS = 60;
    static final int LANDLORDS = 20;
    static final int UTILITIES = 5;
    static final int ABROAD = 15;

    static final int CITIES = 24;
    static final int CARRIER_ADDRESSES_PER_THOUSAND = 4;
    static final int FAVOURITES = 12;
    static final double PAYMENTS_A_DAY = 1.6;
    static final double SPREAD_OF_ACTIVITY = 0.6;

    // Honest oddities, each a chance a day.
    static final double NEW_DEVICE = 0.002;
    static final double TRAVEL = 0.003;
    static final int MOST_TRAVEL_DAYS = 9;
    static final double HIDDEN_ADDRESS = 0.05;
    static final double BIG_PURCHASE = 0.003;
    static final double NEW_SHOP = 0.12;
    static final double FAMILY_TRANSFER = 0.05;
    static final double FRIENDS_CIRCLE = 0.001;
    static final double EMPTIED_ACCOUNT = 0.001;
    static final double ONE_OFF_TRANSFER = 0.03;

    /** New cases a day for a million accounts. */
    static final Map<Typology, Integer> CASES_A_DAY = Map.of(
            Typology.ACCOUNT_TAKEOVER, 150,
            Typology.MULE_CHAIN, 80,
            Typology.STRUCTURING, 60,
            Typology.SMURFING, 30,
            Typology.CARD_TESTING, 90,
            Typology.FIRST_PARTY, 60);

    static final int[] SHOP_CATEGORIES = {5411, 5411, 5411, 5812, 5812, 5541, 5651, 5732, 5816, 5967, 5944, 5813, 7542};
    static final int CRYPTO = 6051;
    static final int WIRES = 4829;

    /** Weights of the hours of a working day and of a day at the weekend. */
    static final int[] WORKING_HOURS = {1, 1, 1, 1, 1, 2, 6, 14, 12, 8, 8, 12, 20, 14, 8, 8, 12, 20, 24, 18, 12, 8, 4, 2
    };

    static final int[] WEEKEND_HOURS = {
        3, 2, 1, 1, 1, 1, 2, 4, 8, 14, 20, 22, 20, 16, 16, 16, 14, 12, 12, 12, 10, 8, 6, 4
    };

    private Parameters() {}
}
