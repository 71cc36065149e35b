package org.exchequer.ledger.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.exchequer.ledger.edge.http.ContractClient.Exchange;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every bad input gets a clear answer that names the field and the rule, and leaves the books as they were. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private final LedgerServer server = LedgerServer.start();
    private final ContractClient client = new ContractClient(server);
    private long sequence;

    @BeforeAll
    void open() {
        account("{'code':'cash','name':'Cash','type':'ASSET','currency':'EUR'}");
        account("{'code':'yen','name':'Yen','type':'ASSET','currency':'JPY'}");
        account("{'code':'alice','name':'Alice','type':'LIABILITY','currency':'EUR',"
                + "'rule':'DEBITS_MAY_NOT_EXCEED_CREDITS'}");
        account("{'code':'poor','name':'Poor','type':'LIABILITY','currency':'EUR',"
                + "'rule':'DEBITS_MAY_NOT_EXCEED_CREDITS'}");
        account("{'code':'group','name':'Group','type':'ASSET'}");
        account("{'code':'frozen','name':'Frozen','type':'ASSET','currency':'EUR'}");
        account("{'code':'closed','name':'Closed','type':'ASSET','currency':'EUR'}");
        client.patch("/accounts/frozen", key(), "{'state':'FROZEN'}");
        client.patch("/accounts/closed", key(), "{'state':'CLOSED'}");
    }

    private void account(String body) {
        assertThat(client.post("/accounts", key(), body).status()).isEqualTo(201);
    }

    @AfterEach
    void the_books_tie() {
        assertThat(server.ledger().trialBalance().ties()).isTrue();
    }

    @AfterAll
    void close() throws Exception {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cash    | alice   | 0                    | EUR | 422 | AMOUNT_NOT_POSITIVE         | amount
            cash    | alice   | -1.00                | EUR | 422 | AMOUNT_NOT_POSITIVE         | amount
            cash    | cash    | 1.00                 | EUR | 422 | SAME_ACCOUNT                | creditAccount
            nobody  | alice   | 1.00                 | EUR | 422 | ACCOUNT_NOT_FOUND           | debitAccount
            cash    | nobody  | 1.00                 | EUR | 422 | ACCOUNT_NOT_FOUND           | creditAccount
            cash    | group   | 1.00                 | EUR | 422 | ACCOUNT_IS_SUMMARY          | creditAccount
            cash    | alice   | 1                    | JPY | 422 | CURRENCY_MISMATCH           | amount
            yen     | alice   | 1                    | JPY | 422 | CURRENCY_MISMATCH           | amount
            closed  | alice   | 1.00                 | EUR | 422 | ACCOUNT_CLOSED              | debitAccount
            frozen  | alice   | 1.00                 | EUR | 422 | ACCOUNT_FROZEN              | debitAccount
            poor    | cash    | 1.00                 | EUR | 422 | INSUFFICIENT_FUNDS          | debitAccount
            cash    | alice   | 1.001                | EUR | 400 | INVALID_FIELD               | amount
            cash    | alice   | 1e2                  | EUR | 400 | INVALID_FIELD               | amount
            cash    | alice   | 92233720368547758.08 | EUR | 400 | INVALID_FIELD               | amount
            cash    | alice   | 1.00                 | XXX | 400 | INVALID_FIELD               | currency
            ca sh   | alice   | 1.00                 | EUR | 400 | INVALID_FIELD               | debitAccount
            """)
    void transfers(String debit, String credit, String amount, String currency, int status, String code, String field) {
        String body = "{'debitAccount':'%s','creditAccount':'%s','amount':'%s','currency':'%s'}"
                .formatted(debit, credit, amount, currency);
        String key = key();
        sequence = server.ledger().lastSequence();
        Exchange refused = client.post("/transfers", key, body);
        assertThat(refused.status() + " " + refused.code() + " " + refused.field())
                .isEqualTo(status + " " + code + " " + field);
        assertThat(refused.json().path("detail").asString("")).isNotBlank();

        Exchange again = client.post("/transfers", key, body);
        if (status == 400) {
            assertThat(server.ledger().lastSequence()).isEqualTo(sequence);
            assertThat(server.ledger().outcome(key)).isEmpty();
        } else {
            assertThat(again.response().body()).isEqualTo(refused.response().body());
            assertThat(again.replayed()).isTrue();
            assertThat(client.get("/commands/" + key).json().path("code").asString())
                    .isEqualTo(code);
        }
    }

    @Test
    void totals_beyond_64_bits_are_refused() {
        account("{'code':'huge-a','name':'A','type':'ASSET','currency':'EUR'}");
        account("{'code':'huge-b','name':'B','type':'ASSET','currency':'EUR'}");
        String body = "{'debitAccount':'huge-a','creditAccount':'huge-b','amount':'92233720368547758.07',"
                + "'currency':'EUR'}";
        Exchange first = client.post("/transfers", key(), body);
        assertThat(first.status()).isEqualTo(201);
        Exchange second = client.post("/transfers", key(), body);
        assertThat(second.code()).isEqualTo("BALANCE_OVERFLOW");
    }

    @Test
    void an_unbalanced_transaction_is_refused_whole() {
        Exchange refused = client.post(
                "/transactions",
                key(),
                "{'legs':[{'account':'cash','side':'DEBIT','amount':'2.00','currency':'EUR'},"
                        + "{'account':'alice','side':'CREDIT','amount':'1.99','currency':'EUR'}]}");
        assertThat(refused.code()).isEqualTo("UNBALANCED");
        assertThat(refused.field()).isEqualTo("legs");
    }

    @Test
    void a_transaction_is_reversed_once() {
        String id = transfer(key()).json().path("id").asString();
        Exchange reversal = client.post("/transactions/" + id + "/reversal", key(), null);
        assertThat(reversal.json().path("reversalOf").asString()).isEqualTo(id);
        assertThat(client.post("/transactions/" + id + "/reversal", key(), "{}").code())
                .isEqualTo("ALREADY_REVERSED");
        String reversalId = reversal.json().path("id").asString();
        assertThat(client.post("/transactions/" + reversalId + "/reversal", key(), null)
                        .code())
                .isEqualTo("NOT_REVERSIBLE");
    }

    @Test
    void a_key_answers_for_one_request_only() {
        String key = key();
        Exchange first = transfer(key);
        assertThat(transfer(key).response().body()).isEqualTo(first.response().body());
        Exchange other = client.post(
                "/transfers", key, "{'debitAccount':'cash','creditAccount':'alice','amount':'5.01','currency':'EUR'}");
        assertThat(other.status() + other.code()).isEqualTo("409IDEMPOTENCY_KEY_REUSED");
    }

    @Test
    void a_storm_of_one_key_posts_once_and_answers_alike() throws Exception {
        String key = key();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Exchange>> answers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                answers.add(callers.submit(() -> transfer(key)));
            }
            byte[] first = answers.getFirst().get().response().body();
            for (Future<Exchange> answer : answers) {
                assertThat(answer.get().response().body()).isEqualTo(first);
            }
            assertThat(answers.stream().filter(answer -> !answer.resultNow().replayed()))
                    .hasSize(1);
        }
    }

    @Test
    void keys_are_checked() {
        for (String bad : new String[] {"", "k".repeat(129), "with space"}) {
            Exchange refused = transfer(bad);
            assertThat(refused.status() + " " + refused.field()).isEqualTo("400 Idempotency-Key");
        }
        Exchange missing = client.call("POST", "/transfers", null, "{}");
        assertThat(missing.code() + " " + missing.field()).isEqualTo("MISSING_HEADER Idempotency-Key");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'debitAccount':'cash'                                                      | MALFORMED_BODY  | body
            {'debitAccount':'cash','creditAccount':'alice','amount':1.00,'currency':'EUR'}  | WRONG_TYPE | amount
            {'debitAccount':'cash','creditAccount':'alice','amount':'1','currency':null}    | WRONG_TYPE | currency
            {'debitAccount':'cash','debitAccount':'alice'}                              | DUPLICATE_FIELD | debitAccount
            {'debitAccount':'cash','memo':'x'}                                          | UNKNOWN_FIELD   | memo
            {'amount':'1','currency':'EUR','creditAccount':'alice'}                     | MISSING_FIELD   | debitAccount
            """)
    void malformed_bodies(String body, String code, String field) {
        Exchange refused = client.post("/transfers", key(), body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code() + " " + refused.field()).isEqualTo(code + " " + field);
    }

    @Test
    void ten_megabytes_are_refused() {
        byte[] body = "x".repeat(10_000_000).getBytes(StandardCharsets.US_ASCII);
        assertThat(client.call("POST", "/transfers", key(), body, "application/json")
                        .code())
                .isEqualTo("BODY_TOO_LARGE");
    }

    @Test
    void a_limit_must_be_given_in_the_currency_of_its_account() {
        Exchange refused = client.patch("/accounts/alice", key(), "{'overdraftLimit':'5','currency':'JPY'}");
        assertThat(refused.status() + " " + refused.field()).isEqualTo("400 currency");
        assertThat(client.patch("/accounts/cash", key(), "{'overdraftLimit':'5','currency':'EUR'}")
                        .code())
                .isEqualTo("NO_BALANCE_RULE");
    }

    @ParameterizedTest
    @CsvSource({
        "/transactions/0, transactionId",
        "/transactions/abc, transactionId",
        "/transactions/99999999999999999999, transactionId",
        "/accounts?limit=0, limit",
        "/accounts?limit=1001, limit",
        "/accounts?limit=x, limit",
        "/accounts?limit=1&limit=2, limit",
        "/accounts?perfix=20, perfix",
        "/accounts/cash/statement?cursor=nonsense, cursor",
        "/transactions?key=a&reference=b, key"
    })
    void bad_parameters(String path, String field) {
        Exchange refused = client.get(path);
        assertThat(refused.status() + " " + refused.field()).isEqualTo("400 " + field);
    }

    @ParameterizedTest
    @CsvSource({
        "/accounts?cursor=%ff, query string",
        "/accounts?a=%25&b=%e2%82, query string",
        "/trial-balance?%00=1, query string",
        "/accounts/cash/statement?cursor=%ff, query string",
        "/accounts?prefix=%00, prefix",
        "/accounts?cursor=%00, cursor",
        "/transactions?reference=a%0a, reference",
        "/transactions?key=%7f, key",
        "/accounts?cursor=a%20b, cursor",
        "/accounts?cursor=, cursor",
        "/commands, key",
        "/commands?key=, key",
        "/commands?key=with%20space, key"
    })
    void unreadable_queries(String path, String field) {
        Exchange refused = client.get(path);
        assertThat(refused.status() + " " + refused.field()).isEqualTo("400 " + field);
        assertThat(refused.json().path("rule").asString("")).isNotBlank();
    }

    @Test
    void any_key_finds_its_command() {
        String key = "a/b;c%d.e+f?g&h=i\\" + key();
        String id = transfer(key).json().path("id").asString();
        String query = URLEncoder.encode(key, StandardCharsets.UTF_8);
        Exchange fate = client.get("/commands?key=" + query);
        assertThat(fate.json().at("/transaction/id").asString()).isEqualTo(id);
        assertThat(fate.json().at("/transaction/key").asString()).isEqualTo(key);
    }

    @Test
    void rules_are_told_in_their_own_words() {
        assertThat(detail(client.patch("/accounts/closed", key(), "{'state':'OPEN'}")))
                .isEqualTo("closed is CLOSED; a closed account stays closed");
        String transfer = "{'debitAccount':'cash','creditAccount':'alice','amount':'%s','currency':'EUR'%s}";
        assertThat(detail(client.post("/transfers", key(), transfer.formatted("9".repeat(400), ""))))
                .isEqualTo("amount has more than 25 characters");
        assertThat(detail(client.post("/transfers", key(), transfer.formatted("1.001", ""))))
                .isEqualTo("EUR has 2 decimals, the amount has 3");
        String name = "x".repeat(1_000);
        Exchange unknown = client.post("/transfers", key(), transfer.formatted("1", ",'" + name + "':'1'"));
        assertThat(unknown.code() + " " + unknown.field()).isEqualTo("UNKNOWN_FIELD " + "x".repeat(40) + "…");
    }

    private static String detail(Exchange exchange) {
        return exchange.json().path("detail").asString();
    }

    @Test
    void each_role_may_do_its_own_and_no_more() {
        try (ContractClient other = new ContractClient(server)) {
            other.as(Role.AUDITOR);
            assertThat(other.get("/trial-balance").status()).isEqualTo(200);
            assertThat(other.post("/transfers", key(), "{}").status()).isEqualTo(403);
            other.as(Role.TELLER);
            assertThat(other.post("/transfers", key(), "{}").status()).isEqualTo(400);
            assertThat(other.post("/accounts", key(), "{}").status()).isEqualTo(403);
            assertThat(other.post("/transactions/1/reversal", key(), "{}").status())
                    .isEqualTo(403);
            assertThat(other.patch("/accounts/cash", key(), "{}").status()).isEqualTo(403);
            other.as("");
            assertThat(other.get("/accounts").status()).isEqualTo(401);
            other.as(server.token(Clock.systemUTC().instant().minus(Duration.ofDays(1)), Role.ADMIN));
            assertThat(other.get("/accounts").status()).isEqualTo(401);
        }
    }

    private Exchange transfer(String key) {
        return client.post(
                "/transfers", key, "{'debitAccount':'cash','creditAccount':'alice','amount':'5.00','currency':'EUR'}");
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }
}
