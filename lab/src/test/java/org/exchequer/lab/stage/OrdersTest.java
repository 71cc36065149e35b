package org.exchequer.lab.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.exchequer.inward.fraud.Scorer;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.stage.Order.Outcome;
import org.exchequer.lab.stage.Order.What;
import org.exchequer.platform.faults.Faults;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a node is done, ends when it is recalled, and by itself; and tells what came of it. */
@Timeout(60)
class OrdersTest {
    private static final long LONG = 60_000;

    @TempDir
    private Path home = Path.of("");

    private final Faults faults = new Faults();
    private final AtomicInteger left = new AtomicInteger(10);
    private Orders orders = new Orders(new Burdens(faults, Ticker.system()), home, home);

    @BeforeEach
    void offer() {
        orders = new Orders(new Burdens(faults, Ticker.system()), home.resolve("orders"), home.resolve("done"));
        faults.offer("places", percent -> {
            left.addAndGet(-percent / 10);
            return new Faults.Taken() {
                @Override
                public int count() {
                    return percent / 10;
                }

                @Override
                public void close() {
                    left.addAndGet(percent / 10);
                }
            };
        });
    }

    private void ask(Order... wanted) throws IOException {
        Files.write(
                home.resolve("orders"), Arrays.stream(wanted).map(Order::line).toList());
        orders.look();
    }

    private Outcome outcome(long number) {
        await().until(() ->
                Files.exists(home.resolve("done")) && outcomes().stream().anyMatch(each -> each.number() == number));
        return outcomes().stream()
                .filter(each -> each.number() == number)
                .findFirst()
                .orElseThrow();
    }

    private List<Outcome> outcomes() {
        try {
            return Files.readAllLines(home.resolve("done")).stream()
                    .map(Outcome::of)
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void it_ends_when_it_is_recalled() throws IOException {
        ask(new Order(1, What.SUPPLY, "places", 90, LONG));
        await().until(() -> left.get() == 1);
        ask();
        assertThat(outcome(1)).isEqualTo(new Outcome(1, true, "9 of places were taken away"));
        assertThat(left).hasValue(10);
    }

    @Test
    void it_ends_by_itself_and_does_not_begin_again() throws IOException {
        Order order = new Order(1, What.SUPPLY, "places", 50, 30);
        ask(order);
        assertThat(outcome(1).bit()).isTrue();
        ask(order);
        ask();
        assertThat(left).hasValue(10);
        assertThat(outcomes()).hasSize(1);
    }

    @Test
    void what_cannot_be_done_is_said() throws IOException {
        ask(new Order(1, What.SUPPLY, "nothing", 50, LONG));
        assertThat(outcome(1).seen()).contains("must be one of [places]");
    }

    @Test
    void memory_and_processors_are_held_and_given_back() throws IOException {
        long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        int percent = (int) (100 * used / Runtime.getRuntime().maxMemory()) + 2;
        ask(new Order(1, What.HEAP, Order.NONE, percent, LONG), new Order(2, What.CPU, Order.NONE, 5, 120));
        assertThat(outcome(2).seen()).contains("processors");
        ask();
        assertThat(outcome(1).seen()).contains("MiB were held");
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void a_model_fails_while_it_is_to_and_no_longer() throws IOException {
        ask(new Order(1, What.MODEL_FAILS, Order.NONE, 100, LONG));
        Supplier<String> asked = () -> "score";
        await().until(() -> {
            try {
                Object unused = ((Supplier) faults.through(Scorer.MODEL_POINT, asked)).get();
                return false;
            } catch (IllegalStateException failed) {
                return true;
            }
        });
        ask();
        assertThat(outcome(1).seen()).contains("questions to models failed");
        assertThat(faults.through(Scorer.MODEL_POINT, asked)).isSameAs(asked);
    }
}
