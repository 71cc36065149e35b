package org.exchequer.inward.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.exchequer.inward.api.Figures;
import org.exchequer.inward.api.Live;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.api.Report;
import org.exchequer.inward.api.Statistics;
import org.exchequer.inward.core.Reports;
import org.exchequer.inward.core.Tally;
import org.exchequer.kernel.Ticker;

/**
 * Reads what {@link Tallier} has counted: full hours where there are, and spans of ten seconds before and after them.
 * What was read is given to everybody who asks within {@link #FRESH}, so that many who look cost as much as one.
 */
public final class StatisticsReader implements Statistics {
    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final Duration MOST_HOURS = Duration.ofDays(31);
    private static final int MOST_DAYS = 92;
    private static final int PATIENCE_SECONDS = 10;

    private static final String ROWS = """
            select case when ? then date_trunc('hour', at, 'UTC') end as hour, kind, key, bin,
                   sum(count)::bigint, sum(total_us)::bigint
              from tally
             where (seconds = 3600 and at >= ? and at < ?)
                or (seconds = 10 and at >= ? and at < ?)
                or (seconds = 10 and at >= ? and at < ?)
             group by 1, 2, 3, 4
            """;

    private final DataSource database;
    private final Supplier<Live> live;
    private final Cache<Span, SortedMap<Instant, Figures>> cache;

    private record Span(Instant from, Instant until, boolean hourly) {}

    /** @param live says what this node does */
    public StatisticsReader(DataSource database, Supplier<Live> live, Ticker ticker) {
        this.database = database;
        this.live = live;
        this.cache = Caffeine.newBuilder()
                .expireAfterWrite(FRESH)
                .maximumSize(100)
                .ticker(ticker::nanos)
                .build();
    }

    @Override
    public Figures figures(Instant from, Instant until) {
        Span span = span(from, until, LONGEST, false);
        return cache.get(span, this::read).values().iterator().next();
    }

    @Override
    public List<Figures> hours(Instant from, Instant until) {
        Span span = span(Tallier.hour(from), until, MOST_HOURS, true);
        return List.copyOf(cache.get(span, this::read).values());
    }

    @Override
    public Report report(Report.Kind kind, LocalDate from, LocalDate until) {
        if (until.isBefore(from) || ChronoUnit.DAYS.between(from, until) >= MOST_DAYS) {
            throw new IllegalArgumentException("until must not be before from, and at most " + MOST_DAYS + " days");
        }
        List<Figures> days = from.datesUntil(until.plusDays(1))
                .map(day -> figures(start(day), start(day.plusDays(1))))
                .toList();
        return Reports.of(kind, days);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    @Override
    public Live live() {
        return live.get();
    }

    private static Span span(Instant from, Instant until, Duration longest, boolean hourly) {
        Instant start = Tallier.grain(from);
        Instant end = Tallier.grain(until);
        if (!start.isBefore(end) || Duration.between(start, end).compareTo(longest) > 0) {
            throw new IllegalArgumentException("until must be after from by 10 s to " + longest.toDays() + " days");
        }
        return new Span(start, end, hourly);
    }

    private SortedMap<Instant, Figures> read(Span span) {
        try (Connection connection = database.getConnection()) {
            Instant counted = counted(connection);
            Instant fine = counted.minus(FINE);
            Instant from = span.from().isBefore(fine) ? Tallier.hour(span.from()) : span.from();
            Instant until = span.until().isBefore(fine) ? Tallier.hour(span.until()) : span.until();
            SortedMap<Instant, Tally> tallies = tallies(connection, span.hourly(), from, until, counted);
            SortedMap<Instant, Figures> figures = new TreeMap<>();
            Instant end = counted.isBefore(until) ? max(counted, from) : until;
            for (Instant at = from; at.isBefore(until); at = next(at, span, until)) {
                Instant next = next(at, span, until);
                Instant last = end.isBefore(next) ? max(end, at) : next;
                figures.put(at, tallies.getOrDefault(at, new Tally()).figures(at, last));
            }
            if (figures.isEmpty()) {
                figures.put(from, new Tally().figures(from, until));
            }
            return figures;
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    private static Instant next(Instant at, Span span, Instant until) {
        return span.hourly() ? at.plus(1, ChronoUnit.HOURS) : until;
    }

    private static SortedMap<Instant, Tally> tallies(
            Connection connection, boolean hourly, Instant from, Instant until, Instant counted) throws SQLException {
        Instant firstHour = Tallier.hour(from.plusSeconds(3_599));
        Instant lastHour = Tallier.hour(until.isBefore(counted) ? until : counted);
        boolean full = firstHour.isBefore(lastHour);
        List<Instant> bounds = full
                ? List.of(firstHour, lastHour, from, firstHour, lastHour, until)
                : List.of(from, from, from, until, until, until);
        SortedMap<Instant, Tally> tallies = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement(ROWS)) {
            select.setQueryTimeout(PATIENCE_SECONDS);
            select.setBoolean(1, hourly);
            for (int i = 0; i < bounds.size(); i++) {
                select.setObject(i + 2, Tallier.utc(bounds.get(i)));
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    OffsetDateTime hour = row.getObject(1, OffsetDateTime.class);
                    tallies.computeIfAbsent(hour == null ? from : hour.toInstant(), at -> new Tally())
                            .add(row.getString(2), row.getString(3), row.getInt(4), row.getLong(5), row.getLong(6));
                }
            }
        }
        return tallies;
    }

    private static Instant max(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Up to when is counted; long ago when nothing is. */
    private static Instant counted(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select until from tally_state");
                ResultSet row = select.executeQuery()) {
            OffsetDateTime until = row.next() ? row.getObject(1, OffsetDateTime.class) : null;
            return until == null ? Instant.EPOCH : until.toInstant();
        }
    }
}
