package org.exchequer.lab.scenario;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.Set;

/**
 * When something may be broken on a machine that others use: from 02:00 to 06:00 in Singapore on any day, and at any
 * time on Saturdays and Sundays; at other times when somebody has approved it; on holidays never.
 *
 * @param holidays in Singapore
 * @param approvedBy who has approved that it is done at another time
 */
public record Window(Set<LocalDate> holidays, Optional<String> approvedBy) {
    static final ZoneId ZONE = ZoneId.of("Asia/Singapore");
    static final LocalTime FROM = LocalTime.of(2, 0);
    static final LocalTime UNTIL = LocalTime.of(6, 0);
    private static final Duration LOOK = Duration.ofMinutes(1);

    public Window {
        holidays = Set.copyOf(holidays);
        if (approvedBy.filter(String::isBlank).isPresent()) {
            throw new IllegalArgumentException("approvedBy must name somebody");
        }
    }

    /** Why nothing may be broken from now on for so long; empty when it may. */
    Optional<String> refuses(Instant now, Duration length) {
        Instant end = now.plus(length);
        for (Instant at = now; at.isBefore(end); at = at.plus(LOOK)) {
            Optional<String> why = refuses(at.atZone(ZONE));
            if (why.isPresent()) {
                return why;
            }
        }
        return refuses(end.atZone(ZONE));
    }

    private Optional<String> refuses(ZonedDateTime at) {
        if (holidays.contains(at.toLocalDate())) {
            return Optional.of("%s is a holiday in Singapore: nothing is broken then".formatted(at.toLocalDate()));
        }
        boolean weekend = at.getDayOfWeek() == DayOfWeek.SATURDAY || at.getDayOfWeek() == DayOfWeek.SUNDAY;
        LocalTime time = at.toLocalTime();
        boolean night = !time.isBefore(FROM) && !time.isAfter(UNTIL);
        return weekend || night || approvedBy.isPresent()
                ? Optional.empty()
                : Optional.of("the run would go on at %s in Singapore; on a weekday only %s to %s is allowed without"
                                .formatted(time.withSecond(0).withNano(0), FROM, UNTIL)
                        + " approval");
    }
}
