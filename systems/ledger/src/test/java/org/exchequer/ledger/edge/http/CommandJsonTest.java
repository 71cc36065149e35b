package org.exchequer.ledger.edge.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
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
        assertThat(CommandJson.transfer("key", body))
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
            '-0.01'                | 'EUR' | -1
            '0'                    | 'EUR' | 0
            '1050'                 | 'JPY' | 1050
            '1.234'                | 'BHD' | 1234
            '92233720368547758.07' | 'EUR' | 9223372036854775807
            """)
    void amounts_that_can_be_read(String amount, String currency, long minorUnits) {
        byte[] body =
                TRANSFER.formatted('"' + amount + '"', '"' + currency + '"').getBytes(UTF_8);
        assertThat(CommandJson.transfer("k", body).amount()).isEqualTo(Money.of(minorUnits, currency));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "10.505"               | "EUR"  | INVALID_FIELD | amount
            "0.5"                  | "JPY"  | INVALID_FIELD | amount
            "1e3"                  | "EUR"  | INVALID_FIELD | amount
            "1E3"                  | "EUR"  | INVALID_FIELD | amount
            "+1"                   | "EUR"  | INVALID_FIELD | amount
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
        Problem problem = problem(() -> CommandJson.transfer("k", body));
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
        Problem problem = problem(() -> CommandJson.post("k", body));
        assertThat(problem.code() + " " + problem.field()).isEqualTo(code + " " + field);
        assertThat(problem.rule()).isNotBlank();
    }

    @Test
    void nesting_is_bounded() {
        byte[] body = ("{\"metadata\":" + "[".repeat(100_000)).getBytes(UTF_8);
        assertThat(problem(() -> CommandJson.post("k", body)).code()).isEqualTo("MALFORMED_BODY");
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused() {
        byte[] body = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};
        assertThat(problem(() -> CommandJson.post("k", body)).code()).isEqualTo("MALFORMED_BODY");
    }

    @Test
    void messages_do_not_repeat_the_body() {
        Problem problem = problem(() -> CommandJson.post("k", json("{'reference': s3cret}")));
        assertThat(problem.detail()).doesNotContain("s3cret").contains("line 1");
    }

    @Test
    void a_bulk_item_is_named_by_its_place() {
        Problem broken = problem(() -> CommandJson.bulk(json(
                "{'transfers':[{'key':'','debitAccount':'a','creditAccount':'b','amount':'1','currency':'EUR'}]}")));
        assertThat(broken.field()).isEqualTo("transfers[0].key");
        assertThat(problem(() -> CommandJson.bulk(json("{'transfers':[]}"))).field())
                .isEqualTo("transfers");
        assertThat(problem(() -> CommandJson.transfer(
                                "ключ", TRANSFER.formatted("\"1\"", "\"EUR\"").getBytes(UTF_8)))
                        .field())
                .isEqualTo("Idempotency-Key");
    }

    @Test
    void an_account_change_needs_the_currency_of_its_limit() {
        var change = CommandJson.changeAccount("k", "a", json("{'overdraftLimit':'5','currency':'JPY'}"));
        assertThat(change.command()).isEqualTo(new Command.ChangeAccount("k", "a", null, 5L));
        assertThat(change.currency()).isEqualTo(Currency.of("JPY"));
        assertThat(CommandJson.changeAccount("k", "a", json("{'state':'FROZEN'}"))
                        .command())
                .isEqualTo(new Command.ChangeAccount("k", "a", AccountState.FROZEN, null));
        assertThat(problem(() -> CommandJson.changeAccount("k", "a", json("{'overdraftLimit':'5'}")))
                        .field())
                .isEqualTo("currency");
        assertThat(problem(() -> CommandJson.changeAccount("k", "a", json("{}")))
                        .field())
                .isEqualTo("state");
    }

    @Test
    void what_is_written_reads_back_equal() {
        Details details = new Details("réf \"1\"", "corr", Map.of("b", "2", "a", "ünï\\"));
        var transfer = new Command.Transfer("k", "a", "b", Money.of(7, "BHD"), details);
        var plain = new Command.Transfer("k2", "a", "b", Money.of(-1, "JPY"), Details.NONE);
        assertThat(CommandJson.transfer("k", JsonBody.bytes(CommandJson.write(transfer))))
                .isEqualTo(transfer);
        assertThat(CommandJson.bulk(JsonBody.bytes(CommandJson.write(List.of(transfer, plain)))))
                .containsExactly(transfer, plain);

        var post = new Command.Post(
                "k",
                List.of(Leg.debit("a", Money.of(1, "EUR")), new Leg("b", Side.CREDIT, Money.of(1, "EUR"))),
                details);
        assertThat(CommandJson.post("k", JsonBody.bytes(CommandJson.write(post))))
                .isEqualTo(post);

        var reverse = new Command.Reverse("k", 9, details);
        assertThat(CommandJson.reverse("k", 9, JsonBody.bytes(CommandJson.write(reverse))))
                .isEqualTo(reverse);
        assertThat(CommandJson.reverse("k", 9, null).details()).isEqualTo(Details.NONE);

        for (AccountSpec spec : List.of(
                AccountSpec.summary("s", "S", AccountType.ASSET, null),
                AccountSpec.posting("p", "P", AccountType.INCOME, Currency.of("JPY"), "s"),
                AccountSpec.posting("q", "Q", AccountType.LIABILITY, Currency.of("EUR"), "s")
                        .limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 12_345))) {
            var open = new Command.OpenAccount("k", spec);
            assertThat(CommandJson.openAccount("k", JsonBody.bytes(CommandJson.write(open))))
                    .isEqualTo(open);
        }
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
