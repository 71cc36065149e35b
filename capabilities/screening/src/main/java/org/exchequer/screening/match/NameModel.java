package org.exchequer.screening.match;

import java.util.ArrayList;
import java.util.List;
import org.exchequer.screening.Contribution;
import org.exchequer.screening.PartyType;
import org.exchequer.screening.match.Token.Kind;
import org.exchequer.screening.match.Token.Script;

/** Weighs an alignment: a logistic model with few features, so that each part of a score has its reason. */
public final class NameModel {
    private static final double ENOUGH = 1.5;

    private final double[] coefficients;
    private final Aligner aligner;

    /** @param coefficients one for each {@link Feature}, log-odds */
    public NameModel(double[] coefficients, TokenWeights weights) {
        if (coefficients.length != Feature.values().length) {
            throw new IllegalArgumentException("coefficients: one for each feature is needed");
        }
        this.coefficients = coefficients.clone();
        this.aligner = new Aligner(weights);
    }

    /** Values of all features of two names. */
    public double[] features(ParsedName subject, ParsedName listed) {
        return features(subject, listed, aligner.align(subject, listed));
    }

    /** About the sum of what {@link #explain} gives, in a fraction of the time: to leave out who is no hit at all. */
    public double points(ParsedName subject, ParsedName listed) {
        double[] features = features(subject, listed);
        double points = 0;
        for (int i = 0; i < features.length; i++) {
            points += coefficients[i] * features[i];
        }
        return points;
    }

    /** Log-odds that both are one name, and why; the sum of the points is the same to the bit every time. */
    public List<Contribution> explain(ParsedName subject, ParsedName listed) {
        Alignment alignment = aligner.align(subject, listed);
        double[] features = features(subject, listed, alignment);
        Weighed weighed = Weighed.of(alignment);
        List<Contribution> reasons = new ArrayList<>();
        reasons.add(new Contribution(Contribution.Kind.BASE, "names compared", coefficient(Feature.BASE)));
        for (Alignment.Pair pair : alignment.pairs()) {
            double lost = pair.weight() * (1 - pair.similarity()) / weighed.total();
            String sign = pair.similarity() == 1 ? " = " : " ~ ";
            String text = pair.subject() + sign + pair.listed() + " " + hundredths(pair.similarity());
            reasons.add(new Contribution(Contribution.Kind.WORDS, text, coefficient(Feature.DIFFERENCE) * lost));
        }
        alone(reasons, features, weighed, alignment.subjectOnly(), weighed.subjectOnly(), "only asked: ");
        alone(reasons, features, weighed, alignment.listedOnly(), weighed.listedOnly(), "only listed: ");
        add(reasons, Contribution.Kind.WORDS, "the pair that differs most", Feature.WORST, features);
        add(reasons, Contribution.Kind.CONTRADICTION, "both have a word of their own", Feature.CONTRADICTED, features);
        add(reasons, Contribution.Kind.THIN, "little to go by", Feature.THIN, features);
        add(reasons, Contribution.Kind.THIN, "one word of several", Feature.LONE, features);
        add(reasons, Contribution.Kind.NUMBER, "numbers differ", Feature.NUMBER, features);
        add(reasons, Contribution.Kind.FORM, "legal forms differ", Feature.FORM, features);
        add(reasons, Contribution.Kind.ORDER, "words in another order", Feature.ORDER, features);
        add(reasons, Contribution.Kind.INITIAL, "initials only", Feature.INITIAL, features);
        add(reasons, Contribution.Kind.SCRIPT, "syllables read as letters", Feature.SYLLABLES, features);
        return reasons;
    }

    private void alone(
            List<Contribution> reasons,
            double[] features,
            Weighed weighed,
            List<Alignment.Single> singles,
            double weight,
            String text) {
        double both = features[Feature.CONTRADICTION.ordinal()] * coefficient(Feature.CONTRADICTION);
        double extra = features[Feature.EXTRA_PERSON.ordinal()] * coefficient(Feature.EXTRA_PERSON)
                + features[Feature.EXTRA_THING.ordinal()] * coefficient(Feature.EXTRA_THING);
        boolean more = weight > Math.min(weighed.subjectOnly(), weighed.listedOnly());
        double points = both / 2 + (more ? extra : 0);
        for (Alignment.Single single : singles) {
            double share = weight == 0 ? 0 : single.weight() / weight;
            reasons.add(new Contribution(Contribution.Kind.ALONE, text + single.word(), points * share));
        }
    }

    private void add(
            List<Contribution> reasons, Contribution.Kind kind, String text, Feature feature, double[] features) {
        double value = features[feature.ordinal()];
        if (value != 0) {
            reasons.add(new Contribution(kind, text, coefficient(feature) * value));
        }
    }

