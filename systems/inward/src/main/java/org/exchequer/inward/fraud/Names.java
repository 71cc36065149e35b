package org.exchequer.inward.fraud;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.apache.commons.validator.routines.IBANValidator;
import org.exchequer.inward.api.FraudSettings;
import org.exchequer.inward.api.FraudSettings.Named;
import org.exchequer.inward.api.FraudSettings.NewEntry;
import org.exchequer.inward.store.FraudChanges.Adding;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;

/** What lists name, and the rules of an entry's fields. Pure. */
final class Names {
    private static final int BIC8 = 8;
    private static final int SHOWN = 4;
    private static final int LEAST_ACCOUNT = 4;
    private static final int MOST_REASON = 200;
    private static final Duration LONGEST = Duration.ofDays(5 * 366);
    private static final Pattern BIC = Pattern.compile("[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?");
    /** As messages have accounts that are no IBANs (Max34Text of ISO 20022, without spaces). */
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9/?:().,'+_-]{" + LEAST_ACCOUNT + ",34}");

    private static final Pattern LIKE_IBAN = Pattern.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}");
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    private Names() {}

    /** A bank's number in lists: the eight characters of its BIC as bytes; 0 for none. */
    static long bank(@Nullable String bic) {
        return bic == null || bic.length() < BIC8
                ? 0
                : ByteBuffer.wrap(bic.substring(0, BIC8).getBytes(US_ASCII)).getLong();
    }

    /**
     * Entries as they are kept.
     *
     * @param account pseudonym of an account's number
     * @param own first eight characters of the BICs of this bank itself
     * @throws FieldError naming the field and its rule
     */
    static List<Adding> check(List<NewEntry> entries, Instant now, ToLongFunction<String> account, Set<String> own) {
        if (entries.isEmpty() || entries.size() > FraudSettings.MOST_ENTRIES) {
            throw new FieldError("entries", "must be 1 to " + FraudSettings.MOST_ENTRIES);
        }
        java.util.ArrayList<Adding> adding = new java.util.ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            adding.add(check("entries[" + i + "].", entries.get(i), now, account, own));
        }
        return adding;
    }

    private static Adding check(
            String at, NewEntry entry, Instant now, ToLongFunction<String> account, Set<String> own) {
        if (entry.reason().isBlank() || entry.reason().length() > MOST_REASON) {
            throw new FieldError(at + "reason", "must have 1 to " + MOST_REASON + " characters");
        }
        if (!entry.until().isAfter(now) || entry.until().isAfter(now.plus(LONGEST))) {
            throw new FieldError(at + "until", "must be a time to come, within five years");
        }
        String name = entry.name().strip();
        return switch (entry.named()) {
            case BANK -> {
                String bic = name.toUpperCase(Locale.ROOT);
                if (!BIC.matcher(bic).matches() || !COUNTRIES.contains(bic.substring(4, 6))) {
                    throw new FieldError(at + "name", "must be a BIC of 8 or 11 characters, such as AAABSGSG");
                }
                String bic8 = bic.substring(0, BIC8);
                if (entry.deny() && own.contains(bic8)) {
                    throw new FieldError(at + "name", "must not be this bank itself: every payment would be refused");
                }
                yield new Adding(entry.deny(), Named.BANK, bank(bic8), bic8, entry.reason(), entry.until());
            }
            case ACCOUNT -> {
                String number = number(at, name);
                yield new Adding(
                        entry.deny(),
                        Named.ACCOUNT,
                        account.applyAsLong(number),
                        "…" + number.substring(number.length() - SHOWN),
                        entry.reason(),
                        entry.until());
            }
        };
    }

    private static String number(String at, String name) {
        String joined = name.replace(" ", "");
        String upper = joined.toUpperCase(Locale.ROOT);
        boolean iban = LIKE_IBAN.matcher(upper).matches()
                && IBANValidator.getInstance().hasValidator(upper);
        if (iban && !IBANValidator.getInstance().isValid(upper)) {
            throw new FieldError(at + "name", "must be an account: this IBAN has wrong check digits");
        }
        if (!iban && !ACCOUNT.matcher(joined).matches()) {
            throw new FieldError(
                    at + "name", "must be an account: an IBAN, or a number of " + LEAST_ACCOUNT + " to 34 characters");
        }
        return iban ? upper : joined;
    }
}
