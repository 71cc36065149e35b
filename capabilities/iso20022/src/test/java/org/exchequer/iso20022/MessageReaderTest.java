package org.exchequer.iso20022;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import org.exchequer.iso20022.Instruction.Priority;
import org.exchequer.iso20022.Instruction.SettlementMethod;
import org.exchequer.kernel.Money;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {
    private static final String IN_TRANSFER = "/Document/FIToFICstmrCdtTrf/";
    private static final String UETR = "174c245f-2682-4291-ad67-2a41e530cd27";

    private final MessageReader reader = new MessageReader();

    private Reading read(String xml) {
        return reader.read(Samples.bytes(xml));
    }

    private Instruction accepted(String xml) {
        return switch (read(xml)) {
            case Reading.Read read -> read.instruction();
            case Reading.Invalid invalid -> throw new AssertionError(invalid.findings());
            case Reading.Unreadable unreadable -> throw new AssertionError(unreadable.finding());
        };
    }

    private List<Finding> findings(String xml) {
        return switch (read(xml)) {
            case Reading.Read _ -> List.of();
            case Reading.Invalid invalid -> invalid.findings();
            case Reading.Unreadable unreadable -> List.of(unreadable.finding());
        };
    }

    @Test
    void a_transfer_is_read_whole() {
        Account account = new Account("0123456789", false);
        Party creditor = new Party("陳大文", account, "DBSSSGSG", "SG", LocalDate.of(1980, 2, 29));
        assertThat(accepted(Samples.transfer(8)))
                .isEqualTo(new Instruction(
                        MessageType.PACS_008,
                        "pacs.008.001.08",
                        "M-1",
                        OffsetDateTime.parse("2026-01-31T10:00:00.123+08:00"),
                        1,
                        "I-1",
                        "E-1",
                        "T-1",
                        UETR,
                        Money.of(1250, "SGD"),
                        LocalDate.of(2026, 1, 31),
                        OffsetDateTime.parse("2026-01-31T01:59:59Z"),
                        SettlementMethod.CLRG,
                        "INST",
                        Priority.HIGH,
                        "COBADEFFXXX",
                        "DBSSSGSG",
                        new Party(
                                "Müller & Söhne",
                                new Account("DE89370400440532013000", true),
                                "COBADEFFXXX",
                                "DE",
                                null),
                        creditor,
                        "GDDS",
                        "invoice 7 and 8",
                        null));
    }

    @Test
    void a_debit_a_reversal_and_a_cancellation_are_read() {
        Instruction debit = accepted(Samples.debit(8));
        assertThat(debit.amount()).isEqualTo(Money.of(1250, "JPY"));
        assertThat(debit.settlementDate()).isEqualTo(LocalDate.of(2026, 1, 31));
        Instruction reversal = accepted(Samples.reversal(10));
        assertThat(reversal.instructionId()).isEqualTo("R-1");
        assertThat(reversal.amount()).isEqualTo(Money.of(1250, "SGD"));
        assertThat(reversal.original())
                .isEqualTo(new Original(
                        "M-0",
                        "pacs.008.001.08",
                        "I-1",
                        "E-1",
                        "T-1",
                        UETR,
                        Money.of(1250, "SGD"),
                        "AM05",
                        "sent twice"));
        Instruction cancellation = accepted(Samples.cancellation(11));
        assertThat(cancellation.messageId()).isEqualTo("A-1");
        assertThat(cancellation.instructingBic()).isEqualTo("COBADEFFXXX");
        assertThat(cancellation.instructedBic()).isEqualTo("DBSSSGSG");
        assertThat(cancellation.amount()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Ccy="SGD">12.5            | Ccy="SGD">0              | AM01 | CdtTrfTxInf/IntrBkSttlmAmt
            Ccy="SGD">12.5            | Ccy="SGD">-12.5          | AM12 | CdtTrfTxInf/IntrBkSttlmAmt
            Ccy="SGD">12.5            | Ccy="SGD">12,5           | AM12 | CdtTrfTxInf/IntrBkSttlmAmt
            Ccy="SGD">12.5            | Ccy="SGD">12.500         | CH20 | CdtTrfTxInf/IntrBkSttlmAmt
            Ccy="SGD">12.5            | Ccy="JPY">12.5           | CH20 | CdtTrfTxInf/IntrBkSttlmAmt
            Ccy="SGD">12.5            | Ccy="DEM">12.5           | AM11 | CdtTrfTxInf/IntrBkSttlmAmt/@Ccy
            Ccy="SGD">12.5            | Ccy="sgd">12.5           | AM11 | CdtTrfTxInf/IntrBkSttlmAmt/@Ccy
            Ccy="SGD">12.5            | >12.5                    | AM11 | CdtTrfTxInf/IntrBkSttlmAmt/@Ccy
            Ccy="SGD">12.5            | Ccy="BHD">999999999999999999 | AM12 | CdtTrfTxInf/IntrBkSttlmAmt
            DE89370400440532013000    | DE88370400440532013000   | AC01 | CdtTrfTxInf/DbtrAcct/Id/IBAN
            DE89370400440532013000    | de89370400440532013000   | AC01 | CdtTrfTxInf/DbtrAcct/Id/IBAN
            <BICFI>COBADEFFXXX        | <BICFI>COBADEFFXX        | RC01 | GrpHdr/InstgAgt/FinInstnId/BICFI
            <BICFI>COBADEFFXXX        | <BICFI>COBAZZFFXXX       | RC01 | GrpHdr/InstgAgt/FinInstnId/BICFI
            <IntrBkSttlmDt>2026-01-31 | <IntrBkSttlmDt>2026-02-30 | DT01 | GrpHdr/IntrBkSttlmDt
            <CreDtTm>2026-01-31T10    | <CreDtTm>2026-01-31T25   | DT02 | GrpHdr/CreDtTm
            <NbOfTxs>1                | <NbOfTxs>2               | AM18 | GrpHdr/NbOfTxs
            <CtryOfRes>SG             | <CtryOfRes>QQ            | BE09 | CdtTrfTxInf/Cdtr/CtryOfRes
            <EndToEndId>E-1</EndToEndId> | <!-- none -->         | FF08 | CdtTrfTxInf/PmtId/EndToEndId
            <ChrgBr>SLEV</ChrgBr>     | <?none?>                 | BE19 | CdtTrfTxInf/ChrgBr
            <MsgId>M-1</MsgId>        | <?none?>                 | CH21 | GrpHdr/MsgId
            <TxId>T-1                 | <TxId>123456789012345678901234567890123456 | CH16 | CdtTrfTxInf/PmtId/TxId
            <TxId>T-1</TxId>          | <TxId>T</TxId><TxId>T</TxId> | CH17 | CdtTrfTxInf/PmtId/TxId
            <TxId>T-1                 | <TxId>T<x/>              | CH17 | CdtTrfTxInf/PmtId/TxId/x
            <ChrgBr>                  | <Unknown/><ChrgBr>       | CH17 | CdtTrfTxInf/Unknown
            <ChrgBr>                  | <ChrgBr a="1">           | CH17 | CdtTrfTxInf/ChrgBr/@a
            <GrpHdr>                  | <GrpHdr>text             | CH17 | GrpHdr
            174c245f                  | 174C245F                 | CH16 | CdtTrfTxInf/PmtId/UETR
            """)
    void each_broken_rule_has_its_code_and_path(String good, String bad, String code, String path) {
        String message = Samples.transfer(8);
        assertThat(message).contains(good);
        assertThat(findings(message.replaceFirst(java.util.regex.Pattern.quote(good), bad)))
                .extracting(Finding::code, Finding::path)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(code, IN_TRANSFER + path));
    }

    @Test
    void what_was_readable_of_an_invalid_message_can_be_answered() {
        String broken = Samples.transfer(8).replace("Ccy=\"SGD\">12.5", "Ccy=\"SGD\">x");
        assertThat(read(broken))
                .isInstanceOfSatisfying(
                        Reading.Invalid.class,
                        invalid -> assertThat(invalid.known())
                                .isEqualTo(new Reading.Known(
                                        MessageType.PACS_008,
                                        "pacs.008.001.08",
                                        "M-1",
                                        "I-1",
                                        "E-1",
                                        "T-1",
                                        UETR,
                                        "COBADEFFXXX",
                                        "DBSSSGSG")));
    }

    @Test
    void an_order_a_choice_and_a_second_transaction_are_found() {
        String message = Samples.transfer(8);
        String swapped = message.replace("<TxId>T-1</TxId>", "")
                .replace("<InstrId>I-1</InstrId>", "<TxId>T-1</TxId><InstrId>I-1</InstrId>");
        assertThat(findings(swapped)).extracting(Finding::code).contains("CH17");
        assertThat(findings(message.replace("<Purp><Cd>GDDS</Cd></Purp>", "<Purp/>")))
                .extracting(Finding::code, Finding::path)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("CH21", IN_TRANSFER + "CdtTrfTxInf/Purp"));
        String transaction = message.substring(message.indexOf("<CdtTrfTxInf>"), message.indexOf("</FIToFI"));
        assertThat(findings(message.replace(transaction, transaction + transaction)))
                .extracting(Finding::code)
                .containsExactly("AM18");
    }

    @Test
    void findings_are_bounded() {
        String many = "<Unknown/>".repeat(1000);
        assertThat(findings(Samples.transfer(8).replace("<ChrgBr>", many + "<ChrgBr>")))
                .hasSize(Draft.MAX_FINDINGS);
    }

    @Test
    void older_versions_have_their_own_names_and_rules() {
        String old = Samples.transfer(2).replace("BICFI", "BIC").replaceFirst("<UETR>.*</UETR>", "");
        assertThat(requireNonNull(accepted(old).creditor()).agentBic()).isEqualTo("DBSSSGSG");
        assertThat(findings(Samples.transfer(2))).isNotEmpty();
        assertThat(read(Samples.transfer(13))).isInstanceOf(Reading.Unreadable.class);
    }

    @Test
    void an_envelope_around_is_passed_over() {
        String body = Samples.transfer(8);
        body = body.substring(body.indexOf("<Document"));
        assertThat(accepted("<e:Envelope xmlns:e=\"urn:e\"><AppHdr><Fr>x</Fr></AppHdr>" + body + "</e:Envelope>"))
                .isEqualTo(accepted(body));
        assertThat(read("<e>" + body + body + "</e>")).isInstanceOf(Reading.Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1"})
    void encodings_are_read_when_declared(String encoding) {
        String latin = Samples.transfer(8).replace("陳大文", "Åse Ærlig");
        byte[] encoded = latin.replace("encoding=\"UTF-8\"", "encoding=\"" + encoding + "\"")
                .getBytes(Charset.forName(encoding));
        assertThat(reader.read(encoded)).isEqualTo(new Reading.Read(accepted(latin)));
    }

    @Test
    void a_byte_order_mark_and_no_declaration_are_read() {
        String bare = Samples.transfer(8).substring(Samples.transfer(8).indexOf("<Document"));
        assertThat(accepted("\uFEFF" + bare)).isEqualTo(accepted(bare));
        assertThat(reader.read(("\uFEFF" + bare).getBytes(StandardCharsets.UTF_16BE)))
                .isEqualTo(new Reading.Read(accepted(bare)));
    }

    @Test
    void wrong_bytes_are_unreadable() {
        byte[] latin = Samples.transfer(8).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(reader.read(latin)).isInstanceOf(Reading.Unreadable.class);
        for (String bad : List.of(
                "",
                " ",
                "{}",
                "<",
                "<Document/>",
                "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.009.001.08\"/>",
                Samples.transfer(8).replace("M-1", "M\u0001"),
                Samples.transfer(8).replace("M-1", "&#1;"),
                Samples.transfer(8).replace("M-1", "\uFFFE"),
                Samples.transfer(8).replace("encoding=\"UTF-8\"", "encoding=\"IBM037\""),
                Samples.transfer(8).replace("encoding=\"UTF-8\"", "encoding=\"UTF-16\""),
                Samples.transfer(8).replace("version=\"1.0\"", "version=\"1.1\""),
                Samples.transfer(8) + "<more/>",
                Samples.transfer(8).replace("M-1", "&lol;"))) {
            assertThat(read(bad)).as(bad).isInstanceOf(Reading.Unreadable.class);
        }
    }

    @Test
    void hostile_xml_is_refused_in_bounded_time() {
        String start = "<?xml version=\"1.0\"?>\n";
        String body = Samples.transfer(8).substring(Samples.transfer(8).indexOf("<Document"));
        String external = "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>";
        StringBuilder laughs = new StringBuilder("<!DOCTYPE d [<!ENTITY a0 \"lol\">");
        for (int i = 1; i < 12; i++) {
            laughs.append("<!ENTITY a%d \"%s\">".formatted(i, ("&a" + (i - 1) + ";").repeat(10)));
        }
        String deep = "<a>".repeat(10_000) + "</a>".repeat(10_000);
        String attribute = "<Document x=\"" + "y".repeat(200_000) + "\" ";
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            for (String hostile : List.of(
                    start + external + body.replace("M-1", "&x;"),
                    start + "<!DOCTYPE d SYSTEM \"http://localhost:1/x.dtd\">" + body,
                    start + laughs + "]>" + body.replace("M-1", "&a11;"),
                    body.replace("<ChrgBr>", "<SplmtryData>" + deep + "</SplmtryData><ChrgBr>"),
                    body.replaceFirst("<Document ", attribute),
                    body.replace("M-1", "x".repeat(1 << 20)))) {
                assertThat(read(hostile)).isInstanceOf(Reading.Unreadable.class);
            }
            String pieces = "a<!---->".repeat(25_000);
            assertThat(findings(body.replace("M-1", pieces)))
                    .extracting(Finding::code)
                    .containsExactly("CH16");
        });
    }

    @Test
    void a_message_cut_anywhere_is_unreadable() {
        byte[] whole = Samples.bytes(Samples.transfer(8));
        for (int length = 0; length < whole.length; length += 50) {
            assertThat(reader.read(Arrays.copyOf(whole, length)))
                    .as("first %d bytes", length)
                    .isInstanceOf(Reading.Unreadable.class);
        }
    }
}
