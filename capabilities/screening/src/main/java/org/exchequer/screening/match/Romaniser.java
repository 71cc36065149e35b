package org.exchequer.screening.match;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UScript;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.Transliterator;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.exchequer.screening.match.Token.Script;

/**
 * Letters of any script to small ASCII letters, by ICU's transliterators (Unicode CLDR), with three changes: Hangul by
 * McCune-Reischauer without marks, as Korean names are written on lists, one syllable a word; soft signs dropped; what
 * stays outside ASCII is kept as it is, so that it can still be compared with itself.
 */
final class Romaniser {
    private static final Normalizer2 NFKC = Normalizer2.getNFKCCasefoldInstance();
    private static final Transliterator LATIN = Transliterator.getInstance("Any-Latin; Latin-ASCII");
    private static final Transliterator ASCII = Transliterator.getInstance("NFD; [:Mn:] Remove; Latin-ASCII");
    private static final int HANGUL_FIRST = 0xAC00;
    private static final int HANGUL_LAST = 0xD7A3;
    private static final int VOWELS_AND_FINALS = 588;
    private static final int FINALS = 28;
    private static final String[] INITIAL =
            "k kk n t tt r m p pp s ss _ j jj ch k t p h".replace("_", "").split(" ", -1);
    private static final String[] VOWEL = "a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i".split(" ");
    private static final String[] FINAL = "_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t"
            .replace("_", "")
            .split(" ", -1);

    private Romaniser() {}

    /** Compatibility forms and case folded, invisible characters (marks of direction, joiners) gone. */
    static String fold(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> clean.append(' ');
                case Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> {}
                default -> clean.appendCodePoint(c);
            }
        });
        return NFKC.normalize(clean);
    }

    static Script script(String word) {
        int first = word.codePoints().filter(Character::isLetter).findFirst().orElse('a');
        return switch (UScript.getScript(first)) {
            case UScript.LATIN, UScript.COMMON, UScript.INHERITED -> Script.LATIN;
            case UScript.ARABIC, UScript.HEBREW, UScript.SYRIAC, UScript.THAI -> Script.ABJAD;
            case UScript.HAN -> Script.HAN;
            case UScript.HANGUL -> Script.HANGUL;
            default -> Script.OTHER;
        };
    }

    /** One folded word, romanised; words of Han and Hangul come out with a space between syllables. */
    static String latin(String word, Script script) {
        boolean ascii = word.chars().allMatch(c -> c < 128);
        if (ascii) {
            return word;
        }
        return switch (script) {
            case LATIN -> letters(ASCII.transliterate(latinLetters(word)));
            case HANGUL -> hangul(word);
            case HAN -> spaced(LATIN.transliterate(word));
            case ABJAD, OTHER -> letters(LATIN.transliterate(word));
        };
    }

    /** Letters that Latin-ASCII writes with one where names are spelled with two, or the other way round. */
    private static String latinLetters(String word) {
        return word.replace("ə", "a").replace("ı", "i").replace("ß", "ss");
    }

    private static String hangul(String word) {
        StringBuilder latin = new StringBuilder();
        word.codePoints().forEach(c -> {
            if (c >= HANGUL_FIRST && c <= HANGUL_LAST) {
                int index = c - HANGUL_FIRST;
                latin.append(' ')
                        .append(INITIAL[index / VOWELS_AND_FINALS])
                        .append(VOWEL[index % VOWELS_AND_FINALS / FINALS])
                        .append(FINAL[index % FINALS]);
            } else {
                latin.appendCodePoint(c);
            }
        });
        return spaced(latin.toString());
    }

    private static String spaced(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} ]", "").strip();
    }

    private static String letters(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        UnaryOperator<String> small = each -> each.toLowerCase(Locale.ROOT);
        small.apply(text).codePoints().forEach(c -> {
            if (UCharacter.isLetterOrDigit(c) && UCharacter.getType(c) != Character.MODIFIER_LETTER) {
                kept.appendCodePoint(c);
            } else if (UScript.getScript(c) != UScript.COMMON && UScript.getScript(c) != UScript.LATIN) {
                kept.appendCodePoint(c);
            }
        });
        return kept.toString();
    }
}
