package org.exchequer.screening.list;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.screening.DateRange;
import org.jspecify.annotations.Nullable;

/** Dates of birth as lists write them, to the precision they have. */
public final class Dates {
    private static final Pattern RANGE = Pattern.compile("(.+?)(?:\\s+to\\s+|(?<=\\d{4})\\s*-\\s*(?=\\d{4}$))(.+)");
    private static final DateTimeFormatter DAY = format("d MMM uuuu");
    private static final DateTimeFormatter MONTH = format("MMM uuuu");

    private Dates() {}

    /**
     * {@code 04 Sep 1978}, {@code Sep 1978}, {@code 1978}, {@code 1978-09-04}, {@code 1978-09}, each also after
     * {@code circa}, and two of them with {@code to} between; null for anything else, which is then no evidence.
     */
    public static @Nullable DateRange parse(String text) {
        String date = text.strip();
        if (date.regionMatches(true, 0, "circa ", 0, 6)) {
            DateRange range = parse(date.substring(6));
            return range == null ? null : range.circa();
        }
        try {
            Matcher range = RANGE.matcher(date);
            if (range.matches()) {
                return one(range.group(1)).to(one(range.group(2)));
            }
            return one(date);
        } catch (DateTimeException | IllegalArgumentException notADate) {
            return null;
        }
    }

    private static DateRange one(String text) {
        String date = text.strip();
        if (date.matches("\\d{4}")) {
            return DateRange.of(Year.parse(date));
        }
        if (date.matches("\\d{4}-\\d{2}")) {
            return DateRange.of(YearMonth.parse(date));
        }
        if (date.matches("\\d{4}-\\d{2}-\\d{2}")) {
            return DateRange.of(LocalDate.parse(date));
        }
        if (date.matches("\\d{1,2} \\p{L}{3} \\d{4}")) {
            return DateRange.of(LocalDate.parse(date, DAY));
        }
        return DateRange.of(YearMonth.parse(date, MONTH));
    }

    private static DateTimeFormatter format(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .toFormatter(Locale.ENGLISH);
    }
}
