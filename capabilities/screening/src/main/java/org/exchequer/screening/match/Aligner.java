package org.exchequer.screening.match;

import java.util.ArrayList;
import java.util.List;
import org.exchequer.screening.PartyType;
import org.exchequer.screening.match.Token.Kind;
import org.exchequer.screening.match.Token.Script;
import org.jspecify.annotations.Nullable;

/**
 * Finds which words of two names stand for each other: first words that were joined or split, then the best pairing.
 */
final class Aligner {
    private static final int MOST_JOINED = 4;
    private static final double JOINED = 0.88;
    private static final double BETTER_BY = 0.12;
    private static final double PARTICLE_WEIGHT = 0.12;
    private static final double TITLE_WEIGHT = 0.08;
    private static final double INITIAL_WEIGHT = 0.35;
    private static final double NUMBER_WEIGHT = 0.6;
    private static final double DESCRIPTOR_FACTOR = 0.6;
    private static final double SHORT = 0.7;
    private static final double ACRONYM = 0.8;
    private static final int SHORTEST_ACRONYM = 3;

    private final TokenWeights weights;

    Aligner(TokenWeights weights) {
        this.weights = weights;
    }

    /** A word, or several joined. */
    private record Unit(Token token, String shown) {}

    Alignment align(ParsedName subject, ParsedName listed) {
        Alignment acronym = acronym(subject, listed);
        if (acronym != null) {
            return acronym;
        }
        List<Unit> one = units(subject);
        List<Unit> other = units(listed);
        join(one, other);
        join(other, one);
        double[][] similarities = new double[one.size()][other.size()];
        double[][] gains = new double[one.size()][other.size()];
        for (int i = 0; i < one.size(); i++) {
            for (int j = 0; j < other.size(); j++) {
                Token a = one.get(i).token();
                Token b = other.get(j).token();
                double similarity = similarity(a, b, subject.type());
                if (similarity >= TokenSimilarity.LEAST) {
                    similarities[i][j] = similarity;
                    // A whole word found is worth more than two halves: hence the square.
                    double nearness = 1e-6 * (1 - Math.abs((i + 0.5) / one.size() - (j + 0.5) / other.size()));
                    gains[i][j] = similarity * similarity * pairWeight(a, b, similarity) + nearness;
                }
            }
        }
        int[] columnOf = Assignment.best(gains);
        voidInitials(one, other, columnOf);
        return result(one, other, similarities, columnOf);
    }

    /**
     * An initial may stand for a word only where its own name has no other word left: the B. of Daniel B. Maffei is not
     * Barrera, since somebody called Barrera would leave Maffei without a partner.
     */
    private static void voidInitials(List<Unit> one, List<Unit> other, int[] columnOf) {
        boolean[] taken = new boolean[other.size()];
        boolean subjectLeft = false;
        for (int i = 0; i < columnOf.length; i++) {
            if (columnOf[i] >= 0) {
                taken[columnOf[i]] = true;
            }
            subjectLeft |= columnOf[i] < 0 && is(one.get(i), Kind.WORD);
        }
        boolean listedLeft = false;
        for (int j = 0; j < taken.length; j++) {
            listedLeft |= !taken[j] && is(other.get(j), Kind.WORD);
        }
        for (int i = 0; i < columnOf.length; i++) {
            if (columnOf[i] >= 0) {
                Unit asked = one.get(i);
                Unit listed = other.get(columnOf[i]);
                boolean askedInitial = is(asked, Kind.INITIAL) && !is(listed, Kind.INITIAL);
                boolean listedInitial = is(listed, Kind.INITIAL) && !is(asked, Kind.INITIAL);
                if (askedInitial && subjectLeft || listedInitial && listedLeft) {
                    columnOf[i] = -1;
                }
            }
        }
    }

    private static boolean is(Unit unit, Kind kind) {
        return unit.token().kind() == kind;
    }

    private Alignment result(List<Unit> one, List<Unit> other, double[][] similarities, int[] columnOf) {
        List<Alignment.Pair> pairs = new ArrayList<>();
        List<Alignment.Single> subjectOnly = new ArrayList<>();
        boolean[] taken = new boolean[other.size()];
        int lastColumn = -1;
        boolean reordered = false;
        for (int i = 0; i < one.size(); i++) {
            Unit unit = one.get(i);
            int column = columnOf[i];
            if (column < 0) {
                subjectOnly.add(new Alignment.Single(
                        unit.shown(), weight(unit.token()), unit.token().kind()));
                continue;
            }
            taken[column] = true;
            Unit partner = other.get(column);
            double similarity = similarities[i][column];
            Kind kind = unit.token().kind() == Kind.WORD
                    ? partner.token().kind()
                    : unit.token().kind();
            pairs.add(new Alignment.Pair(
                    unit.shown(),
                    partner.shown(),
                    similarity,
                    pairWeight(unit.token(), partner.token(), similarity),
                    kind));
            if (kind == Kind.WORD || kind == Kind.INITIAL) {
                reordered |= column < lastColumn;
                lastColumn = column;
            }
        }
        List<Alignment.Single> listedOnly = new ArrayList<>();
        for (int j = 0; j < other.size(); j++) {
            if (!taken[j]) {
                Unit unit = other.get(j);
                listedOnly.add(new Alignment.Single(
                        unit.shown(), weight(unit.token()), unit.token().kind()));
            }
        }
        return new Alignment(List.copyOf(pairs), List.copyOf(subjectOnly), List.copyOf(listedOnly), reordered);
    }

