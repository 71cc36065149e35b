package org.exchequer.ledger.edge.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Side;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandJsonTest {
    private static final String TRANSFER =
            "{'debitAccount':'a','creditAccount':'b','amount':%s,'currency':%s}".replace('\'', '"');

    @Test
    void a_transfer_is_read_by_its_currency() {
        byte[] body = json("{'debitAccount':'2000.cust.alice','creditAccount':'b','amount':'10.5','currency':'EUR',"
                + "'reference':'r','correlationId':'c','metadata':{'k':'v'}}");
        assertThat(transfer("key", body))
                .isEqualTo(new Command.Transfer(
                        "key",
                        "2000.cust.alice",
                        "b",
                        Money.of(1_050, "EUR"),
                        new Details("r", "c", Map.of("k", "v"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            '10.50'                | 'EUR' | 1050
            '10'                   | 'EUR' | 1000
            '0'                    | 'EUR' | 0
            '1050'                 | 'JPY' | 1050
            '1.234'                | 'BHD' | 1234
            '92233720368547758.07' | 'EUR' | 9223372036854775807
            """)
    void amounts_that_can_be_read(String amount, String currency, long minorUnits) {
        byte[] body =
                TRANSFER.formatted('"' + amount + '"', '"' + currency + '"').getBytes(UTF_8);
        assertThat(transfer("k", body).amount()).isEqualTo(Money.of(minorUnits, currency));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "10.505"               | "EUR"  | INVALID_FIELD | amount
            "0.5"                  | "JPY"  | INVALID_FIELD | amount
            "1e3"                  | "EUR"  | INVALID_FIELD | amount
            "1E3"                  | "EUR"  | INVALID_FIELD | amount
            "+1"                   | "EUR"  | INVALID_FIELD | amount
            "-0.01"                | "EUR"  | INVALID_FIELD | amount
            "-0"                   | "EUR"  | INVALID_FIELD | amount
            " 1"                   | "EUR"  | INVALID_FIELD | amount
            "01"                   | "EUR"  | INVALID_FIELD | amount
            "1,000.00"             | "EUR"  | INVALID_FIELD | amount
            "NaN"                  | "EUR"  | INVALID_FIELD | amount
            ""                     | "EUR"  | INVALID_FIELD | amount
            "0x10"                 | "EUR"  | INVALID_FIELD | amount
            "١٠"                   | "EUR"  | INVALID_FIELD | amount
            "92233720368547758.08" | "EUR"  | INVALID_FIELD | amount
            "9999999999999999999"  | "JPY"  | INVALID_FIELD | amount
            10.50                  | "EUR"  | WRONG_TYPE    | amount
            null                   | "EUR"  | WRONG_TYPE    | amount
            ["1"]                  | "EUR"  | WRONG_TYPE    | amount
            "1"                    | "eur"  | INVALID_FIELD | currency
            "1"                    | "XAU"  | INVALID_FIELD | currency
            "1"                    | "EURO" | INVALID_FIELD | currency
            "1"                    | 978    | WRONG_TYPE    | currency
            """)
    void amounts_that_cannot(String amount, String currency, String code, String field) {
        byte[] body = TRANSFER.formatted(amount, currency).getBytes(UTF_8);
        Problem problem = problem(() -> transfer("k", body));
        assertThat(problem.code() + " " + problem.field()).isEqualTo(code + " " + field);
        assertThat(problem.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            ~~                                                | MALFORMED_BODY  | body
            {                                                 | MALFORMED_BODY  | body
            []                                                | MALFORMED_BODY  | body
            null                                              | MALFORMED_BODY  | body
            {} {}                                             | MALFORMED_BODY  | body
            {"legs":[]} x                                     | MALFORMED_BODY  | body
            {'legs':[]}                                       | MALFORMED_BODY  | body
            {"legs":[],}                                      | MALFORMED_BODY  | body
            {"legs":[]/**/}                                   | MALFORMED_BODY  | body
            {"reference":"\\u0000","legs":[]}                 | INVALID_FIELD   | reference
            {"reference":"\\ud800","legs":[]}                 | INVALID_FIELD   | reference
            {}                                                | MISSING_FIELD   | legs
            {"legs":{}}                                       | WRONG_TYPE      | legs
            {"legs":null}                                     | WRONG_TYPE      | legs
            {"legs":[]}                                       | INVALID_FIELD   | legs
            {"legs":[1]}                                      | WRONG_TYPE      | legs[0]
            {"legs":[{}]}                                     | MISSING_FIELD   | legs[0].currency
            {"legs":[L,L],"foo":1}                            | UNKNOWN_FIELD   | foo
            {"legs":[L,{"account":"a","x":1}]}                | UNKNOWN_FIELD   | legs[1].x
            {"legs":[L,{"account":"a","account":"a"}]}        | DUPLICATE_FIELD | legs[1].account
            {"legs":[L,L],"legs":[L,L]}                       | DUPLICATE_FIELD | legs
            {"legs":[L,L],"metadata":{"a":"1","a":"2"}}       | DUPLICATE_FIELD | metadata.a
            {"legs":[L,L],"metadata":{"a":1}}                 | WRONG_TYPE      | metadata.a
            {"legs":[L,L],"metadata":[]}                      | WRONG_TYPE      | metadata
            {"legs":[L,L],"reference":""}                     | INVALID_FIELD   | reference
            {"legs":[L,L],"reference":7}                      | WRONG_TYPE      | reference
            {"legs":[L,{"account":"a b","side":"DEBIT","amount":"1","currency":"EUR"}]}|INVALID_FIELD|legs[1].account
            {"legs":[L,{"account":"a","side":"debit","amount":"1","currency":"EUR"}]}|INVALID_FIELD|legs[1].side
            """)
    void bodies_that_are_refused(String template, String code, String field) {
        String leg = "{\"account\":\"a\",\"side\":\"DEBIT\",\"amount\":\"1\",\"currency\":\"EUR\"}";
        byte[] body = template.replace("L,", leg + ",").replace("L]", leg + "]").getBytes(UTF_8);
        Problem problem = problem(() -> post("k", body));
        assertThat(problem.code() + " " + problem.field()).isEqualTo(code + " " + field);
        assertThat(problem.rule()).isNotBlank();
    }

    @Test
    void nesting_is_bounded() {
        byte[] body = ("{\"metadata\":" + "[".repeat(100_000)).getBytes(UTF_8);
        assertThat(problem(() -> post("k", body)).code()).isEqualTo("MALFORMED_BODY");
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused() {
        byte[] body = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};
        assertThat(problem(() -> post("k", body)).code()).isEqualTo("MALFORMED_BODY");
    }

    @Test
    void messages_do_not_repeat_the_body() {
        Problem problem = problem(() -> post("k", json("{'reference': s3cret}")));
        assertThat(problem.detail()).doesNotContain("s3cret").contains("line 1");
    }

    @Test
    void an_item_is_named_by_its_place() {
        Problem broken = problem(() ->
                batch("{'items':[{'command':'TRANSFER','key':'','debitAccount':'a','creditAccount':'b','amount':'1',"
                        + "'currency':'EUR'}]}"));
        assertThat(broken.field()).isEqualTo("items[0].key");
        assertThat(problem(() -> batch("{'items':[]}")).field()).isEqualTo("items");
        assertThat(problem(() -> transfer(
                                "ключ", TRANSFER.formatted("\"1\"", "\"EUR\"").getBytes(UTF_8)))
                        .field())
                .isEqualTo("Idempotency-Key");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'items':1}                                                   | WRONG_TYPE      | items
            {'items':[1]}                                                 | WRONG_TYPE      | items[0]
            {'transfers':[]}                                              | UNKNOWN_FIELD   | transfers
            {'items':[],'x':1}                                            | UNKNOWN_FIELD   | x
            {'items':[T,{}]}                                              | MISSING_FIELD   | items[1].command
            {'items':[T,{'command':'PAY'}]}                               | INVALID_FIELD   | items[1].command
            {'items':[{'command':'TRANSFER'}]}                            | MISSING_FIELD   | items[0].key
            {'items':[T,{'command':'TRANSFER','key':'k','holdId':1}]}     | UNKNOWN_FIELD   | items[1].holdId
            {'items':[T,{'command':'POST','key':'k','legs':[{}]}]}        | MISSING_FIELD   | items[1].legs[0].currency
            {'items':[T,{'command':'VOID_HOLD','key':'k'}]}               | MISSING_FIELD   | items[1].holdId
            {'items':[T,{'command':'VOID_HOLD','key':'k','holdId':'1'}]}  | WRONG_TYPE      | items[1].holdId
            {'items':[T,{'command':'VOID_HOLD','key':'k','holdId':1.5}]}  | INVALID_FIELD   | items[1].holdId
            {'items':[T,{'command':'VOID_HOLD','key':'k','holdId':0}]}    | INVALID_FIELD   | items[1].holdId
            {'items':[T,{'command':'CLOSE_DAY','key':'k','day':'2026-02-30'}]} | INVALID_FIELD | items[1].day
            {'items':[T,{'command':'DECIDE_ADJUSTMENT','key':'k','adjustmentId':1}]} | MISSING_FIELD | items[1].approve
            {'items':[T,T,{'key':'a','key':'b'}]}                         | DUPLICATE_FIELD | items[2].key
            {'items':[T,T]                                                | MALFORMED_BODY  | body
            {'items':[T]} {}                                              | MALFORMED_BODY  | body
            [T]                                                           | MALFORMED_BODY  | body
            """)
    void batches_that_are_refused(String template, String code, String field) {
        String item = "{'command':'TRANSFER','key':'k','debitAccount':'a','creditAccount':'b','amount':'1',"
                + "'currency':'EUR'}";
        Problem problem = problem(() -> batch(template.replace("[T", "[" + item).replace(",T", "," + item)));
        assertThat(problem.code() + " " + problem.field()).isEqualTo(code + " " + field);
        assertThat(problem.rule()).isNotBlank();
    }

    @Test
    void a_batch_holds_commands_of_every_kind() {
        List<Command> commands = batch("""
                {'items':[
                {'command':'TRANSFER','key':'1','debitAccount':'a','creditAccount':'b','amount':'1','currency':'BTC/8'},
                {'command':'POST','key':'2','legs':[{'account':'a','side':'DEBIT','amount':'1','currency':'EUR'},
                  {'account':'b','side':'CREDIT','amount':'1','currency':'EUR'}],'valueDate':'2026-03-31'},
                {'command':'HOLD','key':'3','debitAccount':'a','creditAccount':'b','amount':'1','currency':'EUR',
                  'timeoutSeconds':60},
                {'command':'POST_HOLD','key':'4','holdId':3,'amount':'0.40','currency':'EUR','keepRest':true},
                {'command':'VOID_HOLD','key':'5','holdId':3,'reference':'r'},
                {'command':'REVERSE','key':'6','transactionId':2,'amount':'0.50','currency':'EUR'},
                {'command':'PROPOSE_ADJUSTMENT','key':'7','reason':'why','legs':[
                  {'account':'a','side':'DEBIT','amount':'1','currency':'EUR'},
                  {'account':'b','side':'CREDIT','amount':'1','currency':'EUR'}]},
                {'command':'DECIDE_ADJUSTMENT','key':'8','adjustmentId':7,'approve':false,'reason':'no'},
                {'command':'CLOSE_DAY','key':'9','day':'2026-03-31'},
                {'command':'OPEN_ACCOUNT','key':'10','code':'c','name':'C','type':'ASSET','currency':'EUR',
                  'minimumBalance':'1','maximumBalance':null},
                {'command':'CHANGE_ACCOUNT','key':'11','account':'c','state':'DEBIT_FROZEN',
                  'minimumBalance':null,'maximumBalance':'5','currency':'EUR'}]}""");
        List<Leg> legs = List.of(Leg.debit("a", Money.of(100, "EUR")), Leg.credit("b", Money.of(100, "EUR")));
        LocalDate march = LocalDate.of(2026, 3, 31);
        assertThat(commands)
                .containsExactly(
                        new Command.Transfer("1", "a", "b", Money.of(100_000_000, "BTC/8"), Details.NONE),
                        new Command.Post("2", legs, Details.NONE.valued(march)),
                        new Command.Hold("3", "a", "b", Money.of(100, "EUR"), Duration.ofMinutes(1), Details.NONE),
                        new Command.PostPending("4", 3, Money.of(40, "EUR"), true, Details.NONE),
                        new Command.VoidPending("5", 3, Details.reference("r")),
                        new Command.Reverse("6", 2, Money.of(50, "EUR"), Details.NONE),
                        new Command.ProposeAdjustment("7", legs, "why", "tester", Details.NONE),
                        new Command.DecideAdjustment("8", 7, false, "tester", "no"),
                        new Command.CloseDay("9", march, "tester"),
                        new Command.OpenAccount(
                                "10",
                                AccountSpec.posting("c", "C", AccountType.ASSET, Currency.of("EUR"), null)
                                        .bounded(new Bounds(100L, null))),
                        new Command.ChangeAccount(
                                "11",
                                new AccountChange(
                                        "c",
                                        AccountState.DEBIT_FROZEN,
                                        null,
                                        new Bounds(null, 500L),
                                        Currency.of("EUR")),
                                false));
    }

    @Test
    void an_opening_balance_stands_on_the_account_s_normal_side() {
        CommandJson.Opening asset = CommandJson.opening(
                "k",
                fields("{'code':'a','name':'A','type':'ASSET',"
                        + "'currency':'EUR','openingBalance':{'amount':'1','contraAccount':'c'}}"));
        assertThat(asset.balance()).isEqualTo(new Command.Transfer("k", "a", "c", Money.of(100, "EUR"), Details.NONE));
        CommandJson.Opening liability = CommandJson.opening(
                "k",
                fields("{'code':'a','name':'A','type':'LIABILITY',"
                        + "'currency':'EUR','openingBalance':{'amount':'1','contraAccount':'c'}}"));
        assertThat(liability.balance())
                .isEqualTo(new Command.Transfer("k", "c", "a", Money.of(100, "EUR"), Details.NONE));
        for (String broken : List.of("{'amount':'1','contraAccount':'c c'}", "{'amount':'1'}")) {
            assertThat(problem(() -> CommandJson.opening(
                                    "k",
                                    fields("{'code':'a','name':'A','type':'ASSET',"
                                            + "'currency':'EUR','openingBalance':" + broken + "}")))
                            .field())
                    .isEqualTo("openingBalance.contraAccount");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'overdraftLimit':'5'}                                        | currency
            {}                                                            | state
            {'currency':'EUR'}                                            | currency
            {'minimumBalance':'1','currency':'EUR'}                       | maximumBalance
            {'maximumBalance':null}                                       | minimumBalance
            {'minimumBalance':'2','maximumBalance':'1','currency':'EUR'}  | minimumBalance
            {'minimumBalance':'2','maximumBalance':null}                  | currency
            {'minimumBalance':null,'maximumBalance':null,'currency':'EUR'} | currency
            """)
    void changes_of_an_account_that_are_refused(String body, String field) {
        assertThat(problem(() -> CommandJson.change("a", fields(body))).field()).isEqualTo(field);
    }

    @Test
    void an_account_change_is_read_by_its_currency() {
        assertThat(CommandJson.change("a", fields("{'overdraftLimit':'5','currency':'JPY'}")))
                .isEqualTo(new AccountChange("a", null, 5L, null, Currency.of("JPY")));
        assertThat(CommandJson.change("a", fields("{'state':'FROZEN'}")))
                .isEqualTo(new AccountChange("a", AccountState.FROZEN, null, null, null));
        assertThat(CommandJson.change("a", fields("{'minimumBalance':null,'maximumBalance':null}")))
                .isEqualTo(new AccountChange("a", null, null, Bounds.NONE, null));
    }

    @Test
    void what_is_written_reads_back_equal() {
        Details details = new Details("réf \"1\"", "corr", LocalDate.of(2026, 3, 31), Map.of("b", "2", "a", "ünï\\"));
        List<Command> commands = new ArrayList<>(List.of(
                new Command.Transfer("k", "a", "b", Money.of(7, "BHD"), details),
                new Command.Transfer("k2", "a", "b", Money.of(1, "JPY"), Details.NONE),
                new Command.Post(
                        "k3",
                        List.of(Leg.debit("a", Money.of(1, "EUR")), new Leg("b", Side.CREDIT, Money.of(1, "EUR"))),
                        details)));
        for (AccountSpec spec : List.of(
                AccountSpec.summary("s", "S", AccountType.ASSET, null),
                AccountSpec.posting("p", "P", AccountType.INCOME, Currency.of("JPY"), "s"),
                AccountSpec.posting("q", "Q", AccountType.LIABILITY, Currency.of("EUR"), "s")
                        .limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 12_345)
                        .bounded(new Bounds(-5L, 7L)))) {
            commands.add(new Command.OpenAccount("open-" + spec.code(), spec));
        }
        assertThat(BatchJson.read(BatchJson.write(commands), 10, "tester", false, (type, path) -> {}))
                .isEqualTo(commands);
    }

    private static Command.Transfer transfer(String key, byte[] body) {
        return CommandJson.transfer(key, JsonBody.read(body).only(CommandJson.TRANSFER));
    }

    private static Command.Post post(String key, byte[] body) {
        return CommandJson.post(key, JsonBody.read(body).only(CommandJson.POST));
    }

    private static List<Command> batch(String text) {
        return BatchJson.read(json(text), 11, "tester", false, (type, path) -> {});
    }

    private static JsonFields fields(String text) {
        return JsonBody.read(json(text));
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(UTF_8);
    }

    /** As the door would answer. */
    private static Problem problem(Runnable request) {
        try {
            Door.answering(() -> {
                request.run();
                return true;
            });
            throw new AssertionError("nothing was refused");
        } catch (ProblemException refused) {
            return refused.problem();
        }
    }
}
