package org.exchequer.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.exchequer.ledger.testing.TestLedger.EUR;
import static org.exchequer.ledger.testing.TestLedger.eur;
import static org.exchequer.ledger.testing.TestLedger.key;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Erasure;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.Subjects;
import org.exchequer.ledger.api.Subjects.Subject;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.edge.grpc.Channels;
import org.exchequer.ledger.edge.grpc.GrpcLedger;
import org.exchequer.ledger.store.SubjectKeyTable;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.prooflog.MasterKey;
import org.exchequer.prooflog.MasterKeys;
import org.exchequer.prooflog.WrongMasterKeyException;
import org.exchequer.prooflog.verify.Verifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Personal data is sealed before the ledger sees it, read by whoever may, and gone with its key. */
class SealingTest {
    private static final String NAME = "Ada Lovelace";
    private static final String EMAIL = "ada@example.org";
    private static final String NOTE = "for the engine";
    private static final String OPEN = """
            {"code":"ada","name":"Ada Lovelace","type":"LIABILITY","currency":"EUR",
             "metadata":{"subject":"cust-1","segment":"retail","personal.email":"ada@example.org"}}""";

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> send(LedgerServer server, Role role, String method, String path, String body)
            throws Exception {
        return send(server, server.token(role), method, path, body);
    }

    private HttpResponse<String> send(LedgerServer server, String token, String method, String path, String body)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(server.url() + "/ledger/api/v1" + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "key-of" + path)
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static Command.Transfer transfer(String key) {
        Map<String, String> labels = Map.of("subject", "cust-1", "personal.note", NOTE, "channel", "branch");
        return new Command.Transfer(key, "cash", "ada", eur(10_00), new Details("salary", null, labels));
    }

