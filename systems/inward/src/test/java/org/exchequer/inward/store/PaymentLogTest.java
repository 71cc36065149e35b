package org.exchequer.inward.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.api.State;
import org.exchequer.inward.core.Ending;
import org.exchequer.inward.core.Intake;
import org.exchequer.inward.core.NewPayment;
import org.exchequer.inward.core.Way;
import org.exchequer.iso20022.Answer.Subject;
import org.exchequer.iso20022.MessageType;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.kafka.Topic;
import org.exchequer.platform.outbox.Outbox;
import org.exchequer.platform.outbox.OutboxMessage;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.Test;

class PaymentLogTest {
    private static Way way(UUID payment, String reason) {
        PaymentEvent event = new PaymentEvent(
                1,
                null,
                State.MESSAGE_RECEIVED,
                Instant.parse("2026-03-31T10:00:00Z"),
                1,
                1,
                1,
                0,
                0,
                "node",
                "thread",
                List.of(),
                null,
                reason,
                null);
        return new Way(payment, List.of(event));
    }

    @Test
    void whatTheDatabaseRefusesKeepsNothingElseWaiting() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (Database database = Database.open(TestPostgres.freshDatabase(), "inward", meters, OpenTelemetry.noop());
                PaymentLog log = new PaymentLog(
                        database.dataSource(), new Outbox(List.of(), OpenTelemetry.noop()), new Faults(), meters)) {
            List<UUID> good = new ArrayList<>();
            List<CompletableFuture<Void>> stored = new ArrayList<>();
            // All in one batch: they are there before the log starts.
            for (int i = 0; i < 5; i++) {
                good.add(new UUID(1, i));
                stored.add(log.passed(way(new UUID(1, i), "x")).orElseThrow());
            }
            CompletableFuture<Void> refused =
                    log.passed(way(new UUID(2, 0), "a\0b")).orElseThrow();
            good.add(new UUID(1, 5));
            stored.add(log.passed(way(new UUID(1, 5), "x")).orElseThrow());
            log.start();
            for (CompletableFuture<Void> each : stored) {
                each.get(30, TimeUnit.SECONDS);
            }
            assertThatThrownBy(() -> refused.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(SQLException.class);
            log.passed(way(new UUID(3, 0), "later")).orElseThrow().get(30, TimeUnit.SECONDS);
            good.add(new UUID(3, 0));
            assertThat(payments(database)).containsExactlyInAnyOrderElementsOf(good);
        }
    }

