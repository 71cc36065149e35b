package org.exchequer.inward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.exchequer.inward.api.Figures;
import org.exchequer.inward.api.Live;
import org.exchequer.inward.api.PaymentDossier;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.api.PaymentFilter;
import org.exchequer.inward.api.PaymentView;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.exchequer.inward.api.Statistics;
import org.exchequer.inward.store.PaymentReader;
import org.exchequer.inward.store.StatisticsReader;
import org.exchequer.inward.store.Tallier;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted of payments, against the payments themselves. */
class StatisticsTest {
    private static final Live NOTHING = new Live("a", Map.of(), 0, Duration.ZERO, List.of());

    private InwardBed bed;
    private Database database;
    /** Begins an hour, five hours ago. */
    private Instant hour;

    @BeforeEach
    void start() {
        bed = new InwardBed();
        database = Database.open(bed.ledger.database(), "inward", new SimpleMeterRegistry(), OpenTelemetry.noop());
        hour = Clock.systemUTC().instant().truncatedTo(ChronoUnit.HOURS).minus(5, ChronoUnit.HOURS);
    }

    @AfterEach
    void stop() {
        database.close();
        bed.close();
    }

    private void execute(String sql) {
        try (Connection connection = TestPostgres.connect(bed.ledger.database());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private void receivedAt(UUID id, Instant at) {
        execute("update inward.payment set received_at = '" + at + "' where id = '" + id + "'");
    }

    /** As if these had been the first payments, with this time on the wall. */
    private void tally(Instant now) throws SQLException, InterruptedException {
        new Tallier(database.dataSource(), Clock.fixed(now, ZoneOffset.UTC), Ticker.system()).run();
    }

    private Statistics statistics() {
        return new StatisticsReader(database.dataSource(), () -> NOTHING, Ticker.system());
    }

    /** Nothing is counted yet, and nobody else counts. */
    private void forget() {
        bed.module().close();
        execute("truncate inward.tally, inward.tally_again; update inward.tally_state set until = null");
    }

    @Test
    void countsWhatThereIs() throws SQLException, InterruptedException {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ids.add(bed.send(InwardBed.transfer()).id());
        }
        ids.add(bed.send(InwardBed.transfer().with("debtorName", "Osman Blacklisted"))
                .id());
        for (int i = 0; i < ids.size(); i++) {
            receivedAt(ids.get(i), hour.plusSeconds(7L + 700L * i));
        }
        execute("update inward.payment_event set breach_probability = 0.9, at_risk = true where number > 3"
                + " and payment_id = '" + ids.getFirst() + "'");
        forget();
        Instant now = hour.plus(2, ChronoUnit.HOURS).plusSeconds(15);
        tally(now);

        Figures all = statistics().figures(hour, now.minusSeconds(15));
        assertThat(all.received()).isEqualTo(7);
        assertThat(all.inTime() + all.late()).isEqualTo(7);
        assertThat(all.timing().count()).isEqualTo(7);
        assertThat(all.types()).containsEntry("PACS_008", 7L);
        assertThat(all.refused()).isEqualTo(1);
        assertThat(all.atRisk()).isEqualTo(1);
        assertThat(all.reasons()).hasSize(1);
        assertThat(Objects.requireNonNull(all.stages().get(Stage.BUSINESS_VALIDATION))
                        .timing()
                        .count())
                .isEqualTo(7);
        assertThat(all.until()).isEqualTo(now.minusSeconds(15));
        List<Figures> hours = statistics().hours(hour, hour.plus(3, ChronoUnit.HOURS));
        assertThat(hours).extracting(Figures::received).containsExactly(6L, 1L, 0L);
        assertThat(statistics()
                        .figures(hour.plusSeconds(700), hour.plusSeconds(1_410))
                        .received())
                .isEqualTo(2);

        tally(now.plusSeconds(600));
        assertThat(statistics().figures(hour, now.minusSeconds(15))).isEqualTo(all);
    }

    /** Two of the payments came through several states of a stage, as if somebody had not answered. */
    @Test
    void addsUpAStageOverItsStates() throws SQLException, InterruptedException {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(bed.send(InwardBed.transfer()).id());
            receivedAt(ids.get(i), hour.plusSeconds(1 + i));
        }
        ids.add(bed.send(InwardBed.transfer().with("amount", "0.00")).id());
        receivedAt(ids.getLast(), hour.plusSeconds(7));
        forget();
        String event = "insert into inward.payment_event (payment_id, number, from_state, to_state, at, elapsed_us,"
                + " stage_us, budget_us, bonus_us, borrowed_us, node, thread) select '%s', number, f, t, now(), 0, us,"
                + " 500, 0, 0, 'n', 't' from (values %s) as v (number, f, t, us)";
        execute(event.formatted(
                ids.get(1),
                "(80, 'FRAUD_TIMEOUT', 'FRAUD_FALLBACK_RULES', 7),"
                        + " (81, 'FRAUD_FALLBACK_RULES', 'ACCOUNT_VALIDATION', 123456)"));
        execute(event.formatted(ids.get(2), "(80, 'SLA_BREACH', 'EMERGENCY_PROCESSING', 3000000)"));
        tally(hour.plusSeconds(40));

        PaymentReader reader = new PaymentReader(database.dataSource());
        Map<String, List<Long>> expected = new TreeMap<>();
        for (UUID id : ids) {
            Map<Stage, Long> sums = new TreeMap<>();
            for (PaymentEvent each : reader.payment(id).orElseThrow().events()) {
                State from = each.from() == null ? State.MESSAGE_RECEIVED : each.from();
                sums.merge(from.stage(), TimeUnit.NANOSECONDS.toMicros(each.took()), Long::sum);
            }
            sums.forEach((stage, took) -> expected.merge(
                    stage.name(), List.of(1L, took), (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1))));
        }
        assertThat(counted("stage")).isEqualTo(expected);
        assertThat(counted("budget").keySet()).isEqualTo(expected.keySet());
        assertThat(counted("budget").get("COMPLETED")).isEqualTo(List.of(1L, 500L));
    }

    /** How many and how long in all, by key. */
    private Map<String, List<Long>> counted(String kind) throws SQLException {
        try (Connection connection = TestPostgres.connect(bed.ledger.database());
                PreparedStatement select = connection.prepareStatement("select key, sum(count), sum(total_us)"
                        + " from inward.tally where seconds = 10 and kind = ? group by key")) {
            select.setString(1, kind);
            Map<String, List<Long>> counted = new TreeMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    counted.put(row.getString(1), List.of(row.getLong(2), row.getLong(3)));
                }
            }
            return counted;
        }
    }

    @Test
    void countsAgainWhatChangesOrComesLate() throws SQLException, InterruptedException {
        UUID first = bed.send(InwardBed.transfer()).id();
        UUID later = bed.send(InwardBed.transfer()).id();
        receivedAt(first, hour.plusSeconds(1));
        receivedAt(later, hour.plus(3, ChronoUnit.HOURS));
        execute("update inward.payment set done = false, status = 'TIMEOUT' where id = '" + first + "'");
        forget();
        tally(hour.plusSeconds(40));
        assertThat(statistics().figures(hour, hour.plusSeconds(10)).statuses()).containsOnlyKeys("TIMEOUT");
        execute("update inward.payment set done = true, status = 'COMPLETED' where id = '" + first + "'");
        receivedAt(later, hour.plusSeconds(2));
        execute("insert into inward.tally_late (at) values ('" + hour + "')");
        tally(hour.plusSeconds(3_700));
        Figures figures = statistics().figures(hour, hour.plusSeconds(3_600));
        assertThat(figures.received()).isEqualTo(2);
        assertThat(figures.statuses()).hasSize(1).containsValue(2L);
        assertThat(statistics().hours(hour, hour.plusSeconds(3_600)))
                .extracting(Figures::received)
                .containsExactly(2L);
    }

    @Test
    void saysWhichSpansCanBeAskedFor() {
        Statistics statistics = statistics();
        assertThatThrownBy(() -> statistics.figures(hour, hour)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> statistics.figures(hour, hour.plus(Duration.ofDays(401))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(statistics.figures(hour, hour.plusSeconds(20)).received()).isZero();
        bed.send(InwardBed.transfer());
        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                bed.module().views().statistics().live().states())
                        .isEmpty());
        Live live = bed.module().views().statistics().live();
        assertThat(live.partners()).extracting(Live.Partner::name).contains("liquidity", "vam", "vam/account");
    }

    @Test
    void showsAllOfAPaymentAndWhatBelongsToIt() {
        InwardBed.Draft draft = InwardBed.transfer();
        UUID id = bed.send(draft).id();
        UUID reversal = bed.send(InwardBed.reversal(draft)).id();
        PaymentDossier dossier = bed.module().payments().dossier(id).orElseThrow();
        assertThat(dossier.parties().debtorName()).isEqualTo(draft.get("debtorName"));
        assertThat(dossier.answer()).isNotEmpty();
        assertThat(dossier.message()).isEqualTo(draft.bytes());
        assertThat(dossier.related()).extracting(PaymentView::id).containsExactly(reversal);
        assertThat(bed.module().payments().dossier(UUID.randomUUID())).isEmpty();
        for (String reference : List.of(id.toString(), draft.get("messageId"), draft.get("transactionId"))) {
            assertThat(found(reference)).as(reference).contains(id);
        }
        assertThat(found(draft.get("uetr"))).contains(id, reversal);
    }

    private List<UUID> found(String reference) {
        PaymentFilter filter = new PaymentFilter(
                null, null, null, null, "AAAB", reference, null, null, null, null, null, null, null, "a", "test", null,
                null, null, null);
        return bed.module().payments().payments(filter, null, 10).items().stream()
                .map(PaymentView::id)
                .toList();
    }
}
