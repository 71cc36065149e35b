package org.exchequer.screening.match;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.exchequer.screening.PartyType;
import org.exchequer.screening.match.Token.Kind;
import org.exchequer.screening.match.Token.Script;
import org.jspecify.annotations.Nullable;

/**
 * A name taken apart: which words, in which order, of which kind, and which legal forms.
 *
 * @param text as it was given
 * @param tokens at most {@value #MOST_TOKENS}; what comes later in a longer name is not compared
 * @param forms classes of legal forms, without repeats
 * @param surnameFirst whether a comma put the surname first
 */
public record ParsedName(String text, PartyType type, List<Token> tokens, Set<String> forms, boolean surnameFirst) {
    /** The longest listed names have about 25 words; alignment takes time with the third power. */
    public static final int MOST_TOKENS = 32;

    /** One character may fold to eighteen. */
    private static final int MOST_FOLDED = 1_024;

    public static ParsedName of(String text, PartyType type) {
        String whole = Romaniser.fold(text).replace("&", " and ");
        String folded = whole.length() > MOST_FOLDED ? whole.substring(0, MOST_FOLDED) : whole;
        boolean company = type == PartyType.ENTITY;
        boolean surnameFirst = !company && folded.indexOf(',') > 0;
        List<String> words = new ArrayList<>();
        List<Token> raw = new ArrayList<>();
        for (String word : split(folded)) {
            if (raw.size() >= 2 * MOST_TOKENS) {
                break;
            }
            Script script = Romaniser.script(word);
            String[] originals = syllables(word, script);
            String[] latin = Romaniser.latin(word, script).split(" ");
            for (int i = 0; i < latin.length; i++) {
                if (!latin[i].isEmpty()) {
                    String original = originals.length == latin.length ? originals[i] : word;
                    raw.add(new Token(latin[i], original, script, Kind.WORD));
                    words.add(latin[i]);
                }
            }
        }
        return classify(text, type, raw, words, surnameFirst);
    }

    private static ParsedName classify(
            String text, PartyType type, List<Token> raw, List<String> words, boolean surnameFirst) {
        List<Token> tokens = new ArrayList<>();
        Set<String> forms = new LinkedHashSet<>();
        boolean person = type == PartyType.PERSON;
        for (int i = 0; i < raw.size() && tokens.size() < MOST_TOKENS; i++) {
            if (type == PartyType.ENTITY || type == PartyType.UNKNOWN) {
                CompanyForms.Found found = CompanyForms.at(words, i);
                if (found.words() > 0
                        && found.words() < raw.size()
                        && !(type == PartyType.UNKNOWN
                                && found.words() == 1
                                && words.get(i).length() < 3)) {
                    forms.add(found.form());
                    i += found.words() - 1;
                    continue;
                }
            }
            Token token = raw.get(i);
            String number = Words.number(token.text());
            if (number == null && !person && i > 0 && (token.text().length() > 1 || i == raw.size() - 1)) {
                number = Words.roman(token.text());
            }
            if (number != null && !person) {
                tokens.add(new Token(number, number, Script.LATIN, Kind.NUMBER));
                continue;
            }
            tokens.add(new Token(
                    token.text(),
                    token.original(),
                    token.script(),
                    kind(token, type, i + 1 < raw.size() && (i > 0 || raw.size() > 2))));
        }
        joinNumbers(tokens);
        if (type == PartyType.ENTITY) {
            joinInitials(tokens);
        } else {
            dropRepeats(tokens);
        }
        if (tokens.stream().noneMatch(ParsedName::counts)) {
            tokens.replaceAll(token -> new Token(token.text(), token.original(), token.script(), Kind.WORD));
        }
        if (tokens.isEmpty()) {
            tokens.addAll(raw.subList(0, Math.min(raw.size(), MOST_TOKENS)));
            forms.clear();
        }
        return new ParsedName(text, type, List.copyOf(tokens), Set.copyOf(forms), surnameFirst);
    }

