package org.exchequer.iso20022;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Dates and times as XML Schema writes them; of the years 0001 to 9999, which is all that a payment can mean. */
final class Times {
    private static final int DATE_LENGTH = 10;
    private static final int TIME_END = 19;

    private Times() {}

    /** A date, its offset (allowed, without meaning for a settlement date) dropped; null when it is none. */
    static @Nullable LocalDate date(String text) {
        if (text.length() < DATE_LENGTH || text.charAt(4) != '-' || text.charAt(7) != '-') {
            return null;
        }
        if (text.length() > DATE_LENGTH && offset(text, DATE_LENGTH) == null) {
            return null;
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        try {
            return year < 1 ? null : LocalDate.of(year, month, day);
        } catch (DateTimeException none) {
            return null;
        }
    }

    /** A date and time; UTC where no offset is given, nanoseconds at most; null when it is none. */
    static @Nullable OffsetDateTime dateTime(String text) {
        if (text.length() < TIME_END || text.charAt(10) != 'T' || text.charAt(13) != ':' || text.charAt(16) != ':') {
            return null;
        }
        LocalDate date = date(text.substring(0, DATE_LENGTH));
        int at = TIME_END;
        int nanos = 0;
        if (at < text.length() && text.charAt(at) == '.') {
            int from = ++at;
            while (at < text.length() && Character.digit(text.charAt(at), 10) >= 0 && text.charAt(at) <= '9') {
                at++;
            }
            if (at == from) {
                return null;
            }
            nanos = nanos(text, from, at);
        }
        ZoneOffset offset = at == text.length() ? ZoneOffset.UTC : offset(text, at);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (date == null || offset == null) {
            return null;
        }
        boolean midnight = hour == 24 && minute == 0 && second == 0 && nanos == 0;
        if (midnight) {
            date = date.plusDays(1);
            hour = 0;
        }
        try {
            return OffsetDateTime.of(date, LocalTime.of(hour, minute, second, nanos), offset);
        } catch (DateTimeException none) {
            return null;
        }
    }

    private static int nanos(String text, int from, int to) {
        int nanos = 0;
        for (int i = 0; i < 9; i++) {
            nanos = nanos * 10 + (from + i < to ? text.charAt(from + i) - '0' : 0);
        }
        return nanos;
    }

    /** {@code Z}, or a sign, hours up to 14 and minutes. */
    private static @Nullable ZoneOffset offset(String text, int at) {
        if (text.length() == at + 1 && text.charAt(at) == 'Z') {
            return ZoneOffset.UTC;
        }
        if (text.length() != at + 6 || text.charAt(at + 3) != ':') {
            return null;
        }
        char sign = text.charAt(at);
        int hours = number(text, at + 1, at + 3);
        int minutes = number(text, at + 4, at + 6);
        boolean inRange = hours >= 0 && minutes >= 0 && minutes < 60 && hours * 60 + minutes <= 14 * 60;
        if (!inRange || (sign != '+' && sign != '-')) {
            return null;
        }
        return ZoneOffset.ofTotalSeconds((sign == '-' ? -60 : 60) * (hours * 60 + minutes));
    }

    /** The digits between, or -1. */
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + c - '0';
        }
        return number;
    }
}
