package org.exchequer.scoring.train;

import org.exchequer.scoring.model.TreeModel;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the trees out of XGBoost's model in JSON (its {@code doc/model.schema}), version 1.7 to 2.1. Only what {@link
 * TreeModel} walks as XGBoost does is accepted: a tree booster, one binary logistic output, splits on numbers.
 */
public final class XgboostJson {
    private XgboostJson() {}

    /**
     * @param places where each of the model's columns stands in the vectors to come
     * @throws TrainingException naming what is missing or not supported
     */
    public static TreeModel read(byte[] json, int[] places, int features) {
        try {
            JsonNode learner = need(JsonMapper.shared().readTree(json), "learner");
            expect(text(need(learner, "objective"), "name"), "binary:logistic", "objective");
            JsonNode booster = need(learner, "gradient_booster");
            expect(text(booster, "name"), "gbtree", "booster");
            float baseScore = Float.parseFloat(text(need(learner, "learner_model_param"), "base_score"));
            TreeModel.Builder builder = TreeModel.builder(features, margin(baseScore));
            for (JsonNode tree : need(need(booster, "model"), "trees")) {
                for (int type : ints(tree, "split_type")) {
                    expect(Integer.toString(type), "0", "split type");
                }
                int[] columns = ints(tree, "split_indices");
                int[] left = ints(tree, "left_children");
                for (int i = 0; i < columns.length; i++) {
                    columns[i] = left[i] < 0 ? 0 : places[columns[i]];
                }
                builder.tree(
                        left,
                        ints(tree, "right_children"),
                        columns,
                        floats(tree, "split_conditions"),
                        booleans(tree, "default_left"),
                        floats(tree, "sum_hessian"));
            }
            return builder.build();
        } catch (JacksonException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new TrainingException("XGBoost's model cannot be read: " + e.getMessage(), e);
        }
    }

    /** XGBoost keeps the base as a probability and computes with 32 bits. */
    private static float margin(float probability) {
        if (!(probability > 0 && probability < 1)) {
            throw new IllegalArgumentException("base_score: must be between 0 and 1");
        }
        return (float) -Math.log(1f / probability - 1f);
    }

    private static JsonNode need(JsonNode node, String name) {
        JsonNode found = node.get(name);
        if (found == null) {
            throw new IllegalArgumentException(name + ": is missing");
        }
        return found;
    }

    private static String text(JsonNode node, String name) {
        return need(node, name).asString();
    }

    private static void expect(String found, String supported, String what) {
        if (!found.equals(supported)) {
            throw new IllegalArgumentException(what + ": \"" + found + "\" is not supported, only " + supported);
        }
    }

    private static int[] ints(JsonNode tree, String name) {
        JsonNode array = need(tree, name);
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }

    private static float[] floats(JsonNode tree, String name) {
        JsonNode array = need(tree, name);
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
    }

    private static boolean[] booleans(JsonNode tree, String name) {
        JsonNode array = need(tree, name);
        boolean[] values = new boolean[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).isBoolean()
                    ? array.get(i).asBoolean()
                    : array.get(i).asInt() != 0;
        }
        return values;
    }
}
