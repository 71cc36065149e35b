package org.exchequer.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TreeModelTest {
    private static final Schema SCHEMA = Schema.of("two-1", List.of("age_days", "count_1h"));

    private static final TreeModel STUMP = TreeModel.builder(2, 0.5f)
            .tree(
                    new int[] {1, -1, -1},
                    new int[] {2, -1, -1},
                    new int[] {1, 0, 0},
                    new float[] {3, -1, 2},
                    new boolean[] {true, false, false},
                    new float[] {10, 6, 4})
            .build();

    @Test
    void below_the_threshold_goes_left_and_missing_where_training_said() {
        assertThat(margin(0, 2.9f)).isEqualTo(-0.5f);
        assertThat(margin(0, 3)).isEqualTo(2.5f);
        assertThat(margin(0, Float.NaN)).isEqualTo(-0.5f);
        assertThat(new TreeShap(STUMP).expected()).isEqualTo(0.5 + 0.6 * -1 + 0.4 * 2);
        assertThat(STUMP.thresholds(1)).containsExactly(3);
        assertThat(STUMP.thresholds(0)).isEmpty();
    }

    @Test
    void read_again_it_is_the_same() throws IOException {
        RandomTrees trees = new RandomTrees(new Random(1), 5);
        TreeModel model = trees.model(20, 6);
        TreeModel again;
        try (DataInputStream in = ModelFile.open(ModelFile.write(model::write))) {
            again = TreeModel.read(in, 5);
        }
        Schema schema =
                Schema.of("five-1", IntStream.range(0, 5).mapToObj(i -> "f" + i).toList());
        for (int i = 0; i < 200; i++) {
            Vector vector = Vector.of(schema, trees.row());
            assertThat(again.margin(vector)).isEqualTo(model.margin(vector));
        }
    }

    @Test
    void every_altered_or_missing_byte_of_a_file_is_noticed() {
        byte[] file = ModelFile.write(STUMP::write);
        for (int i = 0; i < file.length; i++) {
            byte[] altered = file.clone();
            altered[i] ^= 1;
            assertThatThrownBy(() -> ModelFile.open(altered)).isInstanceOf(ModelFormatException.class);
            byte[] shorter = java.util.Arrays.copyOf(file, i);
            assertThatThrownBy(() -> ModelFile.open(shorter)).isInstanceOf(ModelFormatException.class);
        }
    }

    @Test
    void trees_that_a_walk_could_not_rely_on_are_refused() {
        assertThatThrownBy(() -> tree(new int[] {1, 1, -1}, new int[] {2, 2, -1}, 0, 1))
                .hasMessageContaining("child out of range or used twice");
        assertThatThrownBy(() -> tree(new int[] {1, -1, -1}, new int[] {3, -1, -1}, 0, 1))
                .hasMessageContaining("child out of range");
        assertThatThrownBy(() -> tree(new int[] {1, -1, -1}, new int[] {2, -1, -1}, 2, 1))
                .hasMessageContaining("tree 0, node 0: splits on a feature that is not there");
        assertThatThrownBy(() -> tree(new int[] {1, -1, -1}, new int[] {2, -1, -1}, 0, 0))
                .hasMessageContaining("cover must be above 0");
        assertThatThrownBy(() -> TreeModel.builder(2, 0).build()).hasMessageContaining("trees: must be 1");
    }

    @Test
    void a_vector_says_what_is_wrong_with_it() {
        assertThatThrownBy(() -> Vector.of(SCHEMA, new float[3]))
                .isInstanceOf(InvalidSampleException.class)
                .hasMessageContaining("must have the 2 features of schema two-1");
        assertThatThrownBy(() -> Vector.of(SCHEMA, new float[] {0, Float.POSITIVE_INFINITY}))
                .hasMessage("feature \"count_1h\": must be finite or missing");
        assertThatThrownBy(() -> Vector.of(SCHEMA, java.util.Map.of("age", 1f)))
                .hasMessageContaining("feature \"age\": is not in schema");
        assertThat(Vector.of(SCHEMA, java.util.Map.of("count_1h", 2f)).missing(0))
                .isTrue();
        assertThat(Schema.of("two-1", List.of("count_1h", "age_days")).hash()).isNotEqualTo(SCHEMA.hash());
        assertThatThrownBy(() -> Schema.of("x", List.of("a", "a"))).hasMessageContaining("once only");
        assertThatThrownBy(() -> Schema.of("x", List.of("Ä"))).hasMessageContaining("lower-case letters");
    }

    private static TreeModel tree(int[] left, int[] right, int feature, float cover) {
        return TreeModel.builder(2, 0)
                .tree(left, right, new int[] {feature, 0, 0}, new float[3], new boolean[3], new float[] {cover, 1, 1})
                .build();
    }

    private static float margin(float... row) {
        return STUMP.margin(Vector.of(SCHEMA, row));
    }
}
