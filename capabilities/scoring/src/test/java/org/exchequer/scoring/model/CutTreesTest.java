package org.exchequer.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazon.randomcutforest.RandomCutForest;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutTreesTest {
    /** @param steps few make many points of a sample the same one, and most of those that are scored too */
    @ParameterizedTest
    @CsvSource({
        "1,  1,   2,    3, 1000", "1, 30, 256, 2000, 1000", "5, 30, 256, 2000, 100000", "3, 20, 64, 900, 2",
        "2, 10, 128, 1000, 4", "12, 50, 256, 4000, 30", "40, 10, 1000, 1500, 100000", "4, 10, 16, 9, 3"
    })
    void scoresAsTheLibraryDoesToTheBit(int width, int trees, int sample, int points, int steps) {
        for (long seed = 1; seed <= 3; seed++) {
            RandomCutForest forest = RandomCutForest.builder()
                    .dimensions(width)
                    .numberOfTrees(trees)
                    .sampleSize(sample)
                    .randomSeed(seed)
                    .outputAfter(1)
                    .boundingBoxCacheFraction(1)
                    .parallelExecutionEnabled(false)
                    .build();
            Random random = new Random(seed);
            for (int i = 0; i < points; i++) {
                forest.update(point(random, width, steps, 1));
            }
            CutTrees copied = new CutTrees(forest);
            for (int i = 0; i < 1_000; i++) {
                float[] point = point(random, width, steps, i % 3);
                assertThat(copied.score(point)).isEqualTo(forest.getAnomalyScore(point));
            }
        }
    }

    private static float[] point(Random random, int width, int steps, int spread) {
        float[] point = new float[width];
        for (int i = 0; i < width; i++) {
            // The library does not take a zero below zero into a sample.
            point[i] = (float) Math.rint(random.nextGaussian() * spread * steps) / steps + 0.0f;
        }
        return point;
    }
}
