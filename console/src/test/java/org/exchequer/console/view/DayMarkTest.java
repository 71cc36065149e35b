package org.exchequer.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.inward.api.Decision;
import org.exchequer.inward.api.Figures;
import org.exchequer.inward.api.Measure;
import org.exchequer.inward.api.Timing;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DayMarkTest {
    private static final Instant NOON = Instant.parse("2026-03-31T12:00:00Z");

    private static Figures hour(int hour, long inTime, long late, Map<String, Long> breakers) {
        Instant from = NOON.plus(Duration.ofHours(hour));
        return new Figures(
                from,
                from.plusSeconds(3_600),
                inTime + late,
                inTime,
                late,
                0,
                Timing.NONE,
                Map.of(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(breakers));
    }

    private static Measure order(Instant from, @Nullable Instant ended) {
        return new Measure(
                1,
                Measure.Kind.SLA_EXTENSION,
                null,
                null,
                1_000,
                null,
                null,
                null,
                Duration.ofMinutes(30),
                "slow partners",
                "mary",
                from,
                Decision.State.APPROVED,
                new Decision("mary", from, ""),
                from.plus(Duration.ofMinutes(30)),
                ended == null ? null : "john",
                ended);
    }

    @Test
    void hoursWithLatePaymentsOrBreakersAreIncidents() {
        List<DayMark> marks = DayMark.of(
                List.of(
                        hour(0, 998, 2, Map.of()),
                        hour(1, 90, 10, Map.of()),
                        hour(2, 5, 0, Map.of("vam/account", 4L)),
                        hour(3, 0, 0, Map.of())),
                List.of());
        assertThat(marks)
                .containsExactly(
                        new DayMark("incident", "25.00", "25.00", "13:00 to 14:00", "10 of 100 answered late"),
                        new DayMark(
                                "incident",
                                "50.00",
                                "25.00",
                                "14:00 to 15:00",
                                "payments met breakers: vam/account (4)"));
    }

    @Test
    void ordersAreMarkedForAsLongAsTheyHeldWithinTheDay() {
        List<Figures> hours = List.of(hour(0, 1, 0, Map.of()), hour(1, 1, 0, Map.of()));
        assertThat(DayMark.of(
                        hours,
                        List.of(
                                order(NOON.plusSeconds(3_600), NOON.plusSeconds(3_612)),
                                order(NOON.minusSeconds(900), null),
                                order(NOON.minusSeconds(7_200), null))))
                .containsExactly(
                        new DayMark("order", "0.00", "12.50", "11:45 to 12:15", "sla extension"),
                        new DayMark("order", "50.00", "0.60", "13:00 to 13:00", "sla extension"));
        assertThat(DayMark.of(List.of(), List.of(order(NOON, null)))).isEmpty();
    }
}
