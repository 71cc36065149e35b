package org.exchequer.regtech.api;

import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.FieldError;

/**
 * What a pack is about.
 *
 * @param from first booking date of the movements
 * @param date last one, not after the business day; balances are those at its end
 * @param dormantDays accounts without entries for so many days count as dormant, 1 to 3,650
 * @param thresholds currency code to the least large amount, in minor units; other currencies: 10,000 whole units
 */
public record PackRequest(LocalDate from, LocalDate date, int dormantDays, Map<String, Long> thresholds) {
    public static final int USUAL_DORMANT_DAYS = 365;

    private static final int MOST_DAYS = 366;
    private static final long USUAL_UNITS = 10_000;

    /** @throws FieldError naming the field that breaks a rule above */
    public PackRequest {
        if (date.getYear() < 1900 || date.getYear() > 2999) {
            throw new FieldError("date", "must lie in the years 1900 to 2999");
        }
        if (from.isAfter(date) || from.plusDays(MOST_DAYS).isBefore(date)) {
            throw new FieldError("from", "must be the date or at most " + MOST_DAYS + " days before");
        }
        if (dormantDays < 1 || dormantDays > 3_650) {
            throw new FieldError("dormantDays", "must be 1 to 3650");
        }
        thresholds = Map.copyOf(thresholds);
    }

    /**
     * Thresholds as they are typed, e.g. {@code EUR:10000.00,JPY:1000000}; empty for none.
     *
     * @throws FieldError when they are of another form
     */
    public static Map<String, Long> thresholds(String text) {
        Map<String, Long> thresholds = new TreeMap<>();
        if (text.isBlank()) {
            return thresholds;
        }
        for (String each : text.split(",", -1)) {
            int colon = each.lastIndexOf(':');
            Currency currency = Currency.find(
                            colon < 0 ? "" : each.substring(0, colon).strip())
                    .orElseThrow(() -> new FieldError("threshold", "must be like EUR:10000.00,JPY:1000000"));
            long amount;
            try {
                amount =
                        Money.parse(each.substring(colon + 1).strip(), currency).minorUnits();
            } catch (IllegalArgumentException wrong) {
                throw new FieldError("threshold", currency + " " + wrong.getMessage());
            }
            if (amount < 1 || thresholds.put(currency.code(), amount) != null) {
                throw new FieldError("threshold", currency + " must be more than zero, and given once");
            }
        }
        return thresholds;
    }

    /** The least large amount of a currency, in minor units. */
    public long threshold(Currency currency) {
        Long given = thresholds.get(currency.code());
        long usual = USUAL_UNITS;
        for (int i = 0; i < currency.scale(); i++) {
            // An asset of so many decimals that it does not fit has no amount so large.
            usual = usual > Long.MAX_VALUE / 10 ? Long.MAX_VALUE : usual * 10;
        }
        return given == null ? usual : given;
    }
}
