package org.exchequer.platform.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdempotencyKeysTest {
    private final DatabaseAddress address = TestPostgres.freshDatabase();
    private final Database database =
            Database.open(address, "messaging", new SimpleMeterRegistry(), OpenTelemetry.noop());
    private final IdempotencyKeys keys = new IdempotencyKeys();

    @BeforeAll
    void tableIsThere() throws SQLException {
        assertThat(count("select count(*) from idempotency_key")).isZero();
    }

    @AfterAll
    void close() {
        database.close();
    }

    @Test
    void stormOfOneKeyHasOneEffectAndOneAnswer() throws Exception {
        RequestKey request = RequestKey.of("pay/acme", "storm", "100 EUR".getBytes(UTF_8));
        int callers = 64;
        CountDownLatch ready = new CountDownLatch(callers);
        List<Future<Answer>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("storm-", 0).factory())) {
            for (int i = 0; i < callers; i++) {
                String body = "answer of caller " + i;
                answers.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return answerOf(request, body);
                }));
            }
            Answer first = answers.getFirst().get();
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().body()).isEqualTo(first.body());
                assertThat(answer.get().status()).isEqualTo(201);
                assertThat(answer.get().contentType()).isEqualTo("application/json");
            }
        }
        assertThat(count("select count(*) from effect where key = 'storm'")).isEqualTo(1);
    }

    /** As a client does: asks again while another request has the key in hand. */
    private Answer answerOf(RequestKey request, String body) throws SQLException {
        while (true) {
            switch (keys.execute(database.dataSource(), request, effect("storm", body))) {
                case Result.Answered(Answer answer, boolean replayed) -> {
                    return answer;
                }
                case Result.InProgress() -> Thread.onSpinWait();
                case Result.KeyReused() -> throw new AssertionError("same request, said to be another");
            }
        }
    }

    @Test
    void sameKeyWithAnotherRequestIsRefused() throws SQLException {
        RequestKey first = RequestKey.of("pay/acme", "reused", "100 EUR".getBytes(UTF_8));
        RequestKey other = RequestKey.of("pay/acme", "reused", "999 EUR".getBytes(UTF_8));
        assertThat(keys.execute(database.dataSource(), first, effect("reused", "a")))
                .isInstanceOf(Result.Answered.class);

        assertThat(keys.execute(database.dataSource(), other, effect("reused", "b")))
                .isEqualTo(new Result.KeyReused());
        assertThat(count("select count(*) from effect where key = 'reused'")).isEqualTo(1);
    }

    @Test
    void scopesAreApart() throws SQLException {
        byte[] body = "100 EUR".getBytes(UTF_8);
        keys.execute(database.dataSource(), RequestKey.of("pay/acme", "scoped", body), effect("scoped", "a"));
        keys.execute(database.dataSource(), RequestKey.of("pay/other", "scoped", body), effect("scoped", "b"));

        assertThat(count("select count(*) from effect where key = 'scoped'")).isEqualTo(2);
    }

    @Test
    void failedEffectLeavesTheKeyNew() throws SQLException {
        RequestKey request = RequestKey.of("pay/acme", "failed", "x".getBytes(UTF_8));
        assertThatThrownBy(() -> keys.execute(database.dataSource(), request, connection -> {
                    effect("failed", "half").apply(connection);
                    throw new IllegalStateException("planted");
                }))
                .hasMessage("planted");
        assertThat(count("select count(*) from effect where key = 'failed'")).isZero();

        Result again = keys.execute(database.dataSource(), request, effect("failed", "whole"));
        assertThat(again).isInstanceOfSatisfying(Result.Answered.class, answered -> {
            assertThat(answered.replayed()).isFalse();
        });
        assertThat(count("select count(*) from effect where key = 'failed'")).isEqualTo(1);
    }

    @Test
    void openTransactionIsInProgressForOthersAndNobodyWaits() throws SQLException {
        RequestKey request = RequestKey.of("pay/acme", "slow", "x".getBytes(UTF_8));
        try (Connection slow = database.dataSource().getConnection()) {
            slow.setAutoCommit(false);
            assertThat(keys.claim(slow, request)).isEqualTo(new Claim.New());

            assertThat(keys.execute(database.dataSource(), request, effect("slow", "other")))
                    .isEqualTo(new Result.InProgress());

            keys.complete(slow, request, effect("slow", "first").apply(slow));
            slow.commit();
        }
        Result replay = keys.execute(database.dataSource(), request, effect("slow", "third"));
        assertThat(replay).isInstanceOfSatisfying(Result.Answered.class, answered -> {
            assertThat(answered.replayed()).isTrue();
            assertThat(answered.answer().body()).isEqualTo("first".getBytes(UTF_8));
        });
    }

    @Test
    void expiredKeyIsNewAgainAndPurged() throws SQLException {
        IdempotencyKeys brief = new IdempotencyKeys(Duration.ofHours(1));
        RequestKey request = RequestKey.of("pay/acme", "brief", "x".getBytes(UTF_8));
        RequestKey other = RequestKey.of("pay/acme", "brief-2", "x".getBytes(UTF_8));
        brief.execute(database.dataSource(), request, effect("brief", "a"));
        brief.execute(database.dataSource(), other, effect("brief", "a"));
        age();

        Result again = brief.execute(database.dataSource(), request, effect("brief", "b"));
        assertThat(again).isInstanceOfSatisfying(Result.Answered.class, answered -> {
            assertThat(answered.replayed()).isFalse();
            assertThat(answered.answer().body()).isEqualTo("b".getBytes(UTF_8));
        });
        try (Connection connection = database.dataSource().getConnection()) {
            assertThat(brief.purge(connection, 10)).isEqualTo(1);
            assertThat(brief.purge(connection, 10)).isZero();
        }
        assertThat(count("select count(*) from idempotency_key where key = 'brief'"))
                .isEqualTo(1);
    }

    @Test
    void badKeysAreRefusedByName() {
        assertThatThrownBy(() -> RequestKey.of("pay", "a b", new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("key: must have 1 to 128 characters");
        assertThatThrownBy(() -> new RequestKey("pay", "a", new byte[3])).hasMessageStartingWith("hash:");
        assertThatThrownBy(() -> new IdempotencyKeys(Duration.ZERO)).hasMessageStartingWith("keep:");
    }

    private static IdempotencyKeys.Effect effect(String key, String body) {
        return connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("insert into effect (key, value) values (?, ?)")) {
                statement.setString(1, key);
                statement.setString(2, body);
                statement.executeUpdate();
            }
            return new Answer(201, "application/json", body.getBytes(UTF_8));
        };
    }

    private void age() throws SQLException {
        try (Connection admin = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                Statement statement = admin.createStatement()) {
            statement.execute("update messaging.idempotency_key set expires_at = expires_at - interval '2 hours'");
        }
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
