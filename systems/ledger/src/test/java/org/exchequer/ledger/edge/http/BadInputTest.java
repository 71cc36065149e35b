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
import tools.jackson.databind.JsonNode;

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
        account("{'code':'capped','name':'Capped','type':'LIABILITY','currency':'EUR','minimumBalance':'0',"
                + "'maximumBalance':'10'}");
        account("{'code':'no-debit','name':'No debit','type':'ASSET','currency':'EUR'}");
        client.patch("/accounts/no-debit", key(), "{'state':'DEBIT_FROZEN'}");
        assertThat(client.post("/days/2025-12-31/close", key(), null).status()).isEqualTo(200);
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
            cash    | alice   | -1.00                | EUR | 400 | INVALID_FIELD               | amount
            cash    | alice   | -0                   | EUR | 400 | INVALID_FIELD               | amount
            cash    | cash    | 1.00                 | EUR | 422 | SAME_ACCOUNT                | creditAccount
            nobody  | alice   | 1.00                 | EUR | 422 | ACCOUNT_NOT_FOUND           | debitAccount
            cash    | nobody  | 1.00                 | EUR | 422 | ACCOUNT_NOT_FOUND           | creditAccount
            cash    | group   | 1.00                 | EUR | 422 | ACCOUNT_IS_SUMMARY          | creditAccount
            cash    | alice   | 1                    | JPY | 422 | CURRENCY_MISMATCH           | amount
            yen     | alice   | 1                    | JPY | 422 | CURRENCY_MISMATCH           | amount
            closed  | alice   | 1.00                 | EUR | 422 | ACCOUNT_CLOSED              | debitAccount
            frozen  | alice   | 1.00                 | EUR | 422 | ACCOUNT_FROZEN              | debitAccount
            poor    | cash    | 1.00                 | EUR | 422 | INSUFFICIENT_FUNDS          | debitAccount
            capped  | cash    | 1.00                 | EUR | 422 | BELOW_MINIMUM_BALANCE       | debitAccount
            cash    | capped  | 10.01                | EUR | 422 | ABOVE_MAXIMUM_BALANCE       | creditAccount
            no-debit | alice  | 1.00                 | EUR | 422 | ACCOUNT_FROZEN              | debitAccount
            cash    | alice   | 1.00                 | BTC/8  | 422 | CURRENCY_MISMATCH        | amount
            cash    | alice   | 1.00                 | BTC/19 | 400 | INVALID_FIELD            | currency
            cash    | alice   | 1.00                 | EUR/2  | 400 | INVALID_FIELD            | currency
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

    /** Each form asks for one thing of the new commands that cannot be. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            /transfers   | {T,'valueDate':'2025-12-31'}   | 422 | VALUE_DATE_CLOSED       | valueDate
            /transfers   | {T,'valueDate':'2026-02-30'}   | 400 | INVALID_FIELD           | valueDate
            /transfers   | {T,'valueDate':'31.12.2026'}   | 400 | INVALID_FIELD           | valueDate
            /transfers   | {T,'valueDate':'1899-12-31'}   | 400 | INVALID_FIELD           | valueDate
            /transfers   | {T,'valueDate':20260101}       | 400 | WRONG_TYPE              | valueDate
            /holds       | {T,'timeoutSeconds':0}         | 400 | INVALID_FIELD           | timeoutSeconds
            /holds       | {T,'timeoutSeconds':1.5}       | 400 | INVALID_FIELD           | timeoutSeconds
            /holds       | {T,'timeoutSeconds':315360001} | 400 | INVALID_FIELD           | timeoutSeconds
            /holds       | {T,'timeoutSeconds':'60'}      | 400 | WRONG_TYPE              | timeoutSeconds
            /holds       | {T,'keepRest':true}            | 400 | UNKNOWN_FIELD           | keepRest
            /holds       | {T,'valueDate':'2026-05-01'}   | 400 | INVALID_FIELD           | valueDate
            /holds/1/void | {'valueDate':'2026-05-01'}    | 400 | INVALID_FIELD           | valueDate
            /holds/1/post | {'amount':'-1','currency':'EUR'} | 400 | INVALID_FIELD        | amount
            /transactions | {'legs':[]}                   | 400 | INVALID_FIELD           | legs
            /holds/0/post      | {}                       | 400 | INVALID_PARAMETER       | holdId
            /holds/abc/void    | {}                       | 400 | INVALID_PARAMETER       | holdId
            /holds/999999/post | {}                       | 404 | NOT_PENDING             | holdId
            /holds/1/post      | {}                       | 404 | NOT_PENDING             | holdId
            /holds/1/post | {'amount':'1'}                | 400 | MISSING_FIELD           | currency
            /holds/1/post | {'currency':'EUR'}            | 400 | MISSING_FIELD           | amount
            /holds/1/post | {'keepRest':'yes'}            | 400 | WRONG_TYPE              | keepRest
            /holds/1/void | {'amount':'1'}                | 400 | UNKNOWN_FIELD           | amount
            /adjustments  | {'reason':'r','author':'x'}   | 400 | UNKNOWN_FIELD           | author
            /adjustments  | {'reason':'','legs':[L]}      | 400 | INVALID_FIELD           | reason
            /adjustments  | {'reason':'r','legs':[L]}     | 422 | UNBALANCED              | legs
            /adjustments/999999/approval  | {}            | 404 | ADJUSTMENT_NOT_FOUND    | adjustmentId
            /adjustments/1/rejection  | {'approver':'x'}  | 400 | UNKNOWN_FIELD           | approver
            /days/2025-12-30/close    | {}                | 422 | DAY_ALREADY_CLOSED      | day
            /days/2999-01-01/close    | {}                | 422 | DAY_NOT_REACHED         | day
            /days/2026-13-01/close    | {}                | 400 | INVALID_PARAMETER       | day
            /days/today/close         | {}                | 400 | INVALID_PARAMETER       | day
            """)
    void other_commands(String path, String template, int status, String code, String field) {
        String body = template.replace(
                        "{T", "{'debitAccount':'cash','creditAccount':'alice','amount':'1'," + "'currency':'EUR'")
                .replace(
                        "[L]",
                        "[{'account':'cash','side':'DEBIT','amount':'2','currency':'EUR'},"
                                + "{'account':'alice','side':'CREDIT','amount':'1','currency':'EUR'}]");
        Exchange refused = client.post(path, key(), body);
        assertThat(refused.status() + " " + refused.code() + " " + refused.field())
                .isEqualTo(status + " " + code + " " + field);
        assertThat(refused.json().path("detail").asString("")).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'openingBalance':{'amount':'0','contraAccount':'cash'} | 422 AMOUNT_NOT_POSITIVE openingBalance.amount
            'openingBalance':{'amount':'1','contraAccount':'no'} | 422 ACCOUNT_NOT_FOUND openingBalance.contraAccount
            'openingBalance':{'amount':'1','contraAccount':'yen'} | 422 CURRENCY_MISMATCH openingBalance.amount
            'openingBalance':{'amount':'11','contraAccount':'cash'} | 422 ABOVE_MAXIMUM_BALANCE openingBalance.amount
            'openingBalance':'1'                                     | 400 WRONG_TYPE openingBalance
            'minimumBalance':'11'                                    | 400 INVALID_FIELD minimumBalance
            'minimumBalance':5                                       | 400 WRONG_TYPE minimumBalance
            """)
    void accounts_that_cannot_be_opened(String more, String expected) {
        String body = "{'code':'new','name':'New','type':'LIABILITY','currency':'EUR','maximumBalance':'10',";
        Exchange refused = client.post("/accounts", key(), body + more + "}");
        assertThat(refused.status() + " " + refused.code() + " " + refused.field())
                .isEqualTo(expected);
        assertThat(server.ledger().account("new")).isEmpty();
    }

    @Test
    void a_hold_ends_once() {
        String hold = "{'debitAccount':'cash','creditAccount':'alice','amount':'5','currency':'EUR'}";
        String id = client.post("/holds", key(), hold).json().path("id").asString();
        String part = "{'amount':'%s','currency':'EUR'}";
        assertThat(client.post("/holds/" + id + "/post", key(), part.formatted("5.01"))
                        .code())
                .isEqualTo("EXCEEDS_PENDING_AMOUNT");
        assertThat(client.post("/holds/" + id + "/post", key(), "{'amount':'5','currency':'JPY'}")
                        .code())
                .isEqualTo("CURRENCY_MISMATCH");
        assertThat(client.post("/transactions/" + id + "/reversal", key(), null).code())
                .isEqualTo("NOT_REVERSIBLE");
        Exchange posted = client.post("/holds/" + id + "/post", key(), part.formatted("2"));
        assertThat(posted.json().path("holdId").asString()).isEqualTo(id);
        assertThat(client.post("/holds/" + id + "/post", key(), null).code()).isEqualTo("PENDING_ALREADY_POSTED");
        assertThat(client.post("/holds/" + id + "/void", key(), null).code()).isEqualTo("PENDING_ALREADY_POSTED");
        String other = client.post("/holds", key(), hold).json().path("id").asString();
        assertThat(client.post("/holds/" + other + "/void", key(), null)
                        .json()
                        .path("released")
                        .asString())
                .isEqualTo("5.00");
        assertThat(client.post("/holds/" + other + "/post", key(), null).code()).isEqualTo("PENDING_ALREADY_VOIDED");
    }

    @Test
    void a_transaction_is_reversed_in_parts_up_to_its_amount() {
        String path = "/transactions/" + transfer(key()).json().path("id").asString() + "/reversal";
        assertThat(client.post(path, key(), "{'amount':'3','currency':'EUR'}").status())
                .isEqualTo(201);
        assertThat(client.post(path, key(), "{'amount':'2.01','currency':'EUR'}")
                        .code())
                .isEqualTo("EXCEEDS_REVERSIBLE_AMOUNT");
        assertThat(client.post(path, key(), null).json().at("/legs/0/amount").asString())
                .isEqualTo("2.00");
        assertThat(client.post(path, key(), "{'amount':'1','currency':'EUR'}").code())
                .isEqualTo("ALREADY_REVERSED");
    }

    @Test
    void an_adjustment_takes_two_people() {
        String id = client.post(
                        "/adjustments",
                        key(),
                        "{'reason':'r','legs':[{'account':'cash','side':'DEBIT','amount':'1','currency':'EUR'},"
                                + "{'account':'alice','side':'CREDIT','amount':'1','currency':'EUR'}]}")
                .json()
                .path("id")
                .asString();
        assertThat(client.post("/adjustments/" + id + "/approval", key(), null).code())
                .isEqualTo("APPROVER_IS_AUTHOR");
        String item = "{'items':[{'command':'DECIDE_ADJUSTMENT','key':'%s','adjustmentId':%s,'approve':true}]}";
        assertThat(client.post("/batches", null, item.formatted(key(), id))
                        .json()
                        .at("/results/0/code")
                        .asString())
                .isEqualTo("APPROVER_IS_AUTHOR");
        try (ContractClient other = new ContractClient(server)) {
            other.as(server.token("second", Role.CONTROLLER));
            Exchange approved = other.post("/adjustments/" + id + "/approval", key(), null);
            assertThat(approved.json().path("adjustmentId").asString()).isEqualTo(id);
            assertThat(other.post("/adjustments/" + id + "/rejection", key(), null)
                            .code())
                    .isEqualTo("ADJUSTMENT_ALREADY_DECIDED");
            assertThat(other.get("/adjustments/" + id).json().path("decidedBy").asString())
                    .isEqualTo("second");
        }
    }

    @Test
    void a_key_twice_in_one_batch_is_answered_twice() {
        String key = key();
        String item = "{'command':'TRANSFER','key':'" + key + "','debitAccount':'cash','creditAccount':'alice',"
                + "'amount':'%s','currency':'EUR'}";
        JsonNode results = client.post(
                        "/batches",
                        null,
                        "{'items':[" + item.formatted("1") + "," + item.formatted("1") + "," + item.formatted("2")
                                + "]}")
                .json()
                .path("results");
        assertThat(results.at("/1/sequence").asLong())
                .isEqualTo(results.at("/0/sequence").asLong())
                .isPositive();
        assertThat(results.at("/0").has("replayed")).isFalse();
        assertThat(results.at("/1/replayed").asBoolean()).isTrue();
        assertThat(results.at("/2/code").asString()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(results.at("/2/field").asString()).isEqualTo("key");

        String other = "{'items':[" + item.formatted("1").replace(key, "x" + key) + ","
                + item.formatted("1").replace(key, "x" + key) + "]}";
        Exchange linked = client.post("/batches/linked", null, other);
        assertThat(linked.status() + " " + linked.field()).isEqualTo("400 items[1].key");
        assertThat(client.post("/batches/linked", null, "{'items':[" + item.formatted("1") + "]}")
                        .field())
                .isEqualTo("items");
    }

    @Test
    void a_linked_batch_with_one_bad_item_does_nothing_for_ever() {
        String key = key();
        String batch = "{'items':[{'command':'OPEN_ACCOUNT','key':'%1$s-a','code':'%1$s','name':'N','type':'LIABILITY',"
                        .formatted(key)
                + "'currency':'EUR'},{'command':'TRANSFER','key':'%1$s-b','debitAccount':'poor',".formatted(key)
                + "'creditAccount':'%s','amount':'1','currency':'EUR'}]}".formatted(key);
        Exchange refused = client.post("/batches/linked", null, batch);
        assertThat(refused.status() + " " + refused.code() + " " + refused.field())
                .isEqualTo("422 INSUFFICIENT_FUNDS items[1].debitAccount");
        assertThat(refused.json().at("/results/0/code").asString()).isEqualTo("LINKED_ITEM_FAILED");
        assertThat(server.ledger().account(key)).isEmpty();
        Exchange again = client.post("/batches/linked", null, batch);
        assertThat(again.code()).isEqualTo("INSUFFICIENT_FUNDS");
        assertThat(again.json().at("/results/1/replayed").asBoolean()).isTrue();
    }

    @Test
    void an_account_with_a_balance_is_opened_once_under_one_key() {
        String key = key();
        String body = "{'code':'%s','name':'N','type':'LIABILITY','currency':'EUR'%s}";
        String balance = ",'openingBalance':{'amount':'7','contraAccount':'cash'}";
        Exchange opened = client.post("/accounts", key, body.formatted(key, balance));
        assertThat(opened.status()).isEqualTo(201);
        assertThat(client.get("/accounts/" + key + "/balance")
                        .json()
                        .path("posted")
                        .asString())
                .isEqualTo("7.00");
        Exchange again = client.post("/accounts", key, body.formatted(key, balance));
        assertThat(again.response().body()).isEqualTo(opened.response().body());
        assertThat(again.replayed()).isTrue();
        assertThat(client.post("/accounts", key, body.formatted(key, "")).code())
                .isEqualTo("IDEMPOTENCY_KEY_REUSED");
        String plain = key();
        assertThat(client.post("/accounts", plain, body.formatted(plain, "")).status())
                .isEqualTo(201);
        assertThat(client.post("/accounts", plain, body.formatted(plain, balance))
                        .code())
                .isEqualTo("IDEMPOTENCY_KEY_REUSED");
        Exchange reused = client.post("/accounts", key, body.formatted("another", balance));
        assertThat(reused.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(detail(reused)).isEqualTo("key " + key + " was used before for a different command");
        assertThat(client.post("/accounts", "k".repeat(121), body.formatted("long", balance))
                        .field())
                .isEqualTo("Idempotency-Key");
    }

    @Test
    void ten_thousand_items_are_taken_and_one_more_is_not() {
        StringBuilder items = new StringBuilder();
        String key = key();
        for (int i = 0; i < BatchJson.MAX_ITEMS; i++) {
            items.append(i == 0 ? "" : ",")
                    .append("{'command':'TRANSFER','key':'")
                    .append(key)
                    .append(i)
                    .append("','debitAccount':'cash','creditAccount':'alice','amount':'0.01','currency':'EUR'}");
        }
        JsonNode results = client.post("/batches", null, "{'items':[" + items + "]}")
                .json()
                .path("results");
        assertThat(results).hasSize(BatchJson.MAX_ITEMS);
        assertThat(results.values()).allMatch(result -> result.path("status").asInt() == 201);
        Exchange more = client.post("/batches", null, "{'items':[" + items + ",{}]}");
        assertThat(more.status() + " " + more.field()).isEqualTo("400 items");
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
        assertThat(refused.code() + " " + refused.field()).isEqualTo("CURRENCY_MISMATCH currency");
        String item = "{'items':[{'command':'CHANGE_ACCOUNT','key':'%s','account':'alice','overdraftLimit':'5',"
                + "'currency':'JPY'}]}";
        assertThat(client.post("/batches", null, item.formatted(key()))
                        .json()
                        .at("/results/0/code")
                        .asString())
                .isEqualTo("CURRENCY_MISMATCH");
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
        "/accounts/cash/statement?cursor=statement-999~17.0, cursor",
        "/accounts/cash/holds?cursor=holds~17, cursor",
        "/transactions?cursor=reference~17, cursor",
        "/holds?cursor=17, cursor",
        "/days?cursor=days~2026-13-01, cursor",
        "/accounts?cursor=cash, cursor",
        "/transactions?key=a&reference=b, key",
        "/transactions?key=a&after=0, after",
        "/transactions?after=-1, after",
        "/trial-balance?bookingDate=2026-01-01&valueDate=2026-01-01, valueDate",
        "/balance-sheet?bookingDate=2026-1-1, bookingDate",
        "/accounts/cash/balance?valueDate=, valueDate",
        "/accounts/cash/balance?bookingDate=9999-01-01, bookingDate",
        "/accounts/cash/rollup?valueDate=tomorrow, valueDate",
        "/accounts/cash/history?from=2026-01-01, to",
        "/accounts/cash/history?from=2026-01-02&to=2026-01-01, from",
        "/accounts/cash/history?from=2000-01-01&to=2026-01-01, to",
        "/accounts/cash/holds?cursor=x, cursor",
        "/income-statement?from=2026-01-02&to=2026-01-01, from",
        "/income-statement?from=2026-01-01&to=2026-01-02&basis=CASH, basis",
        "/adjustments?open=yes, open",
        "/adjustments?cursor=x, cursor",
        "/days?cursor=17, cursor",
        "/holds?open=1, open",
        "/holds?cursor=-1, cursor",
        "/holds?state=open, state",
        "/transactions?cursor=x, cursor",
        "/transactions?reference=a&cursor=x, cursor",
        "/transactions?key=a&cursor=1, cursor",
        "/transactions?after=1&cursor=1, cursor",
        "/batches/linked/0, linkedTo",
        "/adjustments/x, adjustmentId",
        "/holds/-1, holdId",
        "/days?limit=0, limit"
    })
    void bad_parameters(String path, String field) {
        Exchange refused = client.get(path);
        assertThat(refused.status() + " " + refused.code() + " " + refused.field())
                .isEqualTo("400 INVALID_PARAMETER " + field);
    }

    @ParameterizedTest
    @CsvSource({
        "/accounts/cash/history?to=2026-01-01, from",
        "/income-statement?from=2026-01-01&to=, to",
        "/commands, key"
    })
    void a_missing_parameter_is_told_so(String path, String field) {
        Exchange refused = client.get(path);
        assertThat(refused.json().path("detail").asString()).isEqualTo(field + " is required");
        assertThat(refused.code() + " " + refused.field()).isEqualTo("INVALID_PARAMETER " + field);
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
                .startsWith("closed is CLOSED; it can only be opened again, by an adjustment");
        String transfer = "{'debitAccount':'cash','creditAccount':'alice','amount':'%s','currency':'EUR'%s}";
        assertThat(detail(client.post("/transfers", key(), transfer.formatted("9".repeat(400), ""))))
                .isEqualTo("amount has more than 25 characters");
        assertThat(detail(client.post("/transfers", key(), transfer.formatted("1.001", ""))))
                .isEqualTo("EUR has 2 decimals, the amount has 3");
        assertThat(detail(client.post("/transfers", key(), transfer.formatted("9".repeat(20), ""))))
                .isEqualTo("amount exceeds the largest amount, 92233720368547758.07");
        assertThat(detail(client.post("/transactions", key(), "{'legs':[]}")))
                .isEqualTo("legs must have 2 to 1000 items");
        Exchange closed = client.patch("/accounts/closed", key(), "{'overdraftLimit':'1','currency':'EUR'}");
        assertThat(closed.code() + " " + closed.field()).isEqualTo("STATE_CHANGE_NOT_ALLOWED overdraftLimit");
        String summary = "{'code':'sum','name':'S','type':'ASSET','%s}";
        assertThat(detail(client.post("/accounts", key(), summary.formatted("overdraftLimit':'1'"))))
                .isEqualTo("overdraftLimit is not for a summary account (one without currency), which has no balance"
                        + " of its own");
        assertThat(detail(client.post("/accounts", key(), summary.formatted("rule':'DEBITS_MAY_NOT_EXCEED_CREDITS'"))))
                .isEqualTo("rule is not for a summary account (one without currency), which has no balance");
        String name = "x".repeat(1_000);
        Exchange unknown = client.post("/transfers", key(), transfer.formatted("1", ",'" + name + "':'1'"));
        assertThat(unknown.code() + " " + unknown.field()).isEqualTo("UNKNOWN_FIELD " + "x".repeat(40) + "…");
    }

    @Test
    void another_character_set_than_that_of_json_is_not_guessed() {
        byte[] body =
                "{'debitAccount':'cash','creditAccount':'alice','amount':'1','currency':'EUR','reference':'\u00e9'}"
                        .replace('\'', '"')
                        .getBytes(StandardCharsets.UTF_8);
        Exchange latin = client.call("POST", "/transfers", key(), body, "application/json; charset=iso-8859-1");
        assertThat(latin.status() + " " + latin.field()).isEqualTo("415 Content-Type");
        assertThat(client.call("POST", "/transfers", key(), body, "application/json; charset=UTF-8")
                        .status())
                .isEqualTo(201);
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
            assertThat(other.post("/days/2026-01-01/close", key(), "{}").status())
                    .isEqualTo(403);
            assertThat(other.post("/adjustments/1/approval", key(), "{}").status())
                    .isEqualTo(403);
            Exchange batch = other.post("/batches", null, "{'items':[{'command':'OPEN_ACCOUNT','key':'k'}]}");
            assertThat(batch.status() + " " + batch.field()).isEqualTo("403 items[0].command");
            other.as("");
            assertThat(other.get("/accounts").status()).isEqualTo(401);
            assertThat(other.get("/openapi.yaml").status()).isEqualTo(200);
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
