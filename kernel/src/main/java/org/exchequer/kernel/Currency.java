package org.exchequer.kernel;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What amounts are counted in: a currency of ISO 4217 with its minor-unit exponent, e.g. {@code EUR} with scale 2,
 * {@code JPY} with 0, {@code BHD} with 3; or another asset that says its scale itself, e.g. {@code BTC/8}, {@code
 * XAU/3}, {@code SHARE-DE0007164600/0}.
 *
 * <p>Funds codes and metals that ISO 4217 lists without a minor unit ({@code XAU}, {@code XXX}) are no currencies here:
 * an amount in them has no smallest unit to count in until a scale gives it one.
 *
 * @param code three capital letters, e.g. {@code EUR}; or 2 to 24 of {@code A-Z 0-9 -}, a letter first, then a slash
 *     and the scale without leading zeros
 * @param scale decimal digits of the smallest unit: 0 to 4 for a currency, 0 to {@value #MAX_SCALE} for another asset
 */
public record Currency(String code, int scale) {
    /** A long holds nine whole units of so many decimals. */
    public static final int MAX_SCALE = 18;

    /** What a code must be, for whoever was given another. */
    public static final String RULE =
            "must be an ISO 4217 currency code such as EUR, or another asset with its scale such as BTC/8";

    private static final Map<String, Currency> ISO_4217 = load();
    private static final Pattern ASSET = Pattern.compile("([A-Z][A-Z0-9-]{1,23})/(0|[1-9][0-9]?)");

    private static Map<String, Currency> load() {
        Map<String, Currency> byCode = new TreeMap<>();
        for (java.util.Currency currency : java.util.Currency.getAvailableCurrencies()) {
            if (currency.getDefaultFractionDigits() >= 0) {
                byCode.put(
                        currency.getCurrencyCode(),
                        new Currency(currency.getCurrencyCode(), currency.getDefaultFractionDigits()));
            }
        }
        return Map.copyOf(byCode);
    }

    /**
     * The currency with this code, if ISO 4217 lists it with a minor unit, or the asset it describes. Codes are
     * case-sensitive. A currency of ISO 4217 with a slash is none: {@code EUR/2} would be a second euro.
     */
    public static Optional<Currency> find(String code) {
        Currency iso = ISO_4217.get(code);
        return iso != null || code.indexOf('/') < 0 ? Optional.ofNullable(iso) : asset(code);
    }

    private static Optional<Currency> asset(String code) {
        Matcher asset = ASSET.matcher(code);
        if (!asset.matches() || ISO_4217.containsKey(asset.group(1))) {
            return Optional.empty();
        }
        int scale = Integer.parseInt(asset.group(2));
        return scale > MAX_SCALE ? Optional.empty() : Optional.of(new Currency(code, scale));
    }

    /**
     * The currency with this code.
     *
     * @throws IllegalArgumentException when it is neither a currency of ISO 4217 with a minor unit nor an asset with
     * its scale
     */
    public static Currency of(String code) {
        return find(code)
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown currency '" + code + "' (ISO 4217 code, or ASSET/scale)"));
    }

    @Override
    public String toString() {
        return code;
    }
}
