package org.exchequer.screening.match;

/**
 * One word of a name, ready to compare.
 *
 * @param text in small Latin letters and digits, for example {@code vladimir}; of a script that nobody romanises, the
 *     folded letters themselves
 * @param original the folded letters as they were written, for example {@code владимир}
 */
public record Token(String text, String original, Script script, Kind kind) {
    /** What a comparison must know of the writing. */
    public enum Script {
        LATIN,
        /** Consonants, few vowels: Arabic, Hebrew, Syriac; and Thai, whose romanised vowels are as unsure. */
        ABJAD,
        /** One token a character or syllable: one that differs is another word, however alike it sounds. */
        HAN,
        HANGUL,
        /** Any alphabet with vowels: Cyrillic, Greek, Georgian, Devanagari, kana. */
        OTHER
    }

    /** What a word is in a name. */
    public enum Kind {
        WORD,
        INITIAL,
        NUMBER,
        /** {@code bin, al, van, de}: says little by itself. */
        PARTICLE,
        /** {@code Dr, Mullah, MV}: no part of the name. */
        TITLE,
        /** {@code Group, Trading, Bank}: half the companies have it. */
        DESCRIPTOR
    }
}
