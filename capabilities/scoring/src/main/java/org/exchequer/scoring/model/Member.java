package org.exchequer.scoring.model;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** One model of an ensemble. */
public sealed interface Member {
    /** What it looks at, e.g. {@code transaction}, {@code network}, {@code behaviour}. */
    String name();

    /** Higher for what is more likely fraud; log odds, except of anomalies. */
    double score(Sample sample);

    /** Boosted trees over some of the features. */
    record Trees(String name, TreeModel model, TreeShap shap) implements Member {
        public Trees(String name, TreeModel model) {
            this(name, model, new TreeShap(model));
        }

        @Override
        public double score(Sample sample) {
            return model.margin(sample.features());
        }
    }

    /** A recurrent network over the account's last events. */
    record Behaviour(String name, SequenceModel model) implements Member {
        @Override
        public double score(Sample sample) {
            return model.margin(sample.history());
        }
    }

    /** Distance from the usual. */
    record Anomaly(String name, AnomalyForest model) implements Member {
        @Override
        public double score(Sample sample) {
            return model.score(sample.features());
        }
    }

    private int kind() {
        return switch (this) {
            case Trees trees -> 1;
            case Behaviour behaviour -> 2;
            case Anomaly anomaly -> 3;
        };
    }

    private void writeModel(DataOutputStream out) throws IOException {
        switch (this) {
            case Trees trees -> trees.model.write(out);
            case Behaviour behaviour -> behaviour.model.write(out);
            case Anomaly anomaly -> anomaly.model.write(out);
        }
    }

    /** The member as it stands in a file. */
    static void write(Member member, DataOutputStream out) throws IOException {
        out.writeByte(member.kind());
        out.writeUTF(member.name());
        member.writeModel(out);
    }

    static Member read(DataInputStream in, Schema features, Schema events) throws IOException {
        int kind = in.readByte();
        String name = in.readUTF();
        return switch (kind) {
            case 1 -> new Trees(name, TreeModel.read(in, features.size()));
            case 2 -> {
                SequenceModel model = SequenceModel.read(in);
                if (model.inputs() != events.size()) {
                    throw new ModelFormatException("member " + name + ": events must have " + model.inputs()
                            + " features, schema " + events + " has " + events.size());
                }
                yield new Behaviour(name, model);
            }
            case 3 -> new Anomaly(name, AnomalyForest.read(in, features.size()));
            default -> throw new ModelFormatException("member " + name + ": kind " + kind + " is not known");
        };
    }
}
