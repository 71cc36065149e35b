package org.exchequer.screening;

import java.util.Objects;

/**
 * One name of a listed party, as the list writes it.
 *
 * @param text for example {@code PUTIN, Vladimir Vladimirovich}
 */
public record ListedName(String text, Kind kind) {
    /** How much the publisher stands behind a name, best first. */
    public enum Kind {
        PRIMARY,
        /** OFAC's {@code aka}, the UN's quality "Good" and "a.k.a.". */
        STRONG_ALIAS,
        /** A name that a party had ({@code fka}), or has now ({@code nka}) beside the one it is listed under. */
        FORMER_OR_NEW,
        /** The name in the script of its own language. */
        ORIGINAL_SCRIPT,
        /**
         * OFAC's "weak aka" (in quotes among the remarks), the UN's quality "Low": broad or common by itself, so it
         * alone needs more evidence. See OFAC's frequently asked question 122.
         */
        WEAK_ALIAS
    }

    public ListedName {
        Objects.requireNonNull(kind, "kind");
        if (text.isBlank()) {
            throw new IllegalArgumentException("text: a listed name is not blank");
        }
    }
}