    private static double similarity(Token a, Token b, PartyType type) {
        if (a.kind() == Kind.NUMBER && b.kind() == Kind.NUMBER && !a.text().equals(b.text())) {
            return TokenSimilarity.LEAST;
        }
        if (type == PartyType.ENTITY && (a.kind() == Kind.INITIAL || b.kind() == Kind.INITIAL)) {
            return a.text().equals(b.text()) ? 1 : 0;
        }
        return TokenSimilarity.of(a, b);
    }

    private double pairWeight(Token a, Token b, double similarity) {
        double one = weight(a);
        double other = weight(b);
        // A misspelt common word looks rare: where two words are nearly one, the commoner spelling decides.
        return similarity >= 0.8 ? Math.min(one, other) : (one + other) / 2;
    }

    double weight(Token token) {
        return switch (token.kind()) {
            case WORD -> weights.of(token.text()) * length(token);
            case DESCRIPTOR -> weights.of(token.text()) * DESCRIPTOR_FACTOR;
            case INITIAL -> INITIAL_WEIGHT;
            case NUMBER -> NUMBER_WEIGHT;
            case PARTICLE -> PARTICLE_WEIGHT;
            case TITLE -> TITLE_WEIGHT;
        };
    }

    /** Two letters say less than eight, and a syllable that a thousand characters are read as says less than a word. */
    private static double length(Token token) {
        return token.script() == Script.HAN
                        || token.script() == Script.HANGUL
                        || token.text().length() <= 2
                ? SHORT
                : 1;
    }

    private static List<Unit> units(ParsedName name) {
        List<Unit> units = new ArrayList<>();
        for (Token token : name.tokens()) {
            units.add(new Unit(token, token.text()));
        }
        return units;
    }

    /** Joins neighbours of {@code many} where the other name has them as one word. */
    private static void join(List<Unit> many, List<Unit> single) {
        for (int length = Math.min(MOST_JOINED, many.size()); length >= 2; length--) {
            for (int start = 0; start + length <= many.size(); start++) {
                Unit joined = joined(many.subList(start, start + length), single);
                if (joined != null) {
                    many.set(start, joined);
                    many.subList(start + 1, start + length).clear();
                }
            }
        }
    }

    private static @Nullable Unit joined(List<Unit> parts, List<Unit> single) {
        StringBuilder all = new StringBuilder();
        StringBuilder bare = new StringBuilder();
        StringBuilder original = new StringBuilder();
        StringBuilder shown = new StringBuilder();
        boolean mayJoin = true;
        for (Unit part : parts) {
            Token token = part.token();
            mayJoin &= token.kind() != Kind.NUMBER && token.kind() != Kind.TITLE;
            all.append(token.text());
            original.append(token.original());
            bare.append(Words.article(token.text()) ? "" : token.text());
            shown.append(shown.isEmpty() ? "" : "+").append(part.shown());
        }
        Token first = parts.getFirst().token();
        for (Unit whole : single) {
            Token target = whole.token();
            if (!mayJoin || target.kind() != Kind.WORD || target.text().length() < 4) {
                continue;
            }
            String text = target.text();
            if (Math.min(Math.abs(all.length() - text.length()), Math.abs(bare.length() - text.length())) > 3) {
                continue;
            }
            boolean oneAbjad = first.script() == Script.ABJAD;
            boolean otherAbjad = target.script() == Script.ABJAD;
            double similarity = Math.max(
                    TokenSimilarity.of(all.toString(), text, oneAbjad, otherAbjad, JOINED),
                    bare.length() == all.length()
                            ? 0
                            : TokenSimilarity.of(bare.toString(), text, oneAbjad, otherAbjad, JOINED));
            if (similarity < JOINED) {
                continue;
            }
            double alone = 0;
            for (Unit part : parts) {
                alone = Math.max(alone, TokenSimilarity.of(part.token(), target));
            }
            if (similarity >= alone + BETTER_BY) {
                Token token = new Token(all.toString(), original.toString(), first.script(), Kind.WORD);
                return new Unit(token, shown.toString());
            }
        }
        return null;
    }

    /** PLA for People's Liberation Army; of companies and bodies only. */
    private static @Nullable Alignment acronym(ParsedName subject, ParsedName listed) {
        if (subject.type() == PartyType.PERSON || listed.type() == PartyType.PERSON) {
            return null;
        }
        boolean subjectShort = subject.tokens().size() == 1;
        ParsedName shorter = subjectShort ? subject : listed;
        ParsedName longer = subjectShort ? listed : subject;
        if (shorter.tokens().size() != 1 || longer.tokens().size() < SHORTEST_ACRONYM) {
            return null;
        }
        StringBuilder initials = new StringBuilder();
        StringBuilder words = new StringBuilder();
        for (Token token : longer.tokens()) {
            if (token.kind() != Kind.PARTICLE) {
                initials.append(token.text().charAt(0));
            }
            words.append(words.isEmpty() ? "" : "+").append(token.text());
        }
        String acronym = shorter.tokens().getFirst().text();
        if (initials.length() < SHORTEST_ACRONYM || !acronym.contentEquals(initials)) {
            return null;
        }
        return new Alignment(
                List.of(new Alignment.Pair(
                        subjectShort ? acronym : words.toString(),
                        subjectShort ? words.toString() : acronym,
                        ACRONYM,
                        1,
                        Kind.WORD)),
                List.of(),
                List.of(),
                false);
    }
}