    @Test
    void saysWhatIsStoredLongAfterItWasReceived() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Instant now = Clock.systemUTC().instant();
        Instant then = now.minusSeconds(60);
        try (Database database = Database.open(TestPostgres.freshDatabase(), "inward", meters, OpenTelemetry.noop());
                PaymentLog log = new PaymentLog(
                        database.dataSource(), new Outbox(List.of(), OpenTelemetry.noop()), new Faults(), meters)) {
            log.start();
            for (Instant at : List.of(now, then)) {
                assertThat(log.receive(received(at)).orElseThrow().get(30, TimeUnit.SECONDS))
                        .isInstanceOf(Receipt.New.class);
            }
            try (Connection connection = database.dataSource().getConnection();
                    PreparedStatement select = connection.prepareStatement("select at from tally_late");
                    ResultSet row = select.executeQuery()) {
                assertThat(row.next()).isTrue();
                assertThat(row.getTimestamp(1).toInstant()).isEqualTo(Tallier.grain(then));
                assertThat(row.next()).isFalse();
            }
        }
    }

    @Test
    void whatIsGivenTwiceIsStoredOnceAndTheSameEitherWay() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (Database database = Database.open(TestPostgres.freshDatabase(), "inward", meters, OpenTelemetry.noop());
                PaymentLog log = new PaymentLog(
                        database.dataSource(), new Outbox(List.of(), OpenTelemetry.noop()), new Faults(), meters)) {
            UUID first = new UUID(1, 1);
            UUID second = new UUID(1, 2);
            // One batch, as they are there before the log starts; its repetition makes it go by another statement.
            List<CompletableFuture<Void>> stored = new ArrayList<>();
            for (UUID id : List.of(first, second, first)) {
                stored.add(log.passed(full(id)).orElseThrow());
            }
            log.start();
            for (CompletableFuture<Void> each : stored) {
                each.get(30, TimeUnit.SECONDS);
            }
            UUID third = new UUID(1, 3);
            for (UUID id : List.of(third, third)) {
                log.passed(full(id)).orElseThrow().get(30, TimeUnit.SECONDS);
            }
            assertThat(payments(database)).containsExactlyInAnyOrder(first, second, third);
            List<String> rows = rows(database);
            assertThat(rows.get(1)).isEqualTo(rows.getFirst());
            assertThat(rows.getLast())
                    .isEqualTo(rows.getFirst())
                    .contains("Überlastet", "10:00:00.123456", "\"breach_probability\": 0.25", "\"midanz/x\"]");
        }
    }

    @Test
    void anEndingAddsTheEventsThatWereNotStoredBefore() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Topic answers = Topic.of("exchequer.inward.test.v1", 1);
        try (Database database = Database.open(TestPostgres.freshDatabase(), "inward", meters, OpenTelemetry.noop());
                PaymentLog log = new PaymentLog(
                        database.dataSource(),
                        new Outbox(List.of(answers), OpenTelemetry.noop()),
                        new Faults(),
                        meters)) {
            OutboxMessage message = new OutboxMessage(answers, "k", "test", Map.of(), new byte[0]);
            Instant now = Clock.systemUTC().instant();
            List<NewPayment> payments = List.of(received(now), received(now.plusNanos(1)), received(now.plusNanos(2)));
            var receipts = payments.stream().map(log::receive).toList();
            // Of the first, the way and the ending are in one batch; of the second, in two; the third first waits.
            UUID first = payments.get(0).id();
            UUID second = payments.get(1).id();
            UUID third = payments.get(2).id();
            var way = log.passed(steps(first, 2)).orElseThrow();
            var answered = log.end(ending(first, State.COMPLETED, steps(first, 4)), message);
            var passed = log.passed(steps(second, 3)).orElseThrow();
            log.start();
            for (var receipt : receipts) {
                assertThat(receipt.orElseThrow().get(30, TimeUnit.SECONDS)).isInstanceOf(Receipt.New.class);
            }
            assertThat(answered.get(30, TimeUnit.SECONDS)).isTrue();
            way.get(30, TimeUnit.SECONDS);
            passed.get(30, TimeUnit.SECONDS);
            for (Ending ending : List.of(
                    ending(second, State.LIQUIDITY_REJECTED, steps(second, 4)),
                    ending(third, State.PAYMENT_ASYNC_PROCESSING, steps(third, 2)),
                    ending(third, State.COMPLETED, steps(third, 4)))) {
                assertThat(log.end(ending, message).get(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(log.end(ending(second, State.COMPLETED, steps(second, 5)), message)
                            .get(30, TimeUnit.SECONDS))
                    .as("was answered before")
                    .isFalse();
            assertThat(payments(database))
                    .hasSize(12)
                    .allSatisfy(id -> assertThat(payments(database).stream().filter(id::equals))
                            .hasSize(4));
            assertThat(meters.counter("exchequer.inward.log.again").count())
                    .as("commits that failed")
                    .isZero();
        }
    }

    private static Way steps(UUID payment, int count) {
        PaymentEvent one = full(payment).events().getFirst();
        return new Way(
                payment,
                IntStream.rangeClosed(1, count)
                        .mapToObj(number -> new PaymentEvent(
                                number,
                                one.from(),
                                one.to(),
                                one.at(),
                                1,
                                1,
                                1,
                                0,
                                0,
                                "node",
                                "thread",
                                List.of(),
                                null,
                                null,
                                null))
                        .toList());
    }

    private static Ending ending(UUID payment, State state, Way way) {
        return new Ending(
                payment,
                state,
                state.status(),
                Instant.parse("2026-03-31T10:00:01Z"),
                1_000,
                true,
                new byte[] {1},
                "ACCC",
                null,
                List.of(),
                false,
                null,
                null,
                null,
                way.events());
    }

    /** Events as JSON, without what says which payment each is of. */
    private static List<String> rows(Database database) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select to_jsonb(e) - 'payment_id' from payment_event e");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    private static Way full(UUID payment) {
        PaymentEvent event = new PaymentEvent(
                7,
                State.FRAUD_DETECTION,
                State.ACCOUNT_VALIDATION,
                Instant.parse("2026-03-31T10:00:00.123456Z"),
                1_000_000,
                2_000_000,
                3_000_000,
                4_000_000,
                5_000_000,
                "node",
                "thread",
                List.of("vam", "midanz/x"),
                "AB08",
                "Überlastet",
                new PaymentEvent.Forecast(0.25, true));
        return new Way(payment, List.of(event));
    }

    private static NewPayment received(Instant at) {
        byte[] message = at.toString().getBytes(StandardCharsets.UTF_8);
        byte[] key = Arrays.copyOf(message, 32);
        Subject subject = new Subject("m", null, null, null, null, null, "AAABSGSG", "EXCQSGSG");
        Intake intake = new Intake(MessageType.PACS_008, "08", subject, null, List.of(), key, key);
        return new NewPayment(
                new UUID(4, at.getNano() + at.getEpochSecond()),
                intake,
                LocalDate.ofInstant(at, ZoneOffset.UTC),
                "test",
                "node",
                at,
                0,
                message,
                NewPayment.Conditions.NONE);
    }

    private static List<UUID> payments(Database database) throws SQLException {
        List<UUID> found = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement select = connection.prepareStatement("select payment_id from payment_event");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(rows.getObject(1, UUID.class));
            }
        }
        return found;
    }
}
