package org.exchequer.platform.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

class DatabaseTest {
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    /** For all tests whose statements are refused: making a database costs more than such a test. */
    private static final DatabaseAddress UNCHANGED = TestPostgres.freshDatabase();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void migratesAndWorksInTheSystemsSchemaAsItsRuntimeRole() throws SQLException {
        DatabaseAddress address = TestPostgres.freshDatabase();
        try (Database database = open(address)) {
            execute(database, "INSERT INTO coin (id, face) VALUES (1, 'crown')");
            assertThat(one(database, "SELECT face FROM coin")).isEqualTo("crown");
            assertThat(one(database, "SELECT current_schema()")).isEqualTo("vault");
            assertThat(one(database, "SELECT current_user")).endsWith("_vault");
            assertThat(one(database, "SHOW application_name")).isEqualTo("exchequer/vault");
            assertThat(one(database, "SHOW statement_timeout")).isEqualTo("30s");
            assertThat(one(database, "SHOW idle_in_transaction_session_timeout"))
                    .isEqualTo("1min");
        }
    }

    @Test
    void opensAgainOnWhatIsThere() throws SQLException {
        DatabaseAddress address = TestPostgres.freshDatabase();
        try (Database database = open(address)) {
            execute(database, "INSERT INTO coin (id, face) VALUES (1, 'crown')");
        }
        try (Database database = open(address)) {
            assertThat(one(database, "SELECT face FROM coin")).isEqualTo("crown");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM coin",
                "UPDATE coin SET face = 'florin'",
                "TRUNCATE coin",
                "SELECT * FROM secret",
                "SELECT forge()",
                "ALTER TABLE coin DISABLE TRIGGER ALL",
                "CREATE TABLE vault.mine (id int)",
                "DELETE FROM flyway_schema_history",
                "CREATE ROLE thief",
                "COPY coin TO '/tmp/coins'",
                "SET ROLE postgres",
            })
    void runtimeRoleCannotDoWhatWasNotGranted(String sql) throws SQLException {
        try (Database database = open(UNCHANGED);
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute(sql))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(INSUFFICIENT_PRIVILEGE));
        }
    }

    @Test
    void severalProcessesMayOpenItAtOnce() throws Exception {
        DatabaseAddress address = TestPostgres.freshDatabase();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Database>> opening = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                opening.add(executor.submit(
                        () -> Database.open(address, "vault", new SimpleMeterRegistry(), OpenTelemetry.noop())));
            }
            for (Future<Database> opened : opening) {
                try (Database database = opened.get()) {
                    assertThat(database.schema()).isEqualTo("vault");
                }
            }
        }
    }

    @Test
    void connectionOfItsOwnHasNoTimeLimitsAndIsThePostgresDrivers() throws SQLException {
        try (Database database = open(TestPostgres.freshDatabase());
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            assertThat(connection.unwrap(PGConnection.class).getCopyAPI()).isNotNull();
            var timeout = statement.executeQuery("SHOW statement_timeout");
            timeout.next();
            assertThat(timeout.getString(1)).isEqualTo("0");
            assertThat(connection.getNetworkTimeout()).isZero();
        }
    }

    @Test
    void aNewPasswordOfTheAdministratorMakesNewPasswordsForTheRoles() throws SQLException {
        DatabaseAddress address = TestPostgres.freshDatabase();
        String name = address.jdbcUrl().replaceFirst(".*/", "");
        String admin = name + "_admin";
        // No superuser: as in a database that somebody else runs.
        execute(address, "CREATE ROLE " + admin + " LOGIN CREATEROLE PASSWORD 'first'");
        execute(address, "GRANT " + admin + " TO CURRENT_USER");
        execute(address, "ALTER DATABASE " + name + " OWNER TO " + admin);
        open(address.as(admin, "first")).close();
        execute(address, "ALTER ROLE " + admin + " PASSWORD 'second'");
        try (Database database = open(address.as(admin, "second"));
                Connection connection = database.connect()) {
            assertThat(connection.isValid(0)).isTrue();
        }
    }

    @Test
    void messagesOfExceptionsQuoteNoRows() throws SQLException {
        try (Database database = open(TestPostgres.freshDatabase())) {
            String insert = "INSERT INTO coin (id, face) VALUES (123456789, 'crown')";
            execute(database, insert);
            assertThatThrownBy(() -> execute(database, insert))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("coin_pkey")
                    .hasMessageNotContaining("123456789");
        }
    }

    @Test
    void refusesAWrongPasswordWithoutPrintingIt() {
        DatabaseAddress address = TestPostgres.freshDatabase();
        assertThatThrownBy(() -> open(address.as(address.user(), "hunter2")))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("password authentication failed")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void refusesASystemWithoutMigrations() {
        DatabaseAddress address = TestPostgres.freshDatabase();
        assertThatThrownBy(() -> Database.open(address, "nosuch", meters, OpenTelemetry.noop()))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("db/migration/nosuch");
    }

    @Test
    void metersItsPoolAndTracesItsStatementsWithoutTheirValues() throws SQLException {
        RecordingExporter spans = new RecordingExporter();
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(spans))
                        .build();
                OpenTelemetrySdk telemetry =
                        OpenTelemetrySdk.builder().setTracerProvider(provider).build();
                Database database = Database.open(TestPostgres.freshDatabase(), "vault", meters, telemetry)) {
            execute(database, "INSERT INTO coin (id, face) VALUES (7, 'crown')");
            assertThat(meters.get("hikaricp.connections")
                            .tag("pool", "vault")
                            .gauge()
                            .value())
                    .isPositive();
        }
        assertThat(spans.spans()).hasSize(1).first().satisfies(span -> {
            assertThat(span.getName()).startsWith("INSERT").endsWith("coin");
            assertThat(span.getAttributes().asMap().values().toString())
                    .contains("INSERT INTO coin")
                    .doesNotContain("crown");
            assertThat(span.getAttributes().get(AttributeKey.stringKey("db.system")))
                    .isNotNull();
        });
    }

    private Database open(DatabaseAddress address) {
        return Database.open(address, "vault", meters, OpenTelemetry.noop());
    }

    private static void execute(DatabaseAddress address, String sql) throws SQLException {
        try (Connection connection = TestPostgres.connect(address);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void execute(Database database, String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String one(Database database, String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
