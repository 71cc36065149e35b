package org.exchequer.inward.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.exchequer.inward.api.State;
import org.exchequer.inward.api.Statistics;
import org.exchequer.inward.api.Timing;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Counts payments into {@code tally}: spans of ten seconds once they are {@link #SETTLED} ago, then each again when
 * what is in it changed, and full hours from these. Reads each payment about once, apart from the way of any payment.
 *
 * <p>One process at a time counts; each span is one transaction, written whole and in place of what was there. Should
 * the process die, the next run goes on where the last commit was.
 */
public final class Tallier {
    /** How long ago a span has to end: longer than the service level, so that most in it is answered. */
    static final Duration SETTLED = Duration.ofSeconds(10);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    private static final Duration KEPT = Statistics.FINE.plusHours(1);
    private static final int MOST_NEW = 30;
    private static final int MOST_AGAIN = 6;
    /** Counted by itself, with a rest after it that is longer: payments under way are not to feel it. */
    private static final Duration SLICE = Duration.ofMillis(250);

    private static final int REST = 3;

    private static final String LOCK = """
            select until from tally_state
             where pg_try_advisory_xact_lock(hashtextextended(current_schema() || '.tally', 0))
            """;

    private static final String NEXT = """
            select min(received_at) from payment where received_at >= coalesce(?::timestamptz, '-infinity')
            """;

    private static final String SEEN = """
            select count(*), count(took_us), count(*) filter (where done)
              from payment where received_at >= ? and received_at < ?
            """;

    private static final String DELETE = """
            delete from tally where seconds = ? and at = ?
            """;

    /**
     * Offset 0 keeps the planner from joining as it likes: it takes all events there are for the cheaper way, and there
     * are more of them every day. A stage takes as long as all its states together; where no payment has come through
     * more than one of them, which is so for nearly all, nothing has to be added up for each.
     */
    private static final String COUNT = """
            with span as (select ?::timestamptz as at, ?::timestamptz as until, ?::bigint[] as bounds),
            p as materialized (
              select id, message_type, status, took_us, compliant, answer_status, reason_code, fallbacks
                from payment, span where received_at >= span.at and received_at < span.until),
            e as materialized (
              select payment_id, stage.name as stage, plain, stage_us, budget_us, breakers, at_risk
                from p cross join lateral (
                     select * from payment_event where payment_id = p.id offset 0) as its
                join unnest(?::text[], ?::text[], ?::boolean[]) as stage (state, name, plain)
                  on stage.state = coalesce(from_state, 'MESSAGE_RECEIVED')),
            odd as materialized (select distinct payment_id from e where not plain and stage <> 'MESSAGE_RECEIVED'),
            s as materialized (
              select stage, sum(stage_us)::bigint as us, max(budget_us) as budget
                from e where stage = 'MESSAGE_RECEIVED' or payment_id in (select payment_id from odd)
               group by payment_id, stage),
            plainly as materialized (
              select stage, width_bucket(stage_us, bounds) as bin, count(*) as count, sum(stage_us) as us,
                     sum(budget_us) as budget
                from e, span where stage <> 'MESSAGE_RECEIVED' and payment_id not in (select payment_id from odd)
               group by 1, 2),
            facts (kind, key, bin, count, us) as (
              select 'payment', case when took_us is null then 'open' when compliant then 'in_time' else 'late' end,
                     coalesce(width_bucket(took_us, bounds), 0), count(*), sum(took_us) from p, span group by 1, 2, 3
              union all select 'type', message_type, 0, count(*), 0 from p group by 2
              union all select 'status', status, 0, count(*), 0 from p group by 2
              union all select 'reason', reason_code, 0, count(*), 0 from p
                         where reason_code is not null and answer_status = 'RJCT' group by 2
              union all select 'fallback', unnest(fallbacks), 0, 1, 0 from p
              union all select 'stage', stage, width_bucket(us, bounds), count(*), sum(us) from s, span group by 2, 3
              union all select 'stage', stage, bin, count, us from plainly
              union all select 'budget', stage, 0, count(*), sum(budget) from s group by 2
              union all select 'budget', stage, 0, count, budget from plainly
              union all select 'breaker', breaker, 0, 1, 0
                          from (select distinct payment_id, unnest(breakers) as breaker from e
                                 where breakers <> '{}') met
              union all select 'forecast', 'at_risk', 0, 1, 0
                          from (select distinct payment_id from e where at_risk) risky)
            select kind, key, bin, sum(count)::bigint, coalesce(sum(us), 0)::bigint from facts group by kind, key, bin
            """;

    private static final String INSERT = """
            insert into tally (seconds, at, kind, key, bin, count, total_us)
            select 10, ?::timestamptz, * from unnest(?::text[], ?::text[], ?::smallint[], ?::bigint[], ?::bigint[])
            """;

    private static final String SUM_HOUR = """
            insert into tally (seconds, at, kind, key, bin, count, total_us)
            select 3600, ?::timestamptz, kind, key, bin, sum(count), sum(total_us)
              from tally where seconds = 10 and at >= ? and at < ? group by kind, key, bin
            """;

    private static final String REMEMBER = """
            insert into tally_again (at, looked_at, payments, answered, done) values (?, ?, ?, ?, ?)
            on conflict (at) do update set looked_at = excluded.looked_at, payments = excluded.payments,
                                           answered = excluded.answered, done = excluded.done
            """;

    private static final String AGAIN = """
            select at, payments, answered, done from tally_again where looked_at < ? order by looked_at limit ?
            """;

    private static final String LATE = """
            select id, at from tally_late where at < ?
            """;

    private static final String NOTED = """
            delete from tally_late where id = any (?::bigint[])
            """;

    private final DataSource database;
    private final Clock clock;
    private final Ticker ticker;

    public Tallier(DataSource database, Clock clock, Ticker ticker) {
        this.database = database;
        this.clock = clock;
        this.ticker = ticker;
    }

    private record Seen(long payments, long answered, long done) {}

    private record Again(Instant at, Seen seen) {}

    /** Counts what is due, a bounded part at a time; 0, as there is nothing to tell of it. */
    public int run() throws SQLException, InterruptedException {
        Instant now = clock.instant();
        for (int i = 0; i < MOST_NEW && next(now); i++) {
            if (Thread.currentThread().isInterrupted()) {
                return 0;
            }
        }
        lookAgain(now);
        return 0;
    }

    /** Counts the next span that was not; false when there is none, or somebody else is at it. */
    private boolean next(Instant now) throws SQLException, InterruptedException {
        Instant settled = grain(now.minus(SETTLED));
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            Instant before;
            try (PreparedStatement select = connection.prepareStatement(LOCK);
                    ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
                before = instant(row, 1);
            }
            if (before != null && !before.isBefore(settled)) {
                return false;
            }
            Instant received = next(connection, before);
            Instant span = received == null ? null : grain(received);
            boolean due = span != null && span.isBefore(settled);
            Instant until = settled;
            Set<Instant> hours = new TreeSet<>();
            Optional<Counted> counted = Optional.empty();
            if (span != null && due) {
                until = span.plus(Statistics.GRAIN);
                hours.add(hour(span));
                counted = Optional.of(count(connection, span));
            }
            if (before != null) {
                hours.add(hour(before));
            }
            update(connection, "update tally_state set until = ?", until);
            if (counted.isPresent()) {
                store(connection, counted.get(), now);
            }
            sumUp(connection, hours, until);
            if (!due) {
                forget(connection, until);
            }
            connection.commit();
            return due;
        }
    }

    private static @Nullable Instant next(Connection connection, @Nullable Instant from) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(NEXT)) {
            select.setObject(1, from == null ? null : utc(from));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? instant(row, 1) : null;
            }
        }
    }

    private void lookAgain(Instant now) throws SQLException, InterruptedException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            Instant until;
            try (PreparedStatement select = connection.prepareStatement(LOCK);
                    ResultSet row = select.executeQuery()) {
                until = row.next() ? instant(row, 1) : null;
            }
            if (until == null) {
                return;
            }
            Set<Instant> hours = new TreeSet<>();
            Map<Long, Instant> late = late(connection, until);
            Set<Instant> spans = new TreeSet<>(late.values());
            List<Again> unchanged = new ArrayList<>();
            for (Again again : again(connection, now.minus(LOOK_EVERY))) {
                if (seen(connection, again.at()).equals(again.seen())) {
                    unchanged.add(again);
                } else {
                    spans.add(again.at());
                }
            }
            List<Counted> counted = new ArrayList<>();
            for (Instant at : spans) {
                counted.add(count(connection, at));
                hours.add(hour(at));
            }
            for (Again again : unchanged) {
                remember(connection, again.at(), now, again.seen());
            }
            for (Counted each : counted) {
                store(connection, each, now);
            }
            if (!late.isEmpty()) {
                try (PreparedStatement delete = connection.prepareStatement(NOTED)) {
                    delete.setArray(
                            1, connection.createArrayOf("bigint", late.keySet().toArray(Long[]::new)));
                    delete.executeUpdate();
                }
            }
            sumUp(connection, hours, until);
            connection.commit();
        }
    }

    /** Spans that may have been counted before some of their payments were stored, by the number of the note. */
    private static Map<Long, Instant> late(Connection connection, Instant until) throws SQLException {
        Map<Long, Instant> late = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(LATE)) {
            select.setObject(1, utc(until));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    late.put(row.getLong(1), row.getTimestamp(2).toInstant());
                }
            }
        }
        return late;
    }

    private static List<Again> again(Connection connection, Instant before) throws SQLException {
        List<Again> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(AGAIN)) {
            select.setObject(1, utc(before));
            select.setInt(2, MOST_AGAIN);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Again(
                            row.getTimestamp(1).toInstant(), new Seen(row.getLong(2), row.getLong(3), row.getLong(4))));
                }
            }
        }
        return found;
    }

    private static Seen seen(Connection connection, Instant at) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SEEN)) {
            select.setObject(1, utc(at));
            select.setObject(2, utc(at.plus(Statistics.GRAIN)));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Seen(row.getLong(1), row.getLong(2), row.getLong(3));
            }
        }
    }

    private record Cell(String kind, String key, short bin) {}

    private record Sum(long count, long micros) {
        Sum plus(Sum other) {
            return new Sum(count + other.count, micros + other.micros);
        }
    }

    private record Counted(Instant at, Seen seen, Map<Cell, Sum> cells) {}

    /**
     * Only reads: a transaction that has written keeps what others change from being cleared away, for as long as the
     * rests take. What was seen before counting is remembered: what came between is found when it is looked at again.
     */
    private Counted count(Connection connection, Instant at) throws SQLException, InterruptedException {
        Seen seen = seen(connection, at);
        Map<Cell, Sum> cells = new HashMap<>();
        Instant end = at.plus(Statistics.GRAIN);
        for (Instant from = at; from.isBefore(end); from = from.plus(SLICE)) {
            long began = ticker.nanos();
            count(connection, from, cells);
            TimeUnit.NANOSECONDS.sleep(REST * (ticker.nanos() - began));
        }
        return new Counted(at, seen, cells);
    }

    private static void count(Connection connection, Instant from, Map<Cell, Sum> cells) throws SQLException {
        List<State> states = Arrays.asList(State.values());
        try (PreparedStatement select = connection.prepareStatement(COUNT)) {
            select.setObject(1, utc(from));
            select.setObject(2, utc(from.plus(SLICE)));
            PaymentTable.Columns columns = new PaymentTable.Columns(connection, select, 3);
            columns.add("bigint", Timing.BOUNDS, bound -> bound);
            columns.add("text", states, State::name);
            columns.add("text", states, state -> state.stage().name());
            columns.add("boolean", states, Tallier::isPlain);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    cells.merge(
                            new Cell(row.getString(1), row.getString(2), row.getShort(3)),
                            new Sum(row.getLong(4), row.getLong(5)),
                            Sum::plus);
                }
            }
        }
    }

    private static void store(Connection connection, Counted counted, Instant now) throws SQLException {
        delete(connection, 10, counted.at());
        List<Map.Entry<Cell, Sum>> cells = List.copyOf(counted.cells().entrySet());
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setObject(1, utc(counted.at()));
            PaymentTable.Columns columns = new PaymentTable.Columns(connection, insert, 2);
            columns.add("text", cells, cell -> cell.getKey().kind());
            columns.add("text", cells, cell -> cell.getKey().key());
            columns.add("smallint", cells, cell -> cell.getKey().bin());
            columns.add("bigint", cells, cell -> cell.getValue().count());
            columns.add("bigint", cells, cell -> cell.getValue().micros());
            insert.executeUpdate();
        }
        remember(connection, counted.at(), now, counted.seen());
    }

    /** The state that a stage is named after: every payment comes through it at most once. */
    private static boolean isPlain(State state) {
        return state.name().equals(state.stage().name());
    }

    /** A span with nothing open needs no other look: whoever stores a payment in it later says so. */
    private static void remember(Connection connection, Instant at, Instant now, Seen seen) throws SQLException {
        if (seen.done() == seen.payments()) {
            update(connection, "delete from tally_again where at = ?", at);
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement(REMEMBER)) {
            upsert.setObject(1, utc(at));
            upsert.setObject(2, utc(now));
            upsert.setLong(3, seen.payments());
            upsert.setLong(4, seen.answered());
            upsert.setLong(5, seen.done());
            upsert.executeUpdate();
        }
    }

    /** Full hours are those that are counted to their end. */
    private static void sumUp(Connection connection, Set<Instant> hours, Instant until) throws SQLException {
        for (Instant hour : hours) {
            Instant end = hour.plus(1, ChronoUnit.HOURS);
            if (end.isAfter(until)) {
                continue;
            }
            delete(connection, 3_600, hour);
            try (PreparedStatement insert = connection.prepareStatement(SUM_HOUR)) {
                insert.setObject(1, utc(hour));
                insert.setObject(2, utc(hour));
                insert.setObject(3, utc(end));
                insert.executeUpdate();
            }
        }
    }

    /** Old spans go, and are not counted again before they do: their hours stay. */
    private static void forget(Connection connection, Instant until) throws SQLException {
        update(connection, "delete from tally where seconds = 10 and at < ?", until.minus(KEPT));
        update(connection, "delete from tally_again where at < ?", until.minus(Statistics.FINE));
    }

    private static void delete(Connection connection, int seconds, Instant at) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            delete.setInt(1, seconds);
            delete.setObject(2, utc(at));
            delete.executeUpdate();
        }
    }

    private static void update(Connection connection, String sql, Instant value) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, utc(value));
            update.executeUpdate();
        }
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** The beginning of the span that a time is in. */
    static Instant grain(Instant at) {
        long grain = Statistics.GRAIN.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), grain) * grain);
    }

    static Instant hour(Instant at) {
        return at.truncatedTo(ChronoUnit.HOURS);
    }
}
