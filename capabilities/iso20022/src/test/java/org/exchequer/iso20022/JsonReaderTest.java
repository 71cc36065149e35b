package org.exchequer.iso20022;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    private static final String TRANSFER = """
            {"messageType": "PACS_008", "messageVersion": "pacs.008.001.08", "messageId": "M-1",
             "created": "2026-01-31T10:00:00.123+08:00", "transactions": 1, "settlementMethod": "CLRG",
             "priority": "HIGH", "localInstrument": "INST", "instructionId": "I-1", "endToEndId": "E-1",
             "transactionId": "T-1", "uetr": "174c245f-2682-4291-ad67-2a41e530cd27", "amount": "12.5",
             "currency": "SGD", "settlementDate": "2026-01-31", "accepted": "2026-01-31T01:59:59Z",
             "instructingBic": "COBADEFFXXX", "instructedBic": "DBSSSGSG", "debtorName": "Müller & Söhne",
             "debtorIban": "DE89370400440532013000", "debtorAgentBic": "COBADEFFXXX", "debtorCountry": "DE",
             "creditorName": "陳大文", "creditorAccount": "0123456789", "creditorAgentBic": "DBSSSGSG",
             "creditorCountry": "SG", "creditorBirthDate": "1980-02-29", "purpose": "GDDS",
             "remittance": "invoice 7 and 8", "reasonCode": null}""";

    private static final String CANCELLATION = """
            {"messageType": "CAMT_056", "messageVersion": "camt.056.001.08", "messageId": "A-1",
             "created": "2026-01-31T10:00:00Z", "instructionId": "C-1", "instructingBic": "COBADEFFXXX",
             "instructedBic": "DBSSSGSG", "originalMessageId": "M-0", "originalMessageType": "pacs.008.001.08",
             "originalInstructionId": "I-1", "originalEndToEndId": "E-1", "originalTransactionId": "T-1",
             "originalUetr": "174c245f-2682-4291-ad67-2a41e530cd27", "originalAmount": "12.5",
             "originalCurrency": "SGD", "reasonCode": "DUPL"}""";

    private final JsonReader reader = new JsonReader();

    private Reading read(String json) {
        return reader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private List<Finding> findings(String json) {
        return switch (read(json)) {
            case Reading.Read _ -> List.of();
            case Reading.Invalid invalid -> invalid.findings();
            case Reading.Unreadable unreadable -> List.of(unreadable.finding());
        };
    }

    @Test
    void the_same_message_in_both_forms_is_the_same_instruction() {
        MessageReader xml = new MessageReader();
        assertThat(read(TRANSFER)).isEqualTo(xml.read(Samples.bytes(Samples.transfer(8))));
        assertThat(read(CANCELLATION)).isEqualTo(xml.read(Samples.bytes(Samples.cancellation(8))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "amount": "12.5"     | "amount": 12.5           | AM12 | /amount
            "amount": "12.5"     | "amount": "12.505"       | CH20 | /amount
            "amount": "12.5"     | "amount": "12."          | AM12 | /amount
            "amount": "12.5"     | "amount": "0.0"          | AM01 | /amount
            "amount": "12.5",    |                          | AM12 | /amount
            "currency": "SGD"    | "currency": "XAU"        | AM11 | /currency
            "transactions": 1    | "transactions": "2"      | AM18 | /transactions
            DE8937               | DE8837                   | AC01 | /debtorIban
            "CLRG"               | "CASH"                   | FF03 | /settlementMethod
            "M-1"                | {"a": ["M-1"]}           | CH16 | /messageId
            "messageId": "M-1",  |                          | CH21 | /messageId
            "priority"           | "urgency"                | CH17 | /urgency
            "priority"           | "a\\u0000b"             | CH17 | /a�b
            "M-1"                | "M\\u0000"              | CH16 | /messageId
            "M-1"                | "M\\ufffe"              | CH16 | /messageId
            "陳大文"             | "x\\ud800"              | CH16 | /creditorName
            "debtorIban"         | "debtorAccount": "1", "debtorIban" | CH17 | /debtorAccount
            """)
    void each_broken_rule_has_its_code_and_path(String good, String bad, String code, String path) {
        assertThat(TRANSFER).contains(good);
        assertThat(findings(TRANSFER.replace(good, bad == null ? "" : bad)))
                .extracting(Finding::code, Finding::path)
                .containsExactly(Tuple.tuple(code, path));
    }

    @Test
    void a_cancellation_of_nothing_is_refused() {
        String nothing = CANCELLATION
                .replaceAll("\"original(Instruction|EndToEnd|Transaction)Id\": \"...\",", "")
                .replaceAll("\"originalUetr\": \"[^\"]*\",", "");
        assertThat(findings(nothing)).extracting(Finding::code).containsExactly("CH21");
    }

    /** A slash in two bytes, half of a pair, a character that breaks off, one beyond the last there is. */
    @ParameterizedTest
    @ValueSource(strings = {"C0AF", "EDA080", "E69D", "F4908080", "FF"})
    void what_is_no_utf_8_is_unreadable_in_either_form(String hexadecimal) {
        String bytes = new String(HexFormat.of().parseHex(hexadecimal), StandardCharsets.ISO_8859_1);
        assertThat(reader.read(TRANSFER.replace("M-1", "M" + bytes).getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(Reading.Unreadable.class);
        String xml = new String(Samples.bytes(Samples.transfer(8)), StandardCharsets.UTF_8);
        assertThat(xml).contains(">M-1<");
        assertThat(new MessageReader()
                        .read(xml.replace(">M-1<", ">M" + bytes + "<").getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(Reading.Unreadable.class);
    }

    @Test
    void what_is_no_message_is_unreadable() {
        byte[] whole = TRANSFER.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length += 50) {
            assertThat(reader.read(Arrays.copyOf(whole, length))).isInstanceOf(Reading.Unreadable.class);
        }
        for (String bad : List.of(
                "[]",
                "7",
                TRANSFER + "{}",
                TRANSFER.replace("PACS_008", "PACS_009"),
                TRANSFER.replace("pacs.008.001.08", "pacs.008.001.99"),
                TRANSFER.replace("\"created\"", "\"messageId\""),
                TRANSFER.replace("\"M-1\"", "[".repeat(5000)),
                TRANSFER.replace("M-1", "x".repeat(5000)),
                "{\"messageType\": \"" + "x".repeat(1 << 20) + "\"}")) {
            assertThat(read(bad))
                    .as(bad.substring(0, Math.min(80, bad.length())))
                    .isInstanceOf(Reading.Unreadable.class);
        }
        assertThat(reader.read(TRANSFER.getBytes(StandardCharsets.ISO_8859_1))).isInstanceOf(Reading.Unreadable.class);
    }
}
