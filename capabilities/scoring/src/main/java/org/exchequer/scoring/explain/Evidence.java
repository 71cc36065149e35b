package org.exchequer.scoring.explain;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.exchequer.scoring.model.Blend;
import org.exchequer.scoring.model.Decision;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.Outcome;
import org.exchequer.scoring.model.Sample;
import org.exchequer.scoring.model.Schema;
import org.exchequer.scoring.model.Score;
import org.exchequer.scoring.model.Sequence;
import org.exchequer.scoring.model.Vector;

/**
 * All that a decision came from, as bytes to be stored beside it: years later the same model's file gives the same
 * score
 * to the bit, with the same reasons. Numbers are kept by their bits, never as decimals.
 *
 * @param model name and version
 * @param fingerprint SHA-256 of the model's file
 * @param margin that was given
 * @param blended that was given
 */
public record Evidence(
        String model,
        String fingerprint,
        Sample sample,
        OptionalDouble rules,
        OptionalDouble review,
        Blend blend,
        double margin,
        double probability,
        double blended,
        Outcome outcome) {
    /** Ends with a digest of all before it; the format before had none. */
    private static final short FORMAT = 2;

    private static final short WITHOUT_DIGEST = 1;
    private static final int DIGEST_BYTES = 16;
    /** What {@link #bytes} can give at most, with room to spare. */
    public static final int MOST_BYTES = 1 << 18;

    /** What a replay showed. */
    public sealed interface Replay {
        /** The same bits. */
        record Same(Decision decision) implements Replay {}

        /** Something is not what it was; must not happen. */
        record Different(Decision decision, String what) implements Replay {}

        /** The model at hand is not the one that decided. */
        record OtherModel(String what) implements Replay {}
    }

    public static Evidence of(Ensemble ensemble, Sample sample, Decision decision) {
        Score score = decision.score();
        if (!score.model().equals(ensemble.id())) {
            throw new IllegalArgumentException("decision: was made by " + score.model() + ", not by " + ensemble.id());
        }
        return new Evidence(
                ensemble.id(),
                ensemble.fingerprint(),
                sample,
                decision.rules(),
                decision.review(),
                decision.blend(),
                score.margin(),
                score.probability(),
                decision.blended(),
                decision.outcome());
    }

    /** Decides again, by the model that decided then. */
    public Replay replay(Ensemble ensemble) {
        if (!ensemble.fingerprint().equals(fingerprint)) {
            return new Replay.OtherModel("decided by " + model + " of file " + fingerprint + "; this is "
                    + ensemble.id() + " of file " + ensemble.fingerprint());
        }
        Decision again = blend.decide(ensemble.score(sample), rules, review);
        if (!same(again.score().margin(), margin)) {
            return new Replay.Different(again, "margin");
        }
        if (!same(again.score().probability(), probability)) {
            return new Replay.Different(again, "probability");
        }
        if (!same(again.blended(), blended) || again.outcome() != outcome) {
            return new Replay.Different(again, "blend");
        }
        return new Replay.Same(again);
    }

    private static boolean same(double one, double other) {
        return Double.doubleToLongBits(one) == Double.doubleToLongBits(other);
    }

    public byte[] bytes() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeShort(FORMAT);
            out.writeUTF(model);
            out.writeUTF(fingerprint);
            out.writeUTF(sample.features().schema().hash());
            out.writeInt(sample.features().schema().size());
            for (float value : sample.features().toArray()) {
                out.writeFloat(value);
            }
            Sequence history = sample.history();
            out.writeUTF(history.schema().hash());
            out.writeInt(history.length());
            for (int event = 0; event < history.length(); event++) {
                for (int i = 0; i < history.schema().size(); i++) {
                    out.writeFloat(history.at(event, i));
                }
            }
            out.writeDouble(rules.orElse(Double.NaN));
            out.writeDouble(review.orElse(Double.NaN));
            for (double value : new double[] {
                blend.modelWeight(),
                blend.ruleWeight(),
                blend.reviewWeight(),
                blend.approveBelow(),
                blend.rejectFrom(),
                blend.emergencyFrom(),
                margin,
                probability,
                blended
            }) {
                out.writeDouble(value);
            }
            out.writeUTF(outcome.name());
            out.write(digest(bytes.toByteArray(), bytes.size()));
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("a stream in memory failed", e);
        }
    }

    /** The first half of the SHA-256. */
    private static byte[] digest(byte[] bytes, int length) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(bytes, 0, length);
            return Arrays.copyOf(sha.digest(), DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Reads what {@link #bytes} wrote.
     *
     * @param features schema of the model that decided, see {@link Ensemble#parts}
     * @param events schema of its histories
     * @throws IOException if the bytes are of another schema, cut off, altered, or say what cannot be
     */
    public static Evidence read(byte[] bytes, Schema features, Schema events) throws IOException {
        if (bytes.length > MOST_BYTES) {
            throw new IOException("evidence: has more than " + MOST_BYTES + " bytes");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            short format = in.readShort();
            if (format != FORMAT && format != WITHOUT_DIGEST) {
                throw new IOException("evidence: is of an unknown format");
            }
            String model = in.readUTF();
            String fingerprint = in.readUTF();
            expect(in, features);
            if (in.readInt() != features.size()) {
                throw new IOException("evidence: has another number of features than its schema");
            }
            Vector vector = Vector.of(features, floats(in, features.size()));
            expect(in, events);
            int length = in.readInt();
            if (length < 0 || length > Sequence.MOST_EVENTS) {
                throw new IOException("evidence: must have 0 to " + Sequence.MOST_EVENTS + " events");
            }
            List<float[]> history = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                history.add(floats(in, events.size()));
            }
            OptionalDouble rules = optional(in.readDouble());
            OptionalDouble review = optional(in.readDouble());
            Blend blend = new Blend(
                    in.readDouble(),
                    in.readDouble(),
                    in.readDouble(),
                    in.readDouble(),
                    in.readDouble(),
                    in.readDouble());
            Evidence evidence = new Evidence(
                    model,
                    fingerprint,
                    new Sample(vector, Sequence.of(events, history)),
                    rules,
                    review,
                    blend,
                    in.readDouble(),
                    in.readDouble(),
                    in.readDouble(),
                    Outcome.valueOf(in.readUTF()));
            int end = bytes.length - in.available();
            if (format == FORMAT && !Arrays.equals(in.readNBytes(DIGEST_BYTES), digest(bytes, end))) {
                throw new IOException("evidence: is not what was written: its digest is another");
            }
            if (in.read() >= 0) {
                throw new IOException("evidence: goes on after its end");
            }
            return evidence;
        } catch (IllegalArgumentException e) {
            throw new IOException("evidence: " + e.getMessage(), e);
        }
    }

    private static void expect(DataInputStream in, Schema schema) throws IOException {
        String hash = in.readUTF();
        if (!hash.equals(schema.hash())) {
            throw new IOException("evidence: is of a schema with hash " + hash + ", not of " + schema);
        }
    }

    private static float[] floats(DataInputStream in, int count) throws IOException {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }

    private static OptionalDouble optional(double value) {
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
