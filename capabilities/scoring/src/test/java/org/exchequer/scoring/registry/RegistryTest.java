package org.exchequer.scoring.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.MadeEnsemble;
import org.exchequer.scoring.model.ModelFormatException;
import org.exchequer.scoring.model.Sample;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {
    @TempDir
    private Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private Registry registry;

    @BeforeEach
    void open() throws IOException {
        registry = Registry.open(folder);
        for (int version = 1; version <= 4; version++) {
            registry.install(MadeEnsemble.of(version, version).write());
        }
        registry.promote("made@1");
    }

    @Test
    void a_rollback_brings_back_the_very_bits() throws IOException {
        List<Sample> samples = samples(200);
        List<Double> before = margins(registry.serving().champion(), samples);
        registry.promote("made@2");
        assertThat(margins(registry.serving().champion(), samples)).isNotEqualTo(before);
        registry.rollback();
        assertThat(registry.serving().champion().id()).isEqualTo("made@1");
        assertThat(margins(registry.serving().champion(), samples)).isEqualTo(before);
        Registry reopened = Registry.open(folder);
        assertThat(margins(reopened.serving().champion(), samples)).isEqualTo(before);
        assertThat(reopened.serving().generation()).isEqualTo(3);
    }

    @Test
    void another_folder_adopts_what_serves_or_keeps_its_own(@TempDir Path elsewhere) throws IOException {
        Registry other = Registry.open(elsewhere);
        other.install(registry.file("made@1"));
        other.promote("made@1");
        registry.promote("made@2");
        assertThat(Registry.named(registry.assignment())).containsExactlyInAnyOrder("made@1", "made@2");
        assertThatThrownBy(() -> other.adopt(registry.assignment())).hasMessageContaining("made@2: is not installed");
        assertThat(other.serving().champion().id()).isEqualTo("made@1");
        other.install(registry.file("made@2"));
        assertThat(other.adopt(registry.assignment())).isTrue();
        assertThat(other.adopt(registry.assignment())).isFalse();
        assertThat(other.serving().champion().fingerprint())
                .isEqualTo(registry.serving().champion().fingerprint());
        assertThat(Registry.open(elsewhere).assignment()).isEqualTo(registry.assignment());
        assertThatThrownBy(() -> other.adopt("x")).hasMessageContaining("truncated");
    }

    @Test
    void a_challenger_serves_a_tenth_and_always_the_same() throws IOException {
        registry.challenge("made@2", 10);
        assertThat(share("made@2")).isCloseTo(0.10, within(0.01));
        List<String> routes = routes();
        assertThat(routes()).isEqualTo(routes);
        Registry reopened = Registry.open(folder);
        assertThat(IntStream.range(0, 500)
                        .mapToObj(i -> reopened.serving().route("key-" + i).id())
                        .toList())
                .isEqualTo(routes);
        registry.rollback();
        assertThat(share("made@2")).isZero();
        assertThat(registry.serving().champion().id()).isEqualTo("made@1");
    }

    @Test
    void buckets_are_those_of_the_documentation() {
        assertThat(List.of(Split.bucket("made@2", "key-1"), Split.bucket("made@2", "key-2"), Split.bucket("", "")))
                .isEqualTo(List.of(bucket("made@2\nkey-1"), bucket("made@2\nkey-2"), bucket("\n")));
    }

    private static int bucket(String text) {
        try {
            byte[] hash = java.security.MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return new java.math.BigInteger(1, java.util.Arrays.copyOf(hash, 8))
                    .mod(java.math.BigInteger.valueOf(100))
                    .intValueExact();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_canary_grows_in_steps_and_whoever_had_it_keeps_it() throws IOException {
        registry.canary("made@3", List.of(1, 10, 50));
        assertThat(share("made@3")).isCloseTo(0.01, within(0.005));
        List<String> small = routes();
        registry.advance();
        assertThat(share("made@3")).isCloseTo(0.10, within(0.01));
        List<String> larger = routes();
        for (int i = 0; i < small.size(); i++) {
            if (small.get(i).equals("made@3")) {
                assertThat(larger.get(i)).isEqualTo("made@3");
            }
        }
        registry.advance();
        registry.advance();
        assertThat(registry.serving().champion().id()).isEqualTo("made@3");
        assertThat(registry.serving().candidate()).isEmpty();
        assertThatThrownBy(() -> registry.advance()).hasMessage("no canary is under way");
        registry.rollback();
        assertThat(registry.serving().champion().id()).isEqualTo("made@1");
    }

    @Test
    void shadows_are_listed_and_serve_nobody() throws IOException {
        registry.shadow("made@4");
        assertThat(registry.serving().shadows()).extracting(Ensemble::id).containsExactly("made@4");
        assertThat(share("made@4")).isZero();
        registry.withdraw("made@4");
        assertThat(registry.serving().shadows()).isEmpty();
        assertThatThrownBy(() -> registry.withdraw("made@4")).hasMessageContaining("neither on trial nor a shadow");
    }

    @Test
    void a_bad_file_is_refused_and_what_serves_goes_on() throws IOException {
        byte[] file = MadeEnsemble.of(5, 5).write();
        byte[] cut = java.util.Arrays.copyOf(file, file.length - 1);
        assertThatThrownBy(() -> registry.install(cut))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("truncated");
        Path second = folder.resolve("made@2.model");
        byte[] altered = Files.readAllBytes(second);
        altered[altered.length / 2] ^= 1;
        Files.write(second, altered);
        assertThatThrownBy(() -> registry.promote("made@2"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("altered");
        assertThatThrownBy(() -> registry.challenge("made@2", 10)).isInstanceOf(ModelFormatException.class);
        assertThat(registry.serving().champion().id()).isEqualTo("made@1");
        assertThat(registry.serving().generation()).isEqualTo(1);

        Path serving = folder.resolve("serving");
        String text = Files.readString(serving);
        Files.writeString(serving, text.replace("made@1", "made@3"));
        assertThatThrownBy(() -> registry.reload())
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("altered");
        Files.writeString(serving, text.substring(0, text.length() / 2));
        assertThatThrownBy(() -> registry.reload()).hasMessageContaining("truncated");
        assertThat(registry.serving().champion().id()).isEqualTo("made@1");
    }

    @Test
    void a_version_is_never_changed() throws IOException {
        assertThat(registry.install(MadeEnsemble.of(1, 1).write())).isEqualTo("made@1");
        assertThatThrownBy(() -> registry.install(MadeEnsemble.of(1, 99).write()))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("a version is never changed");
        assertThat(registry.versions()).containsExactly("made@1", "made@2", "made@3", "made@4");
    }

    @Test
    void what_cannot_be_is_refused() throws IOException {
        assertThatThrownBy(() -> registry.promote("made@1")).hasMessageContaining("champion already");
        assertThatThrownBy(() -> registry.promote("made@9")).hasMessage("model made@9: is not installed");
        assertThatThrownBy(() -> registry.promote("../made@1")).hasMessageContaining("is not installed");
        assertThatThrownBy(() -> registry.challenge("made@2", 51)).hasMessageContaining("1 to 50");
        assertThatThrownBy(() -> registry.canary("made@2", List.of(10, 10))).hasMessageContaining("each more");
        assertThatThrownBy(() -> registry.rollback()).hasMessageContaining("no champion before");
        registry.install(
                MadeEnsemble.of(6, 6, MadeEnsemble.schema("made-2"), 2, 2).write());
        assertThatThrownBy(() -> registry.challenge("made@6", 10)).hasMessageContaining("of other schemas");
        registry.promote("made@6");
        assertThat(registry.serving().champion().id()).isEqualTo("made@6");
    }

    @Test
    void two_who_change_do_not_overwrite_each_other() throws IOException {
        Registry other = Registry.open(folder);
        other.promote("made@2");
        assertThatThrownBy(() -> registry.promote("made@3")).hasMessageContaining("changed by somebody else");
        registry.reload();
        assertThat(registry.serving().champion().id()).isEqualTo("made@2");
    }

    @Test
    void under_traffic_every_score_is_wholly_one_models() throws Exception {
        List<Sample> samples = samples(20);
        List<Double> first = margins(registry.load("made@1"), samples);
        List<Double> second = margins(registry.load("made@2"), samples);
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
            Callable<Integer> traffic = () -> {
                int scored = 0;
                while (!done.get() || scored == 0) {
                    Ensemble ensemble = registry.serving().route("key-" + scored++);
                    List<Double> expected = ensemble.id().equals("made@1") ? first : second;
                    assertThat(margins(ensemble, samples)).isEqualTo(expected);
                }
                return scored;
            };
            List<Future<Integer>> running = List.of(pool.submit(traffic), pool.submit(traffic));
            for (int i = 0; i < 10; i++) {
                registry.promote("made@2");
                registry.rollback();
                registry.challenge("made@2", 50);
                registry.rollback();
            }
            done.set(true);
            for (Future<Integer> each : running) {
                assertThat(each.get()).isPositive();
            }
        }
    }

    @Test
    void before_the_first_promotion_nothing_serves() throws IOException {
        Registry empty = Registry.open(folder.resolve("another"));
        assertThat(empty.serves()).isFalse();
        assertThatThrownBy(empty::serving).hasMessageContaining("install and promote one");
    }

    private double share(String id) {
        return IntStream.range(0, 10_000)
                        .filter(i ->
                                registry.serving().route("account-" + i).id().equals(id))
                        .count()
                / 10_000.0;
    }

    private List<String> routes() {
        return IntStream.range(0, 500)
                .mapToObj(i -> registry.serving().route("key-" + i).id())
                .toList();
    }

    private static List<Sample> samples(int count) {
        Random random = new Random(9);
        return IntStream.range(0, count)
                .mapToObj(i -> MadeEnsemble.sample(random))
                .toList();
    }

    private static List<Double> margins(Ensemble ensemble, List<Sample> samples) {
        return samples.stream().map(each -> ensemble.score(each).margin()).toList();
    }
}
