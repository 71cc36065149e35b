package org.exchequer.screening.match;

import java.util.Arrays;
import org.exchequer.screening.match.Token.Kind;
import org.exchequer.screening.match.Token.Script;

/**
 * How alike two words are, 0 to 1: an edit distance (Damerau 1964, Levenshtein 1966; adjacent letters may change
 * places) in which slips that transliterations, keyboards and ears make cost less than others, divided by the longer
 * length.
 */
final class TokenSimilarity {
    /** Below this two words are two words. */
    static final double LEAST = 0.55;

    static final double INITIAL = 0.75;
    static final double NICKNAME = 0.85;
    static final double SPELLING = 0.97;

    private static final double SYLLABLE = 0.8;
    private static final double VOWELS = 0.5;
    private static final double CONFUSABLE = 0.4;
    private static final double DOUBLED = 0.3;
    private static final double SILENT = 0.5;
    private static final double SWAPPED = 0.7;
    private static final double UNWRITTEN = 0.08;
    private static final double ROUNDING = 1e-9;
    private static final int MOST_LETTERS = 64;
    private static final String[] CONFUSED = {
        "0o", "1i", "1l", "g9", "q9", "b6", "5s", "ei", "ou", "ij", "iy", "ck", "ey", "yj", "sz", "vw", "uw", "qk",
                "cs",
        "qg", "gk", "kx", "dt", "bp", "td", "fv", "ao", "ae", "uo", "3e", "4a", "8b", "2z", "cz", "gj", "zj", "gh", "hk"
    };
    private static final boolean[] CONFUSABLES = confusables();

    private TokenSimilarity() {}

    static double of(Token one, Token other) {
        if (one.kind() == Kind.NUMBER || other.kind() == Kind.NUMBER) {
            return one.text().equals(other.text()) ? 1 : 0;
        }
        boolean sameScript = one.script() == other.script();
        if (one.original().equals(other.original())) {
            return 1;
        }
        if (sameScript && (one.script() == Script.HAN || one.script() == Script.HANGUL)) {
            return 0;
        }
        if (one.text().equals(other.text())) {
            return 1;
        }
        if (one.kind() == Kind.INITIAL || other.kind() == Kind.INITIAL) {
            return one.text().charAt(0) == other.text().charAt(0) ? INITIAL : 0;
        }
        if (Words.same(one.text(), other.text())) {
            return SPELLING;
        }
        if (one.kind() == Kind.PARTICLE || other.kind() == Kind.PARTICLE) {
            return 0;
        }
        double similarity = of(one.text(), other.text(), one.script() == Script.ABJAD, other.script() == Script.ABJAD);
        if (!sameScript && (syllabic(one) || syllabic(other)) && similarity < SYLLABLE) {
            return 0;
        }
        return Words.nickname(one.text(), other.text()) ? Math.max(NICKNAME, similarity) : similarity;
    }

    /** A syllable has so few letters that another one is always near. */
    private static boolean syllabic(Token token) {
        return token.script() == Script.HAN || token.script() == Script.HANGUL;
    }

    /** Of two romanised words; in one from an abjad vowels are missing, and w and y may be one. */
    static double of(String one, String other, boolean oneAbjad, boolean otherAbjad) {
        return of(one, other, oneAbjad, otherAbjad, LEAST);
    }

    /** The same, or 0 as soon as it is known to be below what is of use. */
    static double of(String one, String other, boolean oneAbjad, boolean otherAbjad, double least) {
        String a = one.length() > MOST_LETTERS ? one.substring(0, MOST_LETTERS) : one;
        String b = other.length() > MOST_LETTERS ? other.substring(0, MOST_LETTERS) : other;
        int longest = Math.max(a.length(), b.length());
        boolean open = oneAbjad != otherAbjad;
        if (longest == 0 || !open && Math.abs(a.length() - b.length()) > longest / 2 + 1) {
            return 0;
        }
        // What is not written cannot differ, so the shorter word is all there is to be alike.
        int letters = open ? Math.max(1, Math.min(a.length(), b.length())) : longest;
        double most = (1 - least) * letters + ROUNDING;
        if (Math.abs(a.length() - b.length()) * (open ? UNWRITTEN : DOUBLED) > most) {
            return 0;
        }
        double distance = distance(a, b, open, most);
        return distance > most ? 0 : 1 - distance / letters;
    }

    /** Exact up to {@code most}; more than that where it is more. */
    private static double distance(String a, String b, boolean abjad, double most) {
        double[] before = new double[b.length() + 1];
        double[] last = new double[b.length() + 1];
        double[] row = new double[b.length() + 1];
        for (int j = 1; j <= b.length(); j++) {
            last[j] = last[j - 1] + gap(b, j - 1, abjad);
        }
        double leastBefore = 0;
        for (int i = 1; i <= a.length(); i++) {
            double least = Double.MAX_VALUE;
            row[0] = last[0] + gap(a, i - 1, abjad);
            for (int j = 1; j <= b.length(); j++) {
                char x = a.charAt(i - 1);
                char y = b.charAt(j - 1);
                double best = last[j - 1] + change(x, y, abjad);
                best = Math.min(best, last[j] + gap(a, i - 1, abjad));
                best = Math.min(best, row[j - 1] + gap(b, j - 1, abjad));
                if (i > 1 && j > 1 && x == b.charAt(j - 2) && y == a.charAt(i - 2) && x != y) {
                    best = Math.min(best, before[j - 2] + SWAPPED);
                }
                row[j] = best;
                least = Math.min(least, best);
            }
            // No later row can be below both of these, since a change of places looks two rows back.
            if (Math.min(Math.min(least, row[0]), leastBefore) > most) {
                return Double.MAX_VALUE;
            }
            leastBefore = Math.min(least, row[0]);
            double[] free = before;
            before = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }

    private static double gap(String word, int at, boolean abjad) {
        char c = word.charAt(at);
        if (abjad && (vowel(c) || at > 0 && word.charAt(at - 1) == c)) {
            return UNWRITTEN;
        }
        if (at > 0 && word.charAt(at - 1) == c) {
            return DOUBLED;
        }
        if (c == 'h' && at > 0) {
            return SILENT;
        }
        return 1;
    }

    private static double change(char x, char y, boolean abjad) {
        if (x == y) {
            return 0;
        }
        if (abjad && (stands(x, y) || stands(y, x))) {
            return UNWRITTEN;
        }
        if (x < 128 && y < 128 && CONFUSABLES[x * 128 + y]) {
            return CONFUSABLE;
        }
        return vowel(x) && vowel(y) ? VOWELS : 1;
    }

    static boolean vowel(char c) {
        return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
    }

    /** Waw and yod stand for vowels too. */
    private static boolean stands(char half, char letter) {
        return half == 'w' && (letter == 'u' || letter == 'o' || letter == 'v')
                || half == 'y' && (letter == 'i' || letter == 'e' || letter == 'j');
    }

    private static boolean[] confusables() {
        boolean[] pairs = new boolean[128 * 128];
        Arrays.stream(CONFUSED).forEach(pair -> {
            pairs[pair.charAt(0) * 128 + pair.charAt(1)] = true;
            pairs[pair.charAt(1) * 128 + pair.charAt(0)] = true;
        });
        return pairs;
    }
}
