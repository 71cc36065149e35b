package org.exchequer.screening;

/**
 * One reason for a score.
 *
 * @param kind what sort of reason
 * @param text for a person, for example {@code putni ~ putin 0.86}
 * @param points log-odds: above 0 for, below 0 against the two being one
 */
public record Contribution(Kind kind, String text, double points) {
    /** What can speak for or against. */
    public enum Kind {
        /** Where every comparison begins. */
        BASE,
        /** Two words that stand for each other; 0 points if they are the same, fewer the less alike they are. */
        WORDS,
        /** A word of one name that the other has no partner for. */
        ALONE,
        /** Both names have words that contradict each other. */
        CONTRADICTION,
        /** There is little to go by: one short or common word. */
        THIN,
        NUMBER,
        FORM,
        ORDER,
        INITIAL,
        /** Characters of Han or Hangul are compared with letters. */
        SCRIPT,
        /** The listed name is one its publisher calls weak. */
        WEAK_ALIAS,
        BIRTH_DATE,
        COUNTRY,
        GENDER,
        TYPE,
        IDENTIFIER,
        /** Words of an address that both have. */
        ADDRESS
    }
}
