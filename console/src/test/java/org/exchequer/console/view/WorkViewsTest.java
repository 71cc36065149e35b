package org.exchequer.console.view;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.exchequer.inward.api.Bulks;
import org.exchequer.inward.api.DeadLetter;
import org.exchequer.inward.api.Figures;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.Timing;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What people work on: dead letters, bulks, and what keeps payments waiting. */
class WorkViewsTest {
    private static final Instant NOON = Instant.parse("2026-03-31T12:00:00Z");

    private static LetterPage letter(byte[] message) {
        return LetterPage.of(new DeadLetter(
                new UUID(0, 1), NOON, "http", "FF01", "must be XML or JSON", message.length, message, List.of(), 0));
    }

    @Test
    void aLetterIsShownEscapedAndByItsBytes() {
        LetterPage page = letter("<a>\u0000\u202e\r\n".getBytes(UTF_8));
        assertThat(page.text()).isEqualTo("<a>\\u{0}\\u{202e}\\u{d}\n");
        assertThat(page.hex().lines())
                .containsExactly("000000  3c 61 3e 00 e2 80 ae 0d 0a                       <a>......");
        assertThat(page.editable()).isNull();
        assertThat(page.meaning()).isNotEmpty();
    }

    @Test
    void onlyTextIsEdited() {
        assertThat(letter("<a>ü\r\n</a>".getBytes(UTF_8)).editable()).isEqualTo("<a>ü\r\n</a>");
        assertThat(letter("<a>ü</a>".getBytes(ISO_8859_1)).editable()).isNull();
        LetterPage large = letter(new byte[70_000]);
        assertThat(large.editable()).isNull();
        assertThat(large.cut()).isTrue();
        assertThat(large.hex().lines()).hasSize(256);
    }

    private static Bulks.Bulk bulk(@Nullable Instant started, @Nullable Instant done, int open, int failed) {
        return new Bulks.Bulk(
                new UUID(0, 2), Bulks.Kind.ASSIGN, "", "john", "mary", NOON, started, done, 3, open, failed);
    }

    private static Bulks.Item item(Bulks.State state) {
        return new Bulks.Item(1, new UUID(0, 3), state, "", null, null);
    }

    @Test
    void onlyWhoHasChosenThemStartsABulkAndOnlyOnce() {
        List<Bulks.Item> items = List.of(item(Bulks.State.WAITING), item(Bulks.State.SKIPPED));
        BulkPage page = BulkPage.of(bulk(null, null, 1, 0), items, "mary");
        assertThat(page.toStart()).isTrue();
        assertThat(page.would()).isEqualTo(1);
        assertThat(page.line().what()).isEqualTo("Assign to john");
        assertThat(page.line().stands()).isEqualTo("not started");
        assertThat(BulkPage.of(bulk(null, null, 1, 0), items, "john").toStart()).isFalse();
        BulkPage started = BulkPage.of(bulk(NOON, null, 1, 1), items, "mary");
        assertThat(started.toStart()).isFalse();
        assertThat(started.running()).isTrue();
        assertThat(started.line().level()).isEqualTo("bad");
        assertThat(BulkPage.of(bulk(NOON, NOON, 0, 0), items, "mary").running()).isFalse();
    }

    private static Figures hour(int hour, long inTime, long late, Map<Stage, Figures.StageFigures> stages) {
        Instant from = NOON.plus(Duration.ofHours(hour));
        return new Figures(
                from,
                from.plusSeconds(3_600),
                inTime + late,
                inTime,
                late,
                0,
                Timing.NONE,
                stages,
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>());
    }

    private static Figures.StageFigures took(Duration time) {
        List<Long> bins = new ArrayList<>(Timing.NONE.bins());
        bins.set(bins.size() - 1, 1L);
        return new Figures.StageFigures(new Timing(bins, time), time, 0);
    }

    @Test
    void theBottleneckIsTheStageThatIsMostOverItsBudget() {
        assertThat(SlaBoard.bottleneck(hour(0, 1, 0, Map.of()))).isEmpty();
        assertThat(SlaBoard.bottleneck(hour(
                        0,
                        1,
                        0,
                        Map.of(Stage.FRAUD_DETECTION, new Figures.StageFigures(Timing.NONE, Duration.ZERO, 0)))))
                .isEqualTo("No stage is over its budget");
        assertThat(SlaBoard.bottleneck(hour(
                        0,
                        1,
                        0,
                        Map.of(
                                Stage.FRAUD_DETECTION,
                                took(Stage.FRAUD_DETECTION.budget().plusMillis(50)),
                                Stage.LIQUIDITY_CHECK,
                                took(Stage.LIQUIDITY_CHECK.budget().plusMillis(10))))))
                .isEqualTo("Bottleneck: fraud detection, 50 ms over its budget on average");
    }

    @Test
    void trendsSayWhichHoursStandOut() {
        List<SlaBoard.Trend> trends =
                SlaBoard.trends(List.of(hour(0, 5, 5, Map.of()), hour(1, 20, 0, Map.of()), hour(2, 1, 0, Map.of())));
        assertThat(trends.getFirst().note()).isEqualTo("1 hour below the target, the last 12:00");
        assertThat(trends).anyMatch(trend -> trend.note().equals("busiest from 13:00"));
    }
}
