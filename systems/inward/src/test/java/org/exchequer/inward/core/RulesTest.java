package org.exchequer.inward.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.exchequer.inward.core.Terms.Range;
import org.exchequer.inward.core.Terms.Standing;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.Instruction;
import org.exchequer.iso20022.JsonReader;
import org.exchequer.iso20022.Reading;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RulesTest {
    private static final Map<String, Standing> BANKS =
            Map.of("DBSSSGSG", Standing.ACTIVE, "OCBCSGSG", Standing.OFFLINE, "GONESGSG", Standing.SUSPENDED);
    private static final Terms TERMS = new Terms(
            Instant.parse("2026-03-02T10:00:00Z"),
            LocalDate.parse("2026-03-02"),
            Set.of("EXCQSGSG"),
            Map.of("SGD", new Range(sgd("0.01"), sgd("200000.00"))),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            1,
            bic -> Optional.ofNullable(BANKS.get(bic)));
    private static final String GOOD = """
            {"messageType":"PACS_008","messageId":"M1","created":"2026-03-02T09:59:59Z","settlementMethod":"CLRG",
             "endToEndId":"E1","uetr":"6b1d1c3e-7d3a-4c53-9a57-1c1f0c3b9a10","amount":"10.00","currency":"SGD",
             "settlementDate":"2026-03-02","instructingBic":"DBSSSGSG","instructedBic":"EXCQSGSGXXX",
             "debtorName":"Tan Wei","debtorAccount":"111","creditorName":"Lim Hui","creditorAccount":"222"}""";

    static Stream<Arguments> broken() {
        return Stream.of(
                change("instructingBic", "DBSSSGSG", "NOBOSGSG", "AGNT", "CdtTrfTxInf/InstgAgt/FinInstnId/BICFI"),
                change("instructingBic", "DBSSSGSG", "GONESGSG", "AG10", "CdtTrfTxInf/InstgAgt/FinInstnId/BICFI"),
                change("instructedBic", "EXCQSGSGXXX", "DBSSSGSG", "RC01", "CdtTrfTxInf/InstdAgt/FinInstnId/BICFI"),
                change("created", "2026-03-02T09:59:59Z", "2026-03-02T09:59:29Z", "AB06", "GrpHdr/CreDtTm"),
                change("created", "2026-03-02T09:59:59Z", "2026-03-02T10:05:01Z", "DT01", "GrpHdr/CreDtTm"),
                change("settlementMethod", "CLRG", "INDA", "CH16", "GrpHdr/SttlmInf/SttlmMtd"),
                change("settlementDate", "2026-03-02", "2026-03-01", "DT01", "CdtTrfTxInf/IntrBkSttlmDt"),
                change("settlementDate", "2026-03-02", "2026-03-04", "DT01", "CdtTrfTxInf/IntrBkSttlmDt"),
                change("currency", "SGD", "USD", "AM03", "CdtTrfTxInf/IntrBkSttlmAmt"),
                change("amount", "10.00", "200000.01", "AM02", "CdtTrfTxInf/IntrBkSttlmAmt"),
                change("creditorAccount", "222", "111", "AC03", "CdtTrfTxInf/CdtrAcct/Id"));
    }

    private static Arguments change(String member, String from, String to, String code, String path) {
        return Arguments.of(member, from, to, code, "/Document/FIToFICstmrCdtTrf/" + path);
    }

    @Test
    void takesWhatBreaksNoRule() {
        assertThat(Rules.check(read(GOOD), TERMS)).isEmpty();
        assertThat(Rules.check(read(GOOD.replace("DBSSSGSG", "OCBCSGSG")), TERMS))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("broken")
    void namesTheRuleThatIsBroken(String member, String from, String to, String code, String path) {
        String changed = GOOD.replace("\"" + member + "\":\"" + from + "\"", "\"" + member + "\":\"" + to + "\"");
        assertThat(changed).isNotEqualTo(GOOD);
        assertThat(Rules.check(read(changed), TERMS))
                .extracting(Finding::code, Finding::path)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(code, path));
    }

    @Test
    void missesWhatMustBeThere() {
        for (Map.Entry<String, String> part : Map.of(
                        ",\"debtorAccount\":\"111\"", "AC02",
                        ",\"creditorAccount\":\"222\"", "AC03",
                        "\"debtorName\":\"Tan Wei\",", "BE08",
                        ",\"creditorName\":\"Lim Hui\"", "BE22",
                        "\"uetr\":\"6b1d1c3e-7d3a-4c53-9a57-1c1f0c3b9a10\",", "CH21")
                .entrySet()) {
            String without = GOOD.replace(part.getKey(), "");
            assertThat(without).as(part.getKey()).isNotEqualTo(GOOD);
            assertThat(Rules.check(read(without), TERMS))
                    .extracting(Finding::code)
                    .containsExactly(part.getValue());
        }
    }

    @Test
    void givesAllThatIsBrokenInOrderOfPrecedence() {
        String bad = GOOD.replace("DBSSSGSG", "NOBOSGSG").replace("10.00", "900000.00");
        assertThat(Rules.check(read(bad), TERMS)).extracting(Finding::code).containsExactly("AGNT", "AM02");
    }

    @Test
    void hasNamesOfItsOwnForEachRule() {
        List<String> names = Rules.LIST.stream().map(Rules.Rule::name).toList();
        assertThat(new HashSet<>(names)).hasSameSizeAs(names);
    }

    private static Instruction read(String json) {
        return ((Reading.Read) new JsonReader().read(json.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .instruction();
    }

    private static Money sgd(String amount) {
        return Money.parse(amount, Currency.of("SGD"));
    }
}