    private static Transaction posted(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Posted.class);
        return ((Outcome.Posted) outcome).transaction();
    }

    private static Outcome.Rejected rejected(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        return (Outcome.Rejected) outcome;
    }

    private static Account account(Ledger ledger) {
        return ledger.account("ada").orElseThrow();
    }

    @Test
    void it_is_read_at_every_door_and_stands_nowhere_and_is_erased_at_every_node(@TempDir Path folder)
            throws Exception {
        try (LedgerServer server = LedgerServer.start();
                TestLedger standby = TestLedger.on(server.database(), "standby");
                GrpcLedger client = new GrpcLedger(
                        Channels.open(server.grpcUrl(), null),
                        () -> server.token(Role.OPERATOR, Role.AUDITOR),
                        Ticker.system(),
                        Duration.ofSeconds(20))) {
            standby.open("cash", AccountType.ASSET);
            HttpResponse<String> opened = send(server, Role.OPERATOR, "POST", "/accounts", OPEN);
            assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
            assertThat(opened.body()).contains(NAME, EMAIL, "cust-1", "retail");
            HttpResponse<String> again = send(server, Role.OPERATOR, "POST", "/accounts", OPEN);
            assertThat(again.body()).isEqualTo(opened.body());
            assertThat(again.headers().firstValue("Idempotency-Replayed")).isPresent();

            // Through gRPC, and again through the node that writes nothing.
            Transaction first = posted(client.execute(transfer("one")));
            assertThat(first.details().metadata()).containsEntry("personal.note", NOTE);
            assertThat(standby.api().execute(transfer("one"))).isEqualTo(new Outcome.Posted(first, true));
            for (Ledger door : List.of(client, standby.api(), server.ledger())) {
                assertThat(account(door).spec().name()).isEqualTo(NAME);
                assertThat(account(door).spec().metadata()).containsEntry("personal.email", EMAIL);
                assertThat(door.latest(null, 5).items()).containsExactly(first);
                assertThat(door.balanceSheet(AsOf.NOW)
                                .sheets()
                                .getFirst()
                                .liabilities()
                                .getFirst()
                                .name())
                        .isEqualTo(NAME);
            }
            String bundle = bundle(server, first.id(), folder);
            assertNowhere(server, List.of(NAME, EMAIL, NOTE));

            assertFourEyes(server);
            assertThat(account(server.ledger()).spec().name()).isEqualTo("(erased)");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> account(standby.api()).spec().name().equals("(erased)"));
            Outcome before = client.outcome("one").orElseThrow();
            assertThat(posted(before).details().metadata())
                    .containsEntry("personal.note", "(erased)")
                    .containsEntry("channel", "branch");
            assertThat(rejected(client.execute(transfer("two"))).reason()).isEqualTo(RejectionReason.SUBJECT_ERASED);
            assertThat(standby.posted("ada")).isEqualTo(10_00);
            standby.expectPosted(TestLedger.transfer(key(), "cash", "ada", 5));
            assertThat(standby.module().checkInvariants()).allMatch(result -> result.holds());
            assertThat(bundle(server, first.id(), folder).lines().limit(3))
                    .containsExactlyElementsOf(bundle.lines().limit(3).toList());
        }
    }

    /** One admin proposes and cannot approve, another approves; asked again, each answers the same. */
    private void assertFourEyes(LedgerServer server) throws Exception {
        String person = "/subjects/cust-1";
        String why = "{\"reason\":\"request 77\"}";
        assertThat(send(server, Role.OPERATOR, "POST", person + "/erasures", why)
                        .statusCode())
                .isEqualTo(403);
        assertThat(send(server, Role.ADMIN, "DELETE", person, "").statusCode()).isIn(403, 404, 405);
        assertThat(send(server, Role.ADMIN, "POST", "/subjects/cust-2/erasures", why)
                        .body())
                .contains("SUBJECT_NOT_FOUND");
        assertThat(send(server, Role.ADMIN, "POST", "/subjects/cust%202/erasures", why)
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(server, Role.ADMIN, "POST", person + "/erasures", "{\"reason\":\" \"}")
                        .body())
                .contains("reason must have 1 to 500 characters");
        HttpResponse<String> proposed = send(server, Role.ADMIN, "POST", person + "/erasures", why);
        assertThat(proposed.statusCode()).as(proposed.body()).isEqualTo(201);
        assertThat(send(server, Role.ADMIN, "POST", person + "/erasures", why).body())
                .isEqualTo(proposed.body());
        HttpResponse<String> own = send(server, Role.ADMIN, "POST", person + "/erasures/1/approval", "");
        assertThat(own.statusCode()).isEqualTo(409);
        assertThat(own.body()).contains("APPROVER_IS_AUTHOR");
        assertThat(account(server.ledger()).spec().name()).isEqualTo(NAME);
        assertThat(send(server, Role.AUDITOR, "GET", person, "").body()).contains("ERASURE_PROPOSED", "request 77");
        String list = send(server, Role.AUDITOR, "GET", "/subjects", "").body();
        assertThat(list)
                .contains("\"sealed\":0,\"erasureProposed\":1,\"erased\":0")
                .doesNotContain(NAME, EMAIL);

        String other = server.token("second", Role.ADMIN);
        HttpResponse<String> approved = send(server, other, "POST", person + "/erasures/1/approval", "");
        assertThat(approved.body()).contains("\"state\":\"APPROVED\"", "\"decidedBy\":\"second\"");
        assertThat(send(server, other, "POST", person + "/erasures/1/approval", "")
                        .body())
                .isEqualTo(approved.body());
        assertThat(send(server, other, "POST", person + "/erasures", why).body())
                .contains("SUBJECT_ERASED");
        assertThat(send(server, Role.AUDITOR, "GET", "/subjects", "").body())
                .contains("\"sealed\":0,\"erasureProposed\":0,\"erased\":1");
    }

    /** The proof of a transaction, which the verifier accepts. */
    private String bundle(LedgerServer server, long id, Path folder) throws Exception {
        String text = send(server, Role.AUDITOR, "GET", "/transactions/" + id + "/proof", "")
                .body();
        Path file = Files.writeString(folder.resolve("one.tlog-proof"), text);
        String vkey = send(server, Role.AUDITOR, "GET", "/proof/key", "").body().strip();
        StringWriter said = new StringWriter();
        assertThat(Verifier.run(List.of("--bundle", file.toString(), "--key", vkey), new PrintWriter(said)))
                .as(said.toString())
                .isZero();
        return text;
    }

    /** In no row of the schema and no file of the data directory. */
    private static void assertNowhere(LedgerServer server, List<String> plain) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = TestPostgres.connect(server.database());
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = ledger");
            for (String table : column(statement, "SELECT tablename FROM pg_tables WHERE schemaname = 'ledger'")) {
                rows.addAll(column(statement, "SELECT t::text FROM " + table + " AS t"));
            }
        }
        int inRows = rows.size();
        try (Stream<Path> files = Files.walk(server.folder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                rows.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(rows).hasSizeGreaterThan(inRows).anyMatch(row -> row.contains("cust-1"));
        assertThat(rows.subList(inRows, rows.size()))
                .as("the proof log has the entries")
                .anyMatch(bytes -> bytes.contains("cust-1") && bytes.contains("sealed:"));
        assertThat(rows).noneMatch(row -> plain.stream().anyMatch(row::contains));
    }

    private static List<String> column(Statement statement, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                values.add(row.getString(1));
            }
        }
        return values;
    }

    private static Command.OpenAccount open(String code, String name, Map<String, String> labels) {
        return new Command.OpenAccount(
                "open-" + code,
                new AccountSpec(
                        code,
                        name,
                        AccountType.LIABILITY,
                        AccountType.LIABILITY.normalSide(),
                        EUR,
                        null,
                        BalanceRule.NONE,
                        0,
                        labels));
    }

    @Test
    void what_cannot_be_sealed_is_refused_by_name_and_leaves_its_key_free() throws Exception {
        try (TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase())) {
            Map<String, String> whom = Map.of("subject", "cust-1");
            assertRefused(ledger, open("a", "ä".repeat(50), whom), "name", "100 bytes in UTF-8");
            assertRefused(ledger, open("a", "Ada", Map.of("subject", "Ada L")), "metadata.subject", "must be 1 to 64");
            assertRefused(
                    ledger,
                    open("a", "Ada", Map.of("subject", "cust-1", "personal.x", "x".repeat(325))),
                    "metadata.personal.x",
                    "at most 324");
            assertThat(ledger.api().lastSequence()).isZero();
            ledger.expectChanged(open("a", "x".repeat(99), whom));
            ledger.expectChanged(
                    open("b", "Ada", Map.of("subject", "cust-1", "personal.x", "x".repeat(324), "personal.y", "")));
            Map<String, String> inClear = Map.of("personal.x", "nobody's");
            assertRefused(ledger, open("c", "plain", inClear), "metadata.personal.x", "needs the label subject");
            storedBefore(ledger, open("c", "plain", inClear));
            assertThat(ledger.api().execute(open("c", "plain", inClear)))
                    .isInstanceOfSatisfying(
                            Outcome.AccountChanged.class,
                            told -> assertThat(told.replayed()).isTrue());

            String sealed = raw(ledger, "SELECT name FROM account WHERE code = 'a'");
            assertThat(sealed).startsWith("sealed:").hasSizeLessThanOrEqualTo(200);
            assertThat(raw(ledger, "SELECT name || metadata FROM account WHERE code = 'c'"))
                    .isEqualTo("plain{\"personal.x\":\"nobody's\"}");
            assertRefused(ledger, open("d", sealed, Map.of()), "name", "sealed already");
            assertRefused(
                    ledger,
                    open("d", "D", Map.of("subject", "cust-1", "personal.x", sealed)),
                    "metadata.personal.x",
                    "sealed already");

            List<Outcome> linked = ledger.api()
                    .submitLinked(List.of(open("e", "E", Map.of()), open("f", "x".repeat(100), whom)))
                    .join();
            assertThat(rejected(linked.getFirst()).reason()).isEqualTo(RejectionReason.LINKED_ITEM_FAILED);
            assertThat(rejected(linked.getLast()).reason()).isEqualTo(RejectionReason.NOT_SEALABLE);
            assertThat(ledger.api()
                            .submitLinked(List.of(open("e", "E", Map.of()), open("f", "Ada", whom)))
                            .join())
                    .allMatch(outcome -> outcome instanceof Outcome.AccountChanged)
                    .anySatisfy(outcome -> assertThat(((Outcome.AccountChanged) outcome)
                                    .account()
                                    .spec()
                                    .name())
                            .isEqualTo("Ada"));
            assertThat(ledger.api().accounts("", null, 10).items())
                    .extracting(account -> account.spec().name().length())
                    .containsExactly(99, 3, 5, 1, 3);
        }
    }

    /** As by a release that let it pass: handed to the writer past what seals. */
    private static void storedBefore(TestLedger ledger, Command command) {
        LedgerModule module = ledger.module();
        assertThat(Objects.requireNonNull(module.engine())
                        .committer()
                        .submit(command)
                        .join())
                .isInstanceOf(Outcome.AccountChanged.class);
    }

    @Test
    void personal_labels_are_never_kept_in_clear_whatever_their_letters() throws Exception {
        try (LedgerServer server = LedgerServer.start();
                GrpcLedger client = new GrpcLedger(
                        Channels.open(server.grpcUrl(), null),
                        () -> server.token(Role.OPERATOR),
                        Ticker.system(),
                        Duration.ofSeconds(20))) {
            Map<String, Map<String, String>> byField = Map.of(
                    "metadata.personal.x", Map.of("personal.x", "X"),
                    "metadata.Personal.x", Map.of("Personal.x", "X"),
                    "metadata.PERSONAL.X", Map.of("PERSONAL.X", "X", "subject", "cust-1"),
                    "metadata. personal.x", Map.of(" personal.x", "X", "subject", "cust-1"),
                    "metadata.Subject", Map.of("Subject", "cust-1"));
            byField.forEach((field, labels) -> {
                Details details = new Details("r", null, labels);
                for (Command command : List.of(
                        open("a", "A", labels),
                        new Command.Transfer("k", "a", "b", eur(1), details),
                        new Command.Post(
                                "k",
                                List.of(new Leg("a", Side.DEBIT, eur(1)), new Leg("b", Side.CREDIT, eur(1))),
                                details),
                        new Command.Hold("k", "a", "b", eur(1), null, details),
                        new Command.PostPending("k", 1, null, false, details),
                        new Command.VoidPending("k", 1, details),
                        new Command.Reverse("k", 1, null, details))) {
                    Outcome.Rejected outcome = rejected(client.execute(command));
                    assertThat(outcome.reason()).isEqualTo(RejectionReason.NOT_SEALABLE);
                    assertThat(outcome.field()).isEqualTo(field);
                    assertThat(outcome.detail()).startsWith(field + " ");
                }
            });
            HttpResponse<String> overHttp =
                    send(server, Role.OPERATOR, "POST", "/accounts", OPEN.replace("\"subject\":\"cust-1\",", ""));
            assertThat(overHttp.statusCode()).isEqualTo(422);
            assertThat(overHttp.body()).contains("NOT_SEALABLE", "metadata.personal.email", "needs the label subject");
            assertThat(server.ledger().lastSequence()).isZero();
            assertThat(server.ledger()
                            .submitLinked(List.of(open("a", "A", Map.of()), open("b", "B", Map.of("PERSONAL.x", "X"))))
                            .join()
                            .getLast())
                    .isInstanceOfSatisfying(
                            Outcome.Rejected.class,
                            told -> assertThat(told.field()).isEqualTo("metadata.PERSONAL.x"));
        }
    }

    private static void assertRefused(TestLedger ledger, Command command, String field, String detail) {
        Outcome.Rejected outcome = ledger.expectRejected(command);
        assertThat(outcome.reason()).isEqualTo(RejectionReason.NOT_SEALABLE);
        assertThat(outcome.field()).isEqualTo(field);
        assertThat(outcome.detail()).startsWith(field).contains(detail);
        assertThat(outcome.sequence()).isZero();
    }

    private static String raw(TestLedger ledger, String sql) throws SQLException {
        try (Connection connection = ledger.connect();
                Statement statement = connection.createStatement()) {
            return column(statement, sql).getFirst();
        }
    }

    @Test
    void a_node_with_another_master_key_does_not_start_and_the_role_changes_no_key() throws Exception {
        DatabaseAddress database = TestPostgres.freshDatabase();
        try (TestLedger none = TestLedger.on(database, "none", MasterKeys.NONE)) {
            Outcome.Rejected without = none.expectRejected(open("a", "Ada", Map.of("subject", "cust-1")));
            assertThat(without.detail()).contains("EXCHEQUER_MASTER_KEY");
        }
        try (TestLedger ledger = TestLedger.on(database, "right")) {
            ledger.expectChanged(open("ada", "Ada", Map.of("subject", "cust-1")));
            for (String sql : List.of(
                    "UPDATE subject_key SET made_at = now()",
                    "DELETE FROM subject_key",
                    "SELECT erase_subject(name) FROM subject_key",
                    "INSERT INTO subject_erasure (name, subject, author, reason, approved, decided_by, decided_at)"
                            + " SELECT name, 'x', 'a', 'r', true, 'b', now() FROM subject_key",
                    "UPDATE subject_erasure SET approved = false",
                    "UPDATE subject_master SET generation = 2")) {
                assertThatThrownBy(() -> raw(ledger, sql)).hasMessageContaining("permission denied");
            }
        }
        assertThatThrownBy(() -> TestLedger.on(database, "wrong", MasterKeys.given(MasterKey.random())))
                .isInstanceOf(WrongMasterKeyException.class)
                .hasMessageContaining("another master key than the ledger's");
        try (TestLedger none = TestLedger.on(database, "none", MasterKeys.NONE)) {
            assertThat(account(none.api()).spec().name()).isEqualTo("(unreadable)");
        }
    }

    @Test
    void all_keys_are_under_one_master_key_wherever_the_rewrapping_is_killed() throws Exception {
        DatabaseAddress database = TestPostgres.freshDatabase();
        MasterKeys old = MasterKeys.given(TestLedger.MASTER);
        MasterKey fresh = MasterKey.random();
        try (TestLedger ledger = TestLedger.on(database, "a")) {
            for (int i = 0; i < 5; i++) {
                ledger.expectChanged(open("a" + i, "Ada " + i, Map.of("subject", "cust-" + i)));
            }
            erase(ledger.module().subjects(), "cust-4");
            admin(database, """
                    CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        IF NEW.name = (SELECT max(name) FROM subject_key WHERE wrapped IS NOT NULL) THEN
                            PERFORM pg_terminate_backend(pg_backend_pid());
                        END IF;
                        RETURN NEW;
                    END $$;
                    CREATE TRIGGER die BEFORE UPDATE ON subject_key FOR EACH ROW EXECUTE FUNCTION die()""");
            assertThatThrownBy(() -> rewrap(database, old, fresh)).isInstanceOf(SQLException.class);
        }
        try (TestLedger ledger = TestLedger.on(database, "a")) {
            assertThat(names(ledger)).containsExactly("Ada 0", "Ada 1", "Ada 2", "Ada 3", "(erased)");
            admin(database, "DROP TRIGGER die ON subject_key");
            assertThat(rewrap(database, old, fresh)).isEqualTo(4);
            // Who goes on with the former key makes no more keys, and opens none once it has forgotten them.
            assertThat(ledger.api().execute(open("b", "Ben", Map.of("subject", "cust-9"))))
                    .isInstanceOf(Outcome.Refused.class);
        }
        assertThatThrownBy(() -> TestLedger.on(database, "a")).isInstanceOf(WrongMasterKeyException.class);
        try (TestLedger ledger = TestLedger.on(database, "a", MasterKeys.given(fresh))) {
            assertThat(names(ledger)).containsExactly("Ada 0", "Ada 1", "Ada 2", "Ada 3", "(erased)");
            ledger.expectChanged(open("b", "Ben", Map.of("subject", "cust-9")));
            Outcome again = ledger.api().execute(open("a0", "Ada 0", Map.of("subject", "cust-0")));
            assertThat(((Outcome.AccountChanged) again).replayed()).isTrue();
        }
    }

    private static void erase(Subjects subjects, String reference) {
        Erasure proposed = done(subjects.propose(reference, "asked", "mary"));
        done(subjects.decide(reference, proposed.id(), true, "john", ""));
    }

    private static Erasure done(Erasure.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Erasure.Outcome.Done.class);
        return ((Erasure.Outcome.Done) outcome).erasure();
    }

    private static Erasure.Why notDone(Erasure.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Erasure.Outcome.NotDone.class);
        return ((Erasure.Outcome.NotDone) outcome).why();
    }

    @Test
    void an_approval_that_dies_has_erased_nothing_and_is_given_again() throws Exception {
        DatabaseAddress database = TestPostgres.freshDatabase();
        try (TestLedger ledger = TestLedger.on(database, "a")) {
            Subjects subjects = ledger.module().subjects();
            assertThat(subjects.counts()).isEqualTo(new Subjects.Counts(0, 0, 0));
            assertThat(subjects.find("cust-1")).isEmpty();
            ledger.expectChanged(open("ada", "Ada", Map.of("subject", "cust-1")));
            ledger.expectChanged(open("ben", "Ben", Map.of("subject", "cust-2")));
            Erasure proposed = done(subjects.propose("cust-1", "asked", "mary"));
            assertThat(subjects.counts()).isEqualTo(new Subjects.Counts(1, 1, 0));
            assertThat(notDone(subjects.decide("cust-1", proposed.id(), true, " MARY", "")))
                    .isEqualTo(Erasure.Why.APPROVER_IS_AUTHOR);
            assertThat(notDone(subjects.decide("cust-2", proposed.id(), true, "john", "")))
                    .isEqualTo(Erasure.Why.ERASURE_NOT_FOUND);
            // Dies between the decision and the destruction of the key.
            admin(database, """
                    CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        PERFORM pg_terminate_backend(pg_backend_pid());
                        RETURN NEW;
                    END $$;
                    CREATE TRIGGER die BEFORE UPDATE ON subject_key FOR EACH ROW EXECUTE FUNCTION die()""");
            assertThatThrownBy(() -> subjects.decide("cust-1", proposed.id(), true, "john", ""))
                    .isInstanceOf(LedgerUnavailableException.class);
        }
        try (TestLedger ledger = TestLedger.on(database, "a")) {
            Subjects subjects = ledger.module().subjects();
            assertThat(subjects.find("cust-1").orElseThrow().state()).isEqualTo(Subjects.State.ERASURE_PROPOSED);
            assertThat(account(ledger.api()).spec().name()).isEqualTo("Ada");
            admin(database, "DROP TRIGGER die ON subject_key");
            Erasure approved = done(subjects.decide("cust-1", 1, true, "john", ""));
            assertThat(approved.state()).isEqualTo(Erasure.State.APPROVED);
            assertThat(account(ledger.api()).spec().name()).isEqualTo("(erased)");
            assertThat(subjects.find("cust-1")).contains(new Subject("cust-1", Subjects.State.ERASED, approved));
            assertThat(notDone(subjects.decide("cust-1", 1, false, "john", "")))
                    .isEqualTo(Erasure.Why.ERASURE_ALREADY_DECIDED);

            Erasure withdrawn = done(subjects.propose("cust-2", "by mistake", "mary"));
            assertThat(done(subjects.decide("cust-2", withdrawn.id(), false, "mary", "mistaken"))
                            .state())
                    .isEqualTo(Erasure.State.REJECTED);
            assertThat(subjects.counts()).isEqualTo(new Subjects.Counts(1, 0, 1));
            assertThat(subjects.erasures(true, null, 10).items()).isEmpty();
            Page<Erasure> newest = subjects.erasures(false, null, 1);
            assertThat(newest.items()).extracting(Erasure::id).containsExactly(withdrawn.id());
            assertThat(subjects.erasures(false, newest.next(), 1)).isEqualTo(new Page<>(List.of(approved), null));
            // The database itself knows that it takes two.
            Erasure own = done(subjects.propose("cust-2", "again", "Mary"));
            assertThatThrownBy(() -> raw(ledger, "SELECT decide_erasure(" + own.id() + ", true, 'mary ', '')"))
                    .hasMessageContaining("four_eyes");
        }
    }

    private static List<String> names(TestLedger ledger) {
        return ledger.api().accounts("a", null, 10).items().stream()
                .map(account -> account.spec().name())
                .toList();
    }

    private static void admin(DatabaseAddress database, String sql) throws SQLException {
        try (Connection connection = TestPostgres.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = ledger");
            statement.execute(sql);
        }
    }

    private static long rewrap(DatabaseAddress database, MasterKeys from, MasterKey to) throws SQLException {
        try (Connection connection = TestPostgres.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = ledger");
            return SubjectKeyTable.rewrap(connection, from, () -> to);
        }
    }
}
