package org.exchequer.kernel;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A currency of ISO 4217 with its minor-unit exponent, e.g. {@code EUR} with scale 2, {@code JPY} with 0, {@code BHD}
 * with 3.
 *
 * <p>Funds codes and metals that ISO 4217 lists without a minor unit ({@code XAU}, {@code XXX}) are left out: an
 * amount in them has no smallest unit to count in.
 *
 * @param code three capital letters, e.g. {@code EUR}
 * @param scale decimal digits of the minor unit, 0 to 4
 */
public record Currency(String code, int scale) {
    private static final Map<String, Currency> ISO_4217 = load();

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

    /** The currency with this code, if ISO 4217 lists it with a minor unit. Codes are case-sensitive. */
    public static Optional<Currency> find(String code) {
        return Optional.ofNullable(ISO_4217.get(code));
    }

    /**
     * The currency with this code.
     *
     * @throws IllegalArgumentException when ISO 4217 does not list it with a minor unit
     */
    public static Currency of(String code) {
        return find(code)
                .orElseThrow(() -> new IllegalArgumentException("unknown currency '" + code + "' (ISO 4217 code)"));
    }

    @Override
    public String toString() {
        return code;
    }
}
