package org.exchequer.scoring.model;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several models, stacked and calibrated, as one file: what is trained, versioned, served and rolled back together.
 * Immutable and thread safe. The same sample gets the same score to the bit, on every machine and after every reload.
 */
public final class Ensemble {
    private static final int MOST_MEMBERS = 16;
    private static final int MOST_FIGURES = 100;

    private final Parts parts;
    private final String fingerprint;

    /**
     * What an ensemble is made of.
     *
     * @param name what it is for, e.g. {@code payments}
     * @param version of it, counted up
     * @param trained when and on what, for people
     * @param features of a payment
     * @param events of an account's history
     * @param featureBins of each feature in training
     * @param marginBins of the stacked margin in training
     * @param importance mean absolute points of each contribution in training, in their order
     * @param figures how good it was on data it had not seen, e.g. {@code auc}
     */
    public record Parts(
            String name,
            int version,
            String trained,
            Schema features,
            Schema events,
            List<Member> members,
            Stack stack,
            Calibration calibration,
            List<Bins> featureBins,
            Bins marginBins,
            List<Double> importance,
            Map<String, Double> figures) {
        public Parts {
            members = List.copyOf(members);
            featureBins = List.copyOf(featureBins);
            importance = List.copyOf(importance);
            figures = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(figures));
            long others = members.stream()
                    .filter(member -> !(member instanceof Member.Trees))
                    .count();
            if (!name.matches("[a-z][a-z0-9-]{0,39}") || version < 1) {
                throw new IllegalArgumentException("ensemble: name must be 1 to 40 lower-case letters, digits or '-',"
                        + " a letter first; version at least 1");
            }
            if (members.isEmpty() || members.size() > MOST_MEMBERS || stack.members() != members.size()) {
                throw new IllegalArgumentException(
                        "ensemble: must have 1 to " + MOST_MEMBERS + " members and a weight for each");
            }
            if (featureBins.size() != features.size() || importance.size() != features.size() + others) {
                throw new IllegalArgumentException("ensemble: bins and importance must be there for every feature");
            }
        }
    }

    private Ensemble(Parts parts, String fingerprint) {
        this.parts = parts;
        this.fingerprint = fingerprint;
    }

    public static Ensemble of(Parts parts) {
        return new Ensemble(parts, Sha256.hex(write(parts)));
    }

    /** @throws ModelFormatException if the file is truncated, altered, or says what no ensemble can */
    public static Ensemble read(byte[] file) throws ModelFormatException {
        try (DataInputStream in = ModelFile.open(file)) {
            String name = in.readUTF();
            int version = in.readInt();
            String trained = in.readUTF();
            Schema features = schema(in);
            Schema events = schema(in);
            List<Member> members = new ArrayList<>();
            for (int left = ModelFile.count(in, "members", 1, MOST_MEMBERS); left > 0; left--) {
                members.add(Member.read(in, features, events));
            }
            Stack stack = Stack.read(in);
            Calibration calibration = Calibration.read(in);
            List<Bins> bins = new ArrayList<>();
            for (int i = 0; i < features.size(); i++) {
                bins.add(Bins.read(in));
            }
            Bins marginBins = Bins.read(in);
            List<Double> importance = new ArrayList<>();
            for (double each : ModelFile.doubles(in, "importance", Schema.MOST_FEATURES + MOST_MEMBERS)) {
                importance.add(each);
            }
            Map<String, Double> figures = new LinkedHashMap<>();
            for (int left = ModelFile.count(in, "figures", 0, MOST_FIGURES); left > 0; left--) {
                figures.put(in.readUTF(), in.readDouble());
            }
            ModelFile.end(in);
            Parts parts = new Parts(
                    name,
                    version,
                    trained,
                    features,
                    events,
                    members,
                    stack,
                    calibration,
                    bins,
                    marginBins,
                    importance,
                    figures);
            return new Ensemble(parts, Sha256.hex(file));
        } catch (IOException | IllegalArgumentException e) {
            throw ModelFile.wrong(e);
        }
    }

    /** The file; the same bytes for the same parts. */
    public byte[] write() {
        return write(parts);
    }

    private static byte[] write(Parts parts) {
        return ModelFile.write(out -> {
            out.writeUTF(parts.name);
            out.writeInt(parts.version);
            out.writeUTF(parts.trained);
            write(parts.features, out);
            write(parts.events, out);
            out.writeInt(parts.members.size());
            for (Member member : parts.members) {
                Member.write(member, out);
            }
            parts.stack.write(out);
            parts.calibration.write(out);
            for (Bins bins : parts.featureBins) {
                bins.write(out);
            }
            parts.marginBins.write(out);
            ModelFile.write(
                    out, parts.importance.stream().mapToDouble(each -> each).toArray());
            out.writeInt(parts.figures.size());
            for (Map.Entry<String, Double> figure : parts.figures.entrySet()) {
                out.writeUTF(figure.getKey());
                out.writeDouble(figure.getValue());
            }
        });
    }

    private static void write(Schema schema, DataOutputStream out) throws IOException {
        out.writeUTF(schema.version());
        out.writeInt(schema.size());
        for (String name : schema.names()) {
            out.writeUTF(name);
        }
    }

    private static Schema schema(DataInputStream in) throws IOException {
        String version = in.readUTF();
        List<String> names = new ArrayList<>();
        for (int left = ModelFile.count(in, "features", 1, Schema.MOST_FEATURES); left > 0; left--) {
            names.add(in.readUTF());
        }
        return Schema.of(version, names);
    }

    public Parts parts() {
        return parts;
    }

    /** Name and version. */
    public String id() {
        return parts.name + "@" + parts.version;
    }

    /** SHA-256 of the file, in hexadecimal. */
    public String fingerprint() {
        return fingerprint;
    }

    /**
     * Scores a payment and says why.
     *
     * @throws InvalidSampleException if the sample is of another schema
     */
    public Score score(Sample sample) {
        check(sample);
        Stack stack = parts.stack;
        int size = parts.members.size();
        double[] scores = new double[size];
        float[] x = sample.features().values();
        double[] points = new double[x.length];
        List<Score.MemberScore> members = new ArrayList<>(size);
        List<Score.Contribution> others = new ArrayList<>(2);
        double base = stack.intercept();
        for (int i = 0; i < size; i++) {
            Member member = parts.members.get(i);
            double weight = stack.weight(i);
            scores[i] = member.score(sample);
            members.add(new Score.MemberScore(member.name(), scores[i], weight));
            if (member instanceof Member.Trees trees) {
                trees.shap().add(x, weight, points);
                base += weight * trees.shap().expected();
            } else {
                base += weight * stack.mean(i);
                others.add(
                        new Score.Contribution(member.name(), (float) scores[i], weight * (scores[i] - stack.mean(i))));
            }
        }
        double margin = stack.margin(scores);
        List<Score.Contribution> contributions = new ArrayList<>(x.length + others.size());
        for (int i = 0; i < x.length; i++) {
            contributions.add(new Score.Contribution(parts.features.name(i), x[i], points[i]));
        }
        contributions.addAll(others);
        return new Score(
                id(),
                parts.calibration.probability(margin),
                parts.calibration.interval(margin),
                margin,
                List.copyOf(members),
                base,
                List.copyOf(contributions));
    }

    /** {@link Score#margin} without reasons: the same bits, sooner. */
    public double margin(Sample sample) {
        check(sample);
        double[] scores = new double[parts.members.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = parts.members.get(i).score(sample);
        }
        return parts.stack.margin(scores);
    }

    /** {@link Score#probability} without reasons. */
    public double probability(Sample sample) {
        return parts.calibration.probability(margin(sample));
    }

    private void check(Sample sample) {
        check("features", sample.features().schema(), parts.features);
        check("history", sample.history().schema(), parts.events);
    }

    private void check(String what, Schema given, Schema own) {
        if (given != own && !given.equals(own)) {
            throw new InvalidSampleException(
                    what + ": are of schema " + given + ", model " + id() + " was trained on " + own);
        }
    }
}
