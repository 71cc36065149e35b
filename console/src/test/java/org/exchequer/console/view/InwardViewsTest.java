package org.exchequer.console.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.exchequer.inward.api.Figures;
import org.exchequer.inward.api.Live;
import org.exchequer.inward.api.PaymentFilter;
import org.exchequer.inward.api.State;
import org.exchequer.inward.api.Timing;
import org.junit.jupiter.api.Test;

class InwardViewsTest {
    private static final Instant NOON = Instant.parse("2026-03-31T12:00:00Z");

    private static Figures figures(long inTime, long late) {
        return new Figures(
                NOON,
                NOON.plusSeconds(3_600),
                inTime + late,
                inTime,
                late,
                0,
                Timing.NONE,
                Map.of(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>());
    }

    private static SlaBoard board(Figures now) {
        Live live = new Live(
                "a",
                Map.of(State.PAYMENT_TIMEOUT, 2, State.MESSAGE_RECEIVED, 1),
                1,
                Duration.ofSeconds(4),
                List.of(new Live.Partner("vam", "OPEN", null, Duration.ofMillis(3), 10, 5, 7)));
        return SlaBoard.of(now, figures(1, 1), live);
    }

    @Test
    void theDialSaysWhatTheLimitsMean() {
        assertThat(board(figures(995, 5)).gauge().level()).isEqualTo("good");
        assertThat(board(figures(994, 6)).gauge().level()).isEqualTo("warn");
        assertThat(board(figures(979, 21)).gauge().level()).isEqualTo("bad");
        assertThat(board(figures(99_999, 1)).gauge().value()).isEqualTo("99.99 %");
        assertThat(board(figures(0, 0)).gauge().needle()).isNull();
        assertThat(board(figures(3, 1)).gauge().trend()).contains("+25.00 points");
    }

    @Test
    void thePipelineShowsWhatIsUnderWayByStage() {
        SlaBoard board = board(figures(1, 0));
        assertThat(board.pipeline())
                .filteredOn(SlaBoard.Step::busy)
                .extracting(SlaBoard.Step::name)
                .containsExactly("message received", "payment execution");
        assertThat(board.headline().breakersClosed()).isFalse();
        assertThat(board.partners().getFirst().status()).isEqualTo("not asked");
        assertThat(board.seen())
                .isEqualTo(board(figures(1, 0)).seen())
                .isNotEqualTo(board(figures(2, 0)).seen());
    }

    @Test
    void trendsHaveGapsWhereNothingWas() {
        List<SlaBoard.Trend> trends = SlaBoard.trends(List.of(figures(1, 1), figures(0, 0), figures(1, 0)));
        assertThat(trends.getFirst().points()).hasSize(2);
        assertThat(trends.getFirst().least()).isEqualTo("50.00 %");
        assertThat(trends.getFirst().last()).isEqualTo("100.00 %");
    }

    @Test
    void messagesAreIndentedAndNothingElse() {
        assertThat(Pretty.text("<a><b>x &lt; y</b> <c/></a>".getBytes(UTF_8)))
                .isEqualToNormalizingNewlines("<a>\n  <b>x &lt; y</b>\n  <c/>\n</a>\n");
        String bomb = "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>";
        assertThat(Pretty.text(bomb.getBytes(UTF_8))).isEqualTo(bomb);
        assertThat(Pretty.text("{\"a\":1}".getBytes(UTF_8))).contains("\"a\" : 1");
        assertThat(Pretty.text("<a".getBytes(UTF_8))).isEqualTo("<a");
    }

    @Test
    void aSearchSaysWhichFieldIsWrong() {
        assertThat(PaymentSearch.read(Map.of(
                                "least",
                                "1",
                                "from",
                                "yesterday",
                                "status",
                                "X",
                                "compliant",
                                "maybe",
                                "currency",
                                "sgd"))
                        .parse()
                        .errors())
                .containsOnlyKeys("least", "from", "status", "compliant", "currency");
        PaymentFilter filter = Objects.requireNonNull(PaymentSearch.read(Map.of(
                        "most",
                        "12.50",
                        "currency",
                        "SGD",
                        "from",
                        "2026-03-31",
                        "until",
                        "2026-03-31T10:00",
                        "compliant",
                        "no",
                        "fallback",
                        "LIQUIDITY_CHECK",
                        "unknown",
                        "x"))
                .parse()
                .filter());
        assertThat(filter.most()).isEqualTo(1_250);
        assertThat(filter.from()).isEqualTo(Instant.parse("2026-03-31T00:00:00Z"));
        assertThat(filter.until()).isEqualTo(Instant.parse("2026-03-31T10:00:00Z"));
        assertThat(filter.compliant()).isFalse();
    }
}
