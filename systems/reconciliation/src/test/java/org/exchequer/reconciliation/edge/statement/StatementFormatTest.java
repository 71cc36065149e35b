package org.exchequer.reconciliation.edge.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.reconciliation.api.BadStatementException;
import org.exchequer.reconciliation.api.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementFormatTest {
    private static final Currency EUR = Currency.of("EUR");

    private static Statement read(StatementFormat format, String text) {
        return read(format, text, "");
    }

    private static Statement read(StatementFormat format, String text, String account) {
        try {
            return format.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), EUR, account, 1_000);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void refused(StatementFormat format, String text, String message) {
        assertThatThrownBy(() -> read(format, text))
                .isInstanceOf(BadStatementException.class)
                .hasMessage(message);
    }

    private static Line line(String id, String date, long amount, String reference) {
        return new Line(id, LocalDate.parse(date), amount, reference);
    }

    @Test
    void csv() {
        Statement statement = read(StatementFormat.CSV, """
                \ufeffamount,date,reference,valueDate,id
                10.50,2026-03-09,"INV 7, ""a\""",2026-03-10,B1

                -3,2026-03-10,,,
                -3,2026-03-10,,,
                """);
        assertThat(statement.lines())
                .containsExactly(
                        line("2026-03-09/1050/INV 7, \"a\"/B1", "2026-03-10", 1050, "INV 7, \"a\""),
                        line("2026-03-10/-300/", "2026-03-10", -300, ""),
                        line("2026-03-10/-300/#2", "2026-03-10", -300, ""));
        assertThat(statement.from()).contains(LocalDate.parse("2026-03-09"));
        assertThat(statement.to()).contains(LocalDate.parse("2026-03-10"));
    }

    @Test
    void csv_that_is_wrong_names_line_and_field() {
        refused(StatementFormat.CSV, "", "the file: header is missing: the file is empty");
        refused(
                StatementFormat.CSV,
                "date,sum\n",
                "line 1: header has the column \"sum\"; known are amount, currency,"
                        + " date, id, reference, valueDate");
        refused(StatementFormat.CSV, "date,reference\n", "line 1: amount is missing from the header");
        String header = "date,amount,currency\n";
        refused(StatementFormat.CSV, header + "2026-02-29,1,EUR\n", "line 2: date must be a day such as 2026-03-31");
        refused(
                StatementFormat.CSV,
                header + "2026-02-28,1.005,EUR\n",
                "line 2: amount must fit EUR: at most 2 decimals and 63 bits");
        refused(
                StatementFormat.CSV,
                header + "\n2026-02-28,1,USD\n",
                "line 3: currency must be EUR like the account, is USD");
        refused(
                StatementFormat.CSV,
                header + "2026-02-28,1\n",
                "line 2: row must have 3 values like the header, has 2");
        refused(
                StatementFormat.CSV,
                header + "2026-02-28,1,\"EUR\n\"\n",
                "line 2: row has quotes that do not close within the line, or text beside them");
        refused(StatementFormat.CSV, header + "x".repeat(20_000), "line 2: row must have at most 16384 bytes");
        refused(
                StatementFormat.CSV,
                header + "2026-02-28,1,EUR\n".repeat(1_001),
                "line 1002: statement must have at most 1000 lines");
    }

    private static String camt(String body) {
        return """
                <?xml version="1.0"?>
                <Envelope><AppHdr><Fr>x</Fr></AppHdr>
                <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr/>
                <Stmt><Acct><Id><IBAN>DE02100100100006820101</IBAN></Id></Acct>%s</Stmt>
                </BkToCstmrStmt></Document></Envelope>""".formatted(body);
    }

    private static String balance(String type, String amount) {
        return """
                <Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%s</Amt>
                <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-10</Dt></Dt></Bal>""".formatted(type, amount);
    }

    private static String entry(String amount, String indicator, String more) {
        return """
                <Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
                <BookgDt><DtTm>2026-03-10T23:59:59+01:00</DtTm></BookgDt>
                <ValDt><Dt>2026-03-11</Dt></ValDt>%s</Ntry>""".formatted(amount, indicator, more);
    }

    private static String detail(String reference, String amount) {
        return """
                <TxDtls><Refs><EndToEndId>%s</EndToEndId></Refs><Amt Ccy="EUR">%s</Amt>
                <CdtDbtInd>DBIT</CdtDbtInd></TxDtls>""".formatted(reference, amount);
    }

    @Test
    void camt_details_that_add_up_are_lines_of_their_own() {
        Statement statement = read(
                StatementFormat.CAMT053,
                camt(balance("OPBD", "100.00")
                        + balance("CLBD", "70.00000")
                        + entry("25", "DBIT", "<NtryDtls>" + detail("E1", "10") + detail("E2", "15") + "</NtryDtls>")
                        + entry(
                                "15",
                                "DBIT",
                                "<AcctSvcrRef>BK</AcctSvcrRef><NtryDtls><Btch><PmtInfId>FILE-9</PmtInfId></Btch>"
                                        + detail("E3", "10")
                                        + detail("E4", "4")
                                        + "</NtryDtls>")
                        + entry(
                                "10",
                                "CRDT",
                                "<RvslInd>true</RvslInd><NtryDtls>" + detail("NOTPROVIDED", "10") + "</NtryDtls>")
                        + "<Ntry><Amt Ccy=\"EUR\">5</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>PDNG</Sts></Ntry>"));
        assertThat(statement.lines())
                .containsExactly(
                        line("2026-03-10/-1000/E1", "2026-03-11", -1000, "E1"),
                        line("2026-03-10/-1500/E2", "2026-03-11", -1500, "E2"),
                        line("2026-03-10/-1500/FILE-9/BK", "2026-03-11", -1500, "FILE-9"),
                        line("2026-03-10/1000/", "2026-03-11", 1000, ""));
        assertThat(statement.account()).isEqualTo("DE02100100100006820101");
        assertThat(statement.opening()).contains(Money.of(10_000, "EUR"));
        assertThat(statement.closing()).contains(Money.of(7_000, "EUR"));
        assertThat(statement.balancesChecked()).isEqualTo(1);
        assertThat(statement.passedOver()).isEqualTo(1);
    }

    @Test
    void camt_that_is_wrong_names_entry_and_field() {
        refused(
                StatementFormat.CAMT053,
                camt(balance("OPBD", "1") + balance("CLBD", "3") + entry("1", "CRDT", "")),
                "statement 1: CLBD is 3.00, but the opening balance and the entries make 2.00");
        refused(
                StatementFormat.CAMT053,
                camt(entry("1", "CRDT", "") + entry("-1", "CRDT", "")),
                "statement 1, entry 2: Ntry/Amt must be a decimal number without sign, such as 10.50");
        refused(
                StatementFormat.CAMT053,
                camt(entry("1", "CREDIT", "")),
                "statement 1, entry 1: Ntry/CdtDbtInd must be CRDT or DBIT");
        refused(
                StatementFormat.CAMT053,
                camt(entry("1", "CRDT", "")).replace("Ccy=\"EUR\"", "Ccy=\"USD\""),
                "statement 1, entry 1: Stmt/Ntry/Amt Ccy must be EUR like the account, is USD");
        refused(
                StatementFormat.CAMT053,
                camt("").replace("camt.053.001.08", "camt.052.001.08"),
                "the file: Document must be camt.053.001.02 to camt.053.001.13, is camt.052.001.08");
        refused(StatementFormat.CAMT053, "date,amount\n", "line 1: XML is not well-formed");
        refused(StatementFormat.CAMT053, camt("<Ntry>"), "line 4: XML is not well-formed");
        refused(StatementFormat.CAMT053, "<a/>", "the file: Stmt is missing: this is no camt.053");
        refused(
                StatementFormat.CAMT053,
                camt("<Ntry><AddtlNtryInf>" + "x".repeat(5_000) + "</AddtlNtryInf></Ntry>"),
                "statement 1, entry 1: Stmt/Ntry/AddtlNtryInf must have at most 4096 characters");
    }

    @Test
    void xml_reads_no_other_files() {
        refused(
                StatementFormat.CAMT053,
                "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                        + camt(entry("1", "CRDT", "&x;")).substring(22),
                "the file: XML must have no document type");
    }

    @Test
    void of_several_accounts_one_is_named() {
        String second = camt(entry("2", "CRDT", "")).replace("DE02100100100006820101", "OTHER");
        String both = camt(entry("1", "CRDT", ""))
                .replace(
                        "</BkToCstmrStmt>",
                        second.substring(second.indexOf("<Stmt>"), second.indexOf("</BkToC")) + "</BkToCstmrStmt>");
        refused(
                StatementFormat.CAMT053,
                both,
                "statement 2, entry 1: Acct/Id is OTHER after DE02100100100006820101: name the one to read");
        assertThat(read(StatementFormat.CAMT053, both, "OTHER").lines())
                .extracting(Line::amount)
                .containsExactly(200L);
        assertThatThrownBy(() -> read(StatementFormat.CAMT053, both, "THIRD")).hasMessageContaining("does not occur");
    }

    private static final String MT940 = """
            {1:F01BANKDEFFA1010000000000}{2:O9401700221020BANKGB2LA10100000000002210201700N}{4:
            :20:START
            :25:DE02100100100006820101
            :28C:1/1
            :60F:C260309EUR100,
            :61:2603100309D25,5NTRFINV-7//BANK1
            :86:some text
            /more
            :61:260310C10,NTRFNONREF
            :86:/EREF/an end-to-end id/REMI/text
            :62M:C260310EUR84,5
            -}
            {1:F01BANKDEFFA1010000000000}{2:O9401700221020BANKGB2LA10100000000002210201700N}{4:
            :20:START
            :25:DE02100100100006820101
            :28C:1/2
            :60M:C260310EUR84,5
            :61:2601021231RC4,5NTRFNONREF
            :62F:C260310EUR80,
            -}
            """;

    @Test
    void mt940() {
        Statement statement = read(StatementFormat.MT940, MT940);
        assertThat(statement.lines())
                .containsExactly(
                        line("2026-03-09/-2550/INV-7/BANK1", "2026-03-10", -2550, "INV-7"),
                        line("2026-03-10/1000/an end-to-end id", "2026-03-10", 1000, "an end-to-end id"),
                        line("2025-12-31/-450/", "2026-01-02", -450, ""));
        assertThat(statement.balancesChecked()).isEqualTo(2);
        assertThat(statement.opening()).contains(Money.of(10_000, "EUR"));
        assertThat(statement.closing()).contains(Money.of(8_000, "EUR"));
        assertThat(statement.account()).isEqualTo("DE02100100100006820101");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            :62F:C260310EUR80,     | :62F:C260310EUR80,01  | line 19: :62F: is 80.01, but the opening balance
            :60M:C260310EUR84,5    | :60M:C260310EUR84,    | line 17: :60M: must be the closing balance
            :61:2603100309D25,5    | :61:2613100309D25,5   | line 6: :61: value date is no day of the calendar
            :61:2603100309D25,5    | :61:2603100309X25,5   | line 6: :61: mark must be C, D, RC or RD
            :60F:C260309EUR100,    | :60F:C260309USD100,   | line 5: :60F: must be EUR like the account, is USD
            :60F:C260309EUR100,    | :21:REF               | line 6: :60F: is missing before the first line
            :62F:C260310EUR80,     | :21:REF               | line 19: :62F: is missing: the last message is cut off
            """)
    void mt940_that_is_wrong_names_line_and_field(String right, String wrong, String message) {
        assertThatThrownBy(() -> read(StatementFormat.MT940, MT940.replace(right.strip(), wrong.strip())))
                .isInstanceOf(BadStatementException.class)
                .hasMessageStartingWith(message.strip());
    }

    @Test
    void what_is_no_mt940_is_refused() {
        refused(StatementFormat.MT940, "date,amount\n", "line 1: row belongs to no field: this is no MT940");
        refused(StatementFormat.MT940, "", "the file: :60F: is missing: this is no MT940");
    }

    @Test
    void the_format_follows_from_the_name() {
        assertThat(StatementFormat.of("a/B.XML")).isEqualTo(StatementFormat.CAMT053);
        assertThat(StatementFormat.of("x.sta")).isEqualTo(StatementFormat.MT940);
        assertThat(StatementFormat.of("x.csv")).isEqualTo(StatementFormat.CSV);
    }
}
