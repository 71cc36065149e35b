package org.exchequer.scoring.features;

import java.util.Map;

/**
 * Policy, not statistics: how risky a country, a trade or a kind of account is held to be, 0 none to 1 highest. What a
 * table does not name has its default.
 *
 * @param countries by ISO 3166-1 alpha-2 code
 * @param otherCountry of a country not named
 * @param categories by ISO 18245 merchant category code
 * @param otherCategory of a trade not named
 * @param accountTypes by kind of account; a kind not named has 0.3
 */
public record RiskTables(
        Map<String, Float> countries,
        float otherCountry,
        Map<Integer, Float> categories,
        float otherCategory,
        Map<AccountType, Float> accountTypes) {
    private static final float OTHER_TYPE = 0.3f;

    public RiskTables {
        countries = Map.copyOf(countries);
        categories = Map.copyOf(categories);
        accountTypes = Map.copyOf(accountTypes);
        share("otherCountry", otherCountry);
        share("otherCategory", otherCategory);
        countries.forEach((country, risk) -> share("countries " + country, risk));
        categories.forEach((category, risk) -> share("categories " + category, risk));
        accountTypes.forEach((type, risk) -> share("accountTypes " + type, risk));
    }

    /**
     * What to start from, to be replaced by the policy of the house: jurisdictions that FATF called for action on
     * (1) or monitored (0.7) in 2025, trades that acquirers hold for risky or that take much cash, and kinds of
     * account.
     */
    public static RiskTables standard() {
        return new RiskTables(
                Map.ofEntries(
                        Map.entry("KP", 1f),
                        Map.entry("IR", 1f),
                        Map.entry("MM", 1f),
                        Map.entry("SY", 0.7f),
                        Map.entry("YE", 0.7f),
                        Map.entry("VE", 0.7f),
                        Map.entry("HT", 0.7f),
                        Map.entry("CD", 0.7f),
                        Map.entry("SS", 0.7f),
                        Map.entry("LA", 0.7f),
                        Map.entry("LB", 0.7f),
                        Map.entry("BO", 0.7f),
                        Map.entry("VN", 0.7f),
                        Map.entry("SG", 0.05f),
                        Map.entry("DE", 0.05f),
                        Map.entry("GB", 0.05f),
                        Map.entry("US", 0.1f)),
                0.2f,
                Map.ofEntries(
                        Map.entry(4829, 0.8f), // money orders and wire transfers
                        Map.entry(6051, 0.9f), // quasi-cash, crypto-assets
                        Map.entry(6211, 0.5f), // securities
                        Map.entry(7995, 0.9f), // betting
                        Map.entry(5944, 0.6f), // jewellery
                        Map.entry(5933, 0.7f), // pawn shops
                        Map.entry(5816, 0.6f), // digital games
                        Map.entry(5967, 0.8f), // inbound telemarketing
                        Map.entry(5813, 0.5f), // bars: much cash
                        Map.entry(7542, 0.5f), // car washes: much cash
                        Map.entry(5411, 0.05f),
                        Map.entry(5812, 0.15f),
                        Map.entry(5541, 0.15f)),
                0.2f,
                Map.of(
                        AccountType.PERSONAL, 0.2f,
                        AccountType.SAVINGS, 0.1f,
                        AccountType.STUDENT, 0.4f,
                        AccountType.BUSINESS, 0.3f,
                        AccountType.MERCHANT, 0.2f,
                        AccountType.PAYMENT_FIRM, 0.6f,
                        AccountType.CHARITY, 0.4f));
    }

    float country(String code) {
        if (code.isEmpty()) {
            return Float.NaN;
        }
        Float risk = countries.get(code);
        return risk == null ? otherCountry : risk;
    }

    float category(int code) {
        if (code == 0) {
            return Float.NaN;
        }
        Float risk = categories.get(code);
        return risk == null ? otherCategory : risk;
    }

    float accountType(AccountType type) {
        Float risk = accountTypes.get(type);
        return risk == null ? OTHER_TYPE : risk;
    }

    private static void share(String name, float value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be from 0 to 1, not " + value);
        }
    }
}
