package org.exchequer.screening;

import java.util.Locale;

/**
 * A document or registration.
 *
 * @param kind as the list says it, for example {@code Passport}
 * @param number for example {@code P01104005}
 */
public record Identifier(String kind, String number) {
    /** Letters and digits only, in upper case: how two numbers are compared. */
    public String key() {
        StringBuilder key = new StringBuilder(number.length());
        for (char c : number.toUpperCase(Locale.ROOT).toCharArray()) {
            if (Character.isLetterOrDigit(c)) {
                key.append(c);
            }
        }
        return key.toString();
    }
}