    private double coefficient(Feature feature) {
        return coefficients[feature.ordinal()];
    }

    /** Without {@code String.format}, which would take longer than the alignment. */
    private static String hundredths(double share) {
        long hundredths = Math.round(share * 100);
        return hundredths >= 100 ? "1.00" : "0." + hundredths / 10 + hundredths % 10;
    }

    private record Weighed(double paired, double subjectOnly, double listedOnly) {
        static Weighed of(Alignment alignment) {
            double paired = 0;
            for (Alignment.Pair pair : alignment.pairs()) {
                paired += pair.weight();
            }
            return new Weighed(paired, sum(alignment.subjectOnly()), sum(alignment.listedOnly()));
        }

        private static double sum(List<Alignment.Single> singles) {
            double sum = 0;
            for (Alignment.Single single : singles) {
                sum += single.weight();
            }
            return sum;
        }

        double total() {
            return paired + subjectOnly + listedOnly;
        }
    }

    private static double[] features(ParsedName subject, ParsedName listed, Alignment alignment) {
        Weighed weighed = Weighed.of(alignment);
        double total = weighed.total();
        double[] values = new double[Feature.values().length];
        values[Feature.BASE.ordinal()] = 1;
        double difference = 0;
        double worst = 0;
        double alike = 0;
        int initials = 0;
        int words = 0;
        boolean numbers = false;
        for (Alignment.Pair pair : alignment.pairs()) {
            difference += pair.weight() * (1 - pair.similarity());
            alike += pair.weight() * pair.similarity();
            if (pair.kind() == Kind.INITIAL) {
                initials += pair.similarity() < 1 ? 1 : 0;
            } else if (pair.kind() == Kind.NUMBER) {
                numbers |= pair.similarity() < 1;
            } else if (pair.kind() != Kind.PARTICLE) {
                worst = Math.max(worst, 1 - pair.similarity());
                words += pair.kind() == Kind.WORD || pair.kind() == Kind.DESCRIPTOR ? 1 : 0;
            }
        }
        numbers |= numbered(alignment.subjectOnly()) || numbered(alignment.listedOnly());
        boolean person = subject.type() == PartyType.PERSON && listed.type() == PartyType.PERSON;
        double extra = Math.abs(weighed.subjectOnly() - weighed.listedOnly()) / total;
        values[Feature.DIFFERENCE.ordinal()] = difference / total;
        values[Feature.WORST.ordinal()] = worst;
        values[Feature.CONTRADICTION.ordinal()] = 2 * Math.min(weighed.subjectOnly(), weighed.listedOnly()) / total;
        values[Feature.CONTRADICTED.ordinal()] = real(alignment.subjectOnly()) && real(alignment.listedOnly()) ? 1 : 0;
        values[person ? Feature.EXTRA_PERSON.ordinal() : Feature.EXTRA_THING.ordinal()] = extra;
        values[Feature.THIN.ordinal()] = Math.max(0, ENOUGH - alike);
        values[Feature.NUMBER.ordinal()] = numbers ? 1 : 0;
        values[Feature.FORM.ordinal()] = formsDiffer(subject, listed) ? 1 : 0;
        boolean comma = subject.surnameFirst() != listed.surnameFirst();
        values[Feature.ORDER.ordinal()] = person && alignment.reordered() && !comma ? 1 : 0;
        values[Feature.INITIAL.ordinal()] = Math.min(2, initials);
        boolean more = real(alignment.subjectOnly()) || real(alignment.listedOnly());
        values[Feature.LONE.ordinal()] = person && words <= 1 && more ? 1 : 0;
        values[Feature.SYLLABLES.ordinal()] = syllabic(subject) != syllabic(listed) ? 1 : 0;
        return values;
    }

    private static boolean syllabic(ParsedName name) {
        return name.tokens().stream()
                .anyMatch(token -> token.script() == Script.HAN || token.script() == Script.HANGUL);
    }

    private static boolean numbered(List<Alignment.Single> singles) {
        return singles.stream().anyMatch(single -> single.kind() == Kind.NUMBER);
    }

    private static boolean real(List<Alignment.Single> singles) {
        return singles.stream()
                .anyMatch(single -> single.kind() == Kind.WORD
                        || single.kind() == Kind.DESCRIPTOR
                        || single.kind() == Kind.INITIAL);
    }

    private static boolean formsDiffer(ParsedName subject, ParsedName listed) {
        return !subject.forms().isEmpty()
                && !listed.forms().isEmpty()
                && subject.forms().stream().noneMatch(listed.forms()::contains);
    }
}