    private static boolean counts(Token token) {
        return token.kind() != Kind.TITLE && token.kind() != Kind.PARTICLE;
    }

    /** "forty four" is 44. */
    private static void joinNumbers(List<Token> tokens) {
        for (int i = tokens.size() - 2; i >= 0; i--) {
            String tens = tokens.get(i).text();
            String units = tokens.get(i + 1).text();
            if (tokens.get(i).kind() == Kind.NUMBER
                    && tokens.get(i + 1).kind() == Kind.NUMBER
                    && tens.matches("[2-9]0")
                    && units.matches("[1-9]")) {
                String both = tens.charAt(0) + units;
                tokens.set(i, new Token(both, both, Script.LATIN, Kind.NUMBER));
                tokens.remove(i + 1);
            }
        }
    }

    /** A company's single letters in a row are one word: A.B.C. is ABC. */
    private static void joinInitials(List<Token> tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            StringBuilder joined = new StringBuilder();
            int end = i;
            while (end < tokens.size() && tokens.get(end).kind() == Kind.INITIAL) {
                joined.append(tokens.get(end++).text());
            }
            if (end - i > 1) {
                String word = joined.toString();
                tokens.set(i, new Token(word, word, Script.LATIN, Kind.WORD));
                tokens.subList(i + 1, end).clear();
            }
        }
    }

    private static void dropRepeats(List<Token> tokens) {
        Set<String> seen = new LinkedHashSet<>();
        tokens.removeIf(token -> token.kind() == Kind.WORD
                && token.script() != Script.HAN
                && token.script() != Script.HANGUL
                && token.text().length() > 4
                && !seen.add(token.text()));
    }

    private static Kind kind(Token token, PartyType type, boolean followed) {
        String word = token.text();
        if (token.script() == Script.HAN || token.script() == Script.HANGUL) {
            return Kind.WORD;
        }
        if (word.length() == 1 && Character.isLetter(word.charAt(0))) {
            return word.equals("y") && followed ? Kind.PARTICLE : Kind.INITIAL;
        }
        if (Words.title(word) && type != PartyType.ENTITY) {
            return Kind.TITLE;
        }
        // The last word of a name is no particle, nor is the first of two: XU, Bin and Van Taylor.
        if (followed && Words.particle(word)) {
            return Kind.PARTICLE;
        }
        return type != PartyType.PERSON && Words.descriptor(word) ? Kind.DESCRIPTOR : Kind.WORD;
    }

    private static String[] syllables(String word, Script script) {
        if (script == Script.HAN || script == Script.HANGUL) {
            return word.codePoints().mapToObj(Character::toString).toArray(String[]::new);
        }
        return new String[] {word};
    }

    /**
     * Words are runs of letters, marks and digits of one writing; an apostrophe is no boundary, nor is a stop in U.S.
     */
    private static List<String> split(String folded) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        @Nullable Script script = null;
        for (int i = 0; i < folded.length(); ) {
            int c = folded.codePointAt(i);
            i += Character.charCount(c);
            int type = Character.getType(c);
            boolean mark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
            if (Character.isLetterOrDigit(c) || mark && !word.isEmpty()) {
                Script here = mark || Character.isDigit(c) ? script : Romaniser.script(Character.toString(c));
                if (script != null && here != script && breaks(script, here)) {
                    add(words, word);
                }
                script = here;
                word.appendCodePoint(c);
            } else if (!apostrophe(c)) {
                add(words, word);
                script = null;
            }
        }
        add(words, word);
        return words;
    }

    /**
     * Letters of two writings in one word are a look-alike trick and stay together, but not characters beside letters.
     */
    private static boolean breaks(Script one, @Nullable Script other) {
        return one == Script.HAN || one == Script.HANGUL || other == Script.HAN || other == Script.HANGUL;
    }

    private static boolean apostrophe(int c) {
        return c == '\'' || c == '’' || c == '‘' || c == '`' || c == 'ʼ' || c == 'ʿ' || c == 'ʾ' || c == '′';
    }

    private static void add(List<String> words, StringBuilder word) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }
}
