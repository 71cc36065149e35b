package org.exchequer.scoring.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.exchequer.scoring.graph.GraphSettings;
import org.junit.jupiter.api.Test;

/** The stream against the past: what the engine said at a payment is what the facts before it say. */
class FeatureEngineTest {
    private static final FeatureSettings SETTINGS = new FeatureSettings(
            1_000_000, 500, 100_000, 200_000, 100_000, RiskTables.standard(), GraphSettings.standard());

    private static final Set<Feature> DISTINCT = EnumSet.of(Feature.IP_ACCOUNTS_2D, Feature.DEVICE_ACCOUNTS_2D);

    /** Five standard errors: one of 3.5 million estimates would be further off. */
    private static final double DISTINCT_ERROR = 5 * Distinct.ERROR;

    private static final int CHUNK = 50_000;

    private final List<String> differences = Collections.synchronizedList(new ArrayList<>());

    /** Compares at every payment; the history sees {@code ahead} facts more than it may. */
    private void compare(List<Fact> facts, int ahead) {
        FeatureEngine engine = new FeatureEngine(SETTINGS);
        History history = new History(facts, SETTINGS);
        for (int from = 0; from < facts.size(); from += CHUNK) {
            int first = from;
            int to = Math.min(facts.size(), from + CHUNK);
            List<float[]> online = new ArrayList<>();
            for (int place = from; place < to; place++) {
                online.add(apply(engine, facts.get(place)));
            }
            IntStream.range(from, to)
                    .parallel()
                    .filter(place -> facts.get(place) instanceof Event)
                    .forEach(place ->
                            compare(history, place, Math.min(facts.size(), place + ahead), online.get(place - first)));
        }
        assertThat(engine.usage().accountsForgotten()).isZero();
        assertThat(engine.usage().originsForgotten()).isZero();
    }

    private void compare(History history, int place, int visible, float[] online) {
        float[] offline = history.at(place, visible);
        for (Feature feature : Feature.all()) {
            if (feature.group() != Feature.Group.GRAPH && !same(history, place, feature, online, offline)) {
                differences.add(feature.key() + " of fact " + place + ": on the stream " + feature.in(online)
                        + ", from the past " + feature.in(offline));
            }
        }
    }

    private static boolean same(History history, int place, Feature feature, float[] online, float[] offline) {
        float one = feature.in(online);
        float other = feature.in(offline);
        if (Float.floatToRawIntBits(one) == Float.floatToRawIntBits(other)) {
            return true;
        }
        if (DISTINCT.contains(feature)) {
            return Math.abs(one - other) <= 1 + DISTINCT_ERROR * other;
        }
        return feature == Feature.COUNTERPARTY_RELATIONSHIP
                && history.estimated(place)
                && one >= other
                && one <= other + CountMin.ERROR;
    }

    private static float[] apply(FeatureEngine engine, Fact fact) {
        return switch (fact) {
            case Event event -> engine.apply(event);
            case Score score -> {
                engine.apply(score);
                yield new float[0];
            }
        };
    }

    @Test
    void a_million_payments_are_the_same_on_the_stream_and_from_the_past() {
        List<Fact> facts = Recorded.facts(11, 18_000, 45, 1_000_000);
        assertThat(facts.stream().filter(Event.class::isInstance).count()).isGreaterThan(980_000);
        compare(facts, 0);
        assertThat(differences).isEmpty();
    }

    @Test
    void a_look_into_the_future_is_caught() {
        List<Fact> facts = Recorded.facts(12, 500, 20, 20_000);
        compare(facts, 0);
        assertThat(differences).isEmpty();
        compare(facts, 1);
        assertThat(differences).anyMatch(line -> line.startsWith("velocity_count_24h"));
        differences.clear();
        compare(facts, 400);
        assertThat(differences).anyMatch(line -> line.startsWith("ip_velocity_1h"));
    }

    @Test
    void values_are_in_their_range() {
        FeatureEngine engine = new FeatureEngine(SETTINGS);
        int[] known = new int[Feature.all().size()];
        for (Fact fact : Recorded.facts(13, 2_000, 40, 100_000)) {
            if (fact instanceof Event) {
                float[] vector = apply(engine, fact);
                for (Feature feature : Feature.all()) {
                    float value = feature.in(vector);
                    if (!Float.isNaN(value)) {
                        known[feature.place()]++;
                        assertThat((double) value).as(feature.key()).isBetween(feature.least(), feature.most());
                    }
                }
            } else {
                apply(engine, fact);
            }
        }
        assertThat(known).doesNotContain(0);
    }

    @Test
    void a_restored_engine_goes_on_as_if_nothing_had_happened() throws IOException {
        List<Fact> facts = Recorded.facts(14, 1_000, 30, 40_000);
        FeatureSettings small =
                new FeatureSettings(1_000_000, 500, 700, 300, 500, RiskTables.standard(), GraphSettings.standard());
        FeatureEngine engine = new FeatureEngine(small);
        FeatureEngine same = new FeatureEngine(small);
        for (Fact fact : facts.subList(0, facts.size() / 2)) {
            apply(engine, fact);
            apply(same, fact);
        }
        byte[] snapshot = snapshot(engine);
        assertThat(snapshot(same)).isEqualTo(snapshot);
        FeatureEngine restored = FeatureEngine.read(new ByteArrayInputStream(snapshot), small);
        assertThat(snapshot(restored)).isEqualTo(snapshot);
        assertThat(engine.usage().accountsForgotten()).isPositive();
        for (Fact fact : facts.subList(facts.size() / 2, facts.size())) {
            assertThat(apply(restored, fact)).containsExactly(apply(engine, fact));
        }
        assertThat(snapshot(restored)).isEqualTo(snapshot(engine));
        assertThat(restored.usage()).isEqualTo(engine.usage());
    }

    @Test
    void a_damaged_or_foreign_snapshot_is_refused() throws IOException {
        FeatureEngine engine = new FeatureEngine(SETTINGS);
        Recorded.facts(15, 200, 3, 500).forEach(fact -> apply(engine, fact));
        byte[] snapshot = snapshot(engine);
        FeatureSettings other = new FeatureSettings(
                2_000_000, 500, 100_000, 200_000, 100_000, RiskTables.standard(), GraphSettings.standard());
        assertThatThrownBy(() -> FeatureEngine.read(new ByteArrayInputStream(snapshot), other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reportingMinor");
        for (int place = 9; place < snapshot.length; place += snapshot.length / 60) {
            byte[] damaged = snapshot.clone();
            damaged[place] ^= 0x15;
            assertThatThrownBy(() -> FeatureEngine.read(new ByteArrayInputStream(damaged), SETTINGS))
                    .as("byte " + place)
                    .isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> FeatureEngine.read(new ByteArrayInputStream(new byte[8]), SETTINGS))
                .hasMessageContaining("not a snapshot");
    }

    private static byte[] snapshot(FeatureEngine engine) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        engine.write(bytes);
        return bytes.toByteArray();
    }

    @Test
    void every_feature_has_a_name_a_sentence_and_a_range() {
        for (Feature feature : Feature.all()) {
            assertThat(feature.key()).matches("[a-z0-9_]{3,40}");
            assertThat(feature.sentence()).hasSizeBetween(10, 130);
            assertThat(feature.unit()).isNotBlank();
            assertThat(feature.least()).isLessThan(feature.most());
            assertThat(Feature.of(feature.key())).isEqualTo(feature);
        }
        assertThatThrownBy(() -> Feature.of("nothing")).hasMessageContaining("nothing");
    }
}
