package org.exchequer.ledger.edge.csv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.edge.csv.ImportRow.Movement;
import org.exchequer.ledger.edge.csv.ImportRow.Unreadable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportFileTest {
    private static final String HEADER = "key,debit,credit,amount,currency,reference,metadata.channel\n";
    private static final String BERKA_HEADER =
            "\"trans_id\";\"account_id\";\"date\";\"type\";\"operation\";\"amount\";\"balance\";\"k_symbol\";\"bank\";"
                    + "\"account\"\r\n";

    @Test
    void a_row_becomes_a_transfer() throws IOException {
        assertThat(bare(csv(HEADER + "k1,a,b,10.5,EUR,\"inv, \"\"1\"\"\",web\nk2,a,b,7,JPY,,\n")))
                .containsExactly(
                        movement(2, "EUR", transfer("k1", 1_050, "EUR", "inv, \"1\"", Map.of("channel", "web"))),
                        movement(3, "JPY", transfer("k2", 7, "JPY", null, Map.of())));
    }

    @Test
    void columns_stand_in_any_order_and_blank_lines_and_a_byte_order_mark_are_passed_over() throws IOException {
        assertThat(bare(csv("\ufeffcurrency,amount,credit,debit,key\r\n\r\nEUR,10.5,b,a,k1\r\n  \r\n")))
                .containsExactly(movement(3, "EUR", transfer("k1", 1_050, "EUR", null, Map.of())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            k,a,b,10.505,EUR,,         | amount    | EUR has 2 decimals
            k,a,b,1e3,EUR,,            | amount    | plain decimal
            k,a,b,,EUR,,               | amount    | is required
            k,a,b,1,EURO,,             | currency  | ISO 4217
            ,a,b,1,EUR,,               | key       | is required
            k 1,a,b,1,EUR,,            | key       | printable
            k,a b,b,1,EUR,,            | debit     | 1 to 64
            k,a,b;c,1,EUR,,            | credit    | 1 to 64
            k,a,b,1,EUR,               | row       | must have 7 values
            k,a,b,1,EUR,,,             | row       | must have 7 values
            k,a,b,1,EUR,"open,         | row       | quotes
            k,a,b,1,EUR,"x"y,          | row       | quotes
            k,a,b,92233720368547758.08,EUR,, | amount | largest
            """)
    void a_broken_row_is_named_and_costs_no_other(String row, String field, String rule) throws IOException {
        List<ImportRow> rows = csv(HEADER + row + "\nk9,a,b,1,EUR,,\n");
        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst()).isInstanceOfSatisfying(Unreadable.class, unreadable -> {
            assertThat(unreadable.line()).isEqualTo(2);
            assertThat(unreadable.field()).isEqualTo(field);
            assertThat(unreadable.rule()).contains(rule);
        });
        assertThat(rows.getLast()).isInstanceOf(Movement.class);
    }

    @Test
    void text_that_is_not_utf_8_and_endless_lines_cost_one_row() throws IOException {
        byte[] latin = (HEADER + "k,a,b,1,EUR,caf\u00e9,\n").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(bare(rows(latin, new CsvFormat())))
                .containsExactly(unreadable(2, "row", "is not UTF-8 text", false));
        List<ImportRow> rows = csv(HEADER + "k".repeat(10_000_000) + ",a,b,1,EUR,,\nk,a,b,1,EUR,,\n");
        assertThat(bare(rows).getFirst())
                .isEqualTo(unreadable(2, "row", "is longer than " + ImportFile.MAX_LINE_BYTES + " bytes", false));
        assertThat(rows.getLast()).isInstanceOf(Movement.class);
    }

    @Test
    void many_legs_dates_and_labels_fit_one_row() throws IOException {
        List<ImportRow> rows = csv("key,debit,credit,amount,currency,legs,valueDate,metadata,id,bookedAt\n"
                + "k1,,,,,DEBIT:a:x:1.50:EUR CREDIT:b:1.00:EUR CREDIT:c:0.50:EUR,2026-03-31,"
                + "\"{\"\"k\"\":\"\"v, w\"\"}\",17,2026-04-01T00:00:00Z\n");
        Command.Post post = new Command.Post(
                "k1",
                List.of(
                        Leg.debit("a:x", Money.of(150, "EUR")),
                        Leg.credit("b", Money.of(100, "EUR")),
                        Leg.credit("c", Money.of(50, "EUR"))),
                new Details(null, null, LocalDate.of(2026, 3, 31), Map.of("k", "v, w")));
        assertThat(bare(rows)).containsExactly(movement(2, post, Map.of("EUR", Money.of(150, "EUR"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            a,b,1,EUR,DEBIT:a:1:EUR CREDIT:b:1:EUR,,      | debit
            ,,,,DEBIT:a:1:EUR,,                           | legs
            ,,,,DEBIT:a:1:EUR CREDIT:1:EUR,,              | legs[1]
            ,,,,DEBIT:a:1:EUR credit:b:1:EUR,,            | legs[1]
            ,,,,DEBIT:a:1:EUR CREDIT:b:1:EUX,,            | legs[1]
            ,,,,DEBIT:a:1:EUR  CREDIT:b:1:EUR,,           | legs[1]
            a,b,1,EUR,,31.03.2026,                        | valueDate
            a,b,1,EUR,,,nothing                           | metadata
            a,b,1,EUR,,,{}x                               | metadata
            """)
    void broken_legs_dates_and_labels_are_named(String row, String field) throws IOException {
        List<ImportRow> rows = csv("key,debit,credit,amount,currency,legs,valueDate,metadata\nk," + row + "\n");
        assertThat(rows.getFirst())
                .isInstanceOfSatisfying(
                        Unreadable.class, broken -> assertThat(broken.field()).isEqualTo(field));
    }

    @Test
    void accounts_are_read_with_their_limits() throws IOException {
        String header = String.join(",", AccountsFormat.COLUMNS) + "\n";
        List<ImportRow> rows = rows(
                (header + "2000,Customers,LIABILITY,CREDIT,,,NONE,,,,,OPEN\n"
                                + "2000.a,Anna,LIABILITY,CREDIT,BTC/8,2000,DEBITS_MAY_NOT_EXCEED_CREDITS,1,,2.5,,"
                                + "FROZEN\n"
                                + "2000.b,Bob,LIABILITY,CREDIT,,2000,NONE,1,,,,OPEN\n"
                                + "2000.c,Carl,LOAN,CREDIT,EUR,2000,NONE,,,,,OPEN\n")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                new AccountsFormat());
        AccountSpec customers = AccountSpec.summary("2000", "Customers", AccountType.LIABILITY, null);
        AccountSpec anna = AccountSpec.posting("2000.a", "Anna", AccountType.LIABILITY, Currency.of("BTC/8"), "2000")
                .limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 100_000_000)
                .bounded(new Bounds(null, 250_000_000L));
        assertThat(rows.subList(0, 2))
                .extracting(row -> ((Command.OpenAccount) ((Movement) row).command()).account())
                .containsExactly(customers, anna);
        assertThat(rows.getFirst().key()).matches("import-account-2000-[0-9a-f]{16}");
        assertThat(rows.subList(2, 4).stream().map(row -> ((Unreadable) row).field()))
                .containsExactly("overdraftLimit", "type");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            ~~                                   | header
            key,debit,credit,amount              | currency
            key,debit,credit,amount,currency,foo | foo
            key,key,debit,credit,amount,currency | key
            key;debit;credit;amount;currency     | key;debit;credit;amount;currency
            """)
    void a_header_that_is_not_ours_is_refused(String header, String field) {
        assertThatThrownBy(() -> csv(header))
                .isInstanceOfSatisfying(
                        org.exchequer.ledger.api.FieldError.class,
                        error -> assertThat(error.field()).isEqualTo(field));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            1;42;930131;"PRIJEM";"VKLAD";700.00;700.00;"";; | berka.cash.PRIJEM | berka.cust.42
            1;42;930131;"PRIJEM";"";0.80;6182.80;"UROK";; | berka.expense.interest | berka.cust.42
            1;42;930131;"PRIJEM";"PREVOD Z UCTU";5.00;0;"DUCHOD";"AB";"12345678" | berka.bank.AB | berka.cust.42
            1;42;930131;"VYDAJ";"PREVOD NA UCET";5.00;0;" ";"YZ";"12345678" | berka.cust.42 | berka.bank.YZ
            1;42;930131;"VYDAJ";"VYBER";5.00;0;"";; | berka.cust.42 | berka.cash.VYDAJ
            1;42;930131;"VYDAJ";"VYBER";5.00;0;"SIPO";;"12345678" | berka.cust.42 | berka.cash.VYDAJ
            1;42;930131;"VYDAJ";"VYBER";5.00;0;"SLUZBY";; | berka.cust.42 | berka.income.fees
            1;42;930131;"VYDAJ";"VYBER";5.00;0;"SANKC. UROK";; | berka.cust.42 | berka.income.penalty-interest
            1;42;930131;"VYDAJ";"VYBER KARTOU";5.00;0;"";;"12345678" | berka.cust.42 | berka.card
            1;42;930131;"VYBER";"VYBER";5.00;0;"";; | berka.cust.42 | berka.cash.VYBER
            """)
    void a_berka_movement_stands_against_its_counter_account(String row, String debit, String credit)
            throws IOException {
        ImportRow read = rows((BERKA_HEADER + row + "\r\n").getBytes(UTF_8), new BerkaFormat())
                .getFirst();
        assertThat(read).isInstanceOfSatisfying(Movement.class, movement -> {
            assertThat(transferOf(movement).key()).isEqualTo("berka-1");
            assertThat(transferOf(movement).debitAccount()).isEqualTo(debit);
            assertThat(transferOf(movement).creditAccount()).isEqualTo(credit);
            assertThat(transferOf(movement).details().metadata()).containsEntry("date", "1993-01-31");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            1;42;930231;"PRIJEM";"VKLAD";700.00;700.00;"";;               | date
            1;42;93013;"PRIJEM";"VKLAD";700.00;700.00;"";;                | date
            1;0;930131;"PRIJEM";"VKLAD";700.00;700.00;"";;                | account_id
            x;1;930131;"PRIJEM";"VKLAD";700.00;700.00;"";;                | trans_id
            1;1;930131;"PRIJE";"VKLAD";700.00;700.00;"";;                 | type
            1;1;930131;"PRIJEM";"VYBER";700.00;700.00;"";;                | operation
            1;1;930131;"VYDAJ";"VKLAD";700.00;700.00;"";;                 | operation
            1;1;930131;"PRIJEM";"";700.00;700.00;"";;                     | operation
            1;1;930131;"PRIJEM";"PREVOD Z UCTU";7.00;700.00;"";;"1"       | bank
            1;1;930131;"PRIJEM";"VKLAD";700.001;700.00;"";;               | amount
            1;1;930131;"PRIJEM";"VKLAD";700.00;700.00;"";                 | row
            1;1;930131;"PRIJEM                                            | row
            """)
    void a_berka_row_that_does_not_fit_is_not_guessed(String row, String field) throws IOException {
        assertThat(rows((BERKA_HEADER + row + "\r\n").getBytes(UTF_8), new BerkaFormat()))
                .singleElement()
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        unreadable -> assertThat(unreadable.field()).isEqualTo(field));
    }

    @Test
    void a_berka_row_without_line_end_is_cut_even_when_it_looks_whole() throws IOException {
        String whole = "1;42;930131;\"PRIJEM\";\"PREVOD Z UCTU\";5.00;0;\"\";\"AB\";123";
        assertThat(bare(rows((BERKA_HEADER + whole).getBytes(UTF_8), new BerkaFormat())))
                .containsExactly(unreadable(2, "row", "is cut off by the end of the file", true));
    }

    @Test
    void a_generated_file_is_wholly_readable_and_its_totals_can_be_told_from_the_accounts() throws IOException {
        List<ImportRow> rows = rows(BerkaGenerator.file(7, 5_000, 100), new BerkaFormat());
        assertThat(rows).hasSize(5_000).allMatch(Movement.class::isInstance);
        assertTotalsFollowFromAccounts(rows);
    }

    @Test
    void the_real_berka_file_reads_whole_but_for_its_cut_last_row() throws IOException {
        Path folder = Path.of(Optional.ofNullable(System.getenv("EXCHEQUER_CONFORMANCE_DATA"))
                .orElse(System.getProperty("exchequer.home", ".") + "/../shared/data"));
        Path file = folder.resolve("berka/trans.asc");
        Assumptions.assumeTrue(Files.exists(file), () -> "skipped: there is no " + file);
        List<ImportRow> rows = rows(Files.readAllBytes(file), new BerkaFormat());
        assertThat(rows).hasSize(49_103);
        assertThat(bare(rows).getLast())
                .isEqualTo(unreadable(49_104, "row", "is cut off by the end of the file", true));
        Map<String, Money> totals = assertTotalsFollowFromAccounts(rows.subList(0, 49_102));
        assertThat(totals)
                .containsEntry("PRIJEM", Money.of(17_736_629_630L, "CZK"))
                .containsEntry("VYDAJ", Money.of(13_013_163_250L, "CZK"))
                .containsEntry("VYBER", Money.of(798_852_100L, "CZK"));
    }

    private static Map<String, Money> assertTotalsFollowFromAccounts(List<ImportRow> rows) {
        Money zero = Money.of(0, "CZK");
        Map<String, Money> totals = new TreeMap<>();
        Map<String, ImportFormat.Turnover> turnovers = new TreeMap<>();
        Set<String> opened = new HashSet<>();
        for (ImportRow row : rows) {
            Movement movement = (Movement) row;
            Command.Transfer transfer = transferOf(movement);
            for (AccountSpec account : new BerkaFormat().accounts(transfer)) {
                assertThat(account.parent() == null || opened.contains(account.parent()))
                        .isTrue();
                opened.add(account.code());
            }
            assertThat(opened).contains(transfer.debitAccount(), transfer.creditAccount());
            movement.totals().forEach((group, amount) -> totals.merge(group, amount, Money::plus));
            turnovers.merge(
                    transfer.debitAccount(), new ImportFormat.Turnover(transfer.amount(), zero), ImportFileTest::plus);
            turnovers.merge(
                    transfer.creditAccount(), new ImportFormat.Turnover(zero, transfer.amount()), ImportFileTest::plus);
        }
        assertThat(new BerkaFormat().ledgerTotals(turnovers, Map.of())).isEqualTo(totals);
        return totals;
    }

    private static ImportFormat.Turnover plus(ImportFormat.Turnover one, ImportFormat.Turnover other) {
        return new ImportFormat.Turnover(
                one.debits().plus(other.debits()), one.credits().plus(other.credits()));
    }

    private static Command.Transfer transfer(
            String key,
            long minorUnits,
            String currency,
            @org.jspecify.annotations.Nullable String reference,
            Map<String, String> metadata) {
        return new Command.Transfer(
                key, "a", "b", Money.of(minorUnits, currency), new Details(reference, null, metadata));
    }

    private static List<ImportRow> csv(String text) throws IOException {
        return rows(text.getBytes(UTF_8), new CsvFormat());
    }

    private static List<ImportRow> rows(byte[] file, ImportFormat format) throws IOException {
        List<ImportRow> rows = new ArrayList<>();
        try (ImportFile reader = new ImportFile(new ByteArrayInputStream(file), format)) {
            for (Optional<ImportRow> row = reader.next(); row.isPresent(); row = reader.next()) {
                rows.add(row.get());
            }
        }
        return rows;
    }

    private static Movement movement(long line, String group, Command.Transfer transfer) {
        return new Movement(line, List.of(), group, transfer);
    }

    private static Movement movement(long line, Command command, Map<String, Money> totals) {
        return new Movement(line, List.of(), command, totals);
    }

    private static Unreadable unreadable(long line, String field, String rule, boolean cut) {
        return new Unreadable(line, "", List.of(), "", field, rule, cut);
    }

    /** The rows without what they look like in the file. */
    private static List<ImportRow> bare(List<ImportRow> rows) {
        return rows.stream()
                .<ImportRow>map(row -> switch (row) {
                    case Movement m -> movement(m.line(), m.command(), m.totals());
                    case Unreadable u -> unreadable(u.line(), u.field(), u.rule(), u.cut());
                })
                .toList();
    }

    @Test
    void a_row_keeps_its_key_and_what_it_looks_like() throws IOException {
        List<ImportRow> rows = csv(HEADER + "k1,a,b,1,EUR,\"x, y\",\nk2,a,b,ten,EUR,,\nk3,a,b\nk4,a,\"b\n");
        assertThat(rows).extracting(ImportRow::key).containsExactly("k1", "k2", "k3", "");
        assertThat(rows.get(0).cells()).containsExactly("k1", "a", "b", "1", "EUR", "x, y", "");
        assertThat(rows.get(1).cells()).containsExactly("k2", "a", "b", "ten", "EUR", "", "");
        assertThat(rows.subList(2, 4)).allSatisfy(row -> assertThat(row.cells()).isEmpty());
        assertThat(rows.subList(2, 4))
                .extracting(row -> ((Unreadable) row).text())
                .containsExactly("k3,a,b", "k4,a,\"b");
        assertThat(rows(
                                (BERKA_HEADER + "695247;2378;930101;PRIJEM;VKLAD;x;700.00;;;\n").getBytes(UTF_8),
                                new BerkaFormat())
                        .getFirst()
                        .key())
                .isEqualTo("berka-695247");
    }

    @Test
    void what_an_import_added_to_its_error_file_is_passed_over() throws IOException {
        List<ImportRow> rows = csv("error.line,error.key,key,debit,credit,amount,currency,error.row\n"
                + "7,k1,k1b,a,b,2,EUR,\n8,,,,,,,\"k3,a,b\"\n");
        assertThat(bare(rows.subList(0, 1)))
                .containsExactly(movement(2, "EUR", transfer("k1b", 200, "EUR", null, Map.of())));
        assertThat(rows.getFirst().cells()).containsExactly("k1b", "a", "b", "2", "EUR");
        assertThat(bare(rows).getLast())
                .isEqualTo(unreadable(3, "row", "must have 5 values like the header, has 3", false));
        assertThat(((Unreadable) rows.getLast()).text()).isEqualTo("k3,a,b");
    }

    @Test
    void a_line_in_an_error_file_can_be_corrected_where_it_stands() throws IOException {
        List<ImportRow> rows = csv("error.code,key,debit,credit,amount,currency,error.row\n"
                + "UNREADABLE,,,,,,\"k1,a,b,2,EUR\"\nUNREADABLE,k2,a,b,2,EUR,\"k0,a\"\n"
                + "UNREADABLE,,,,,,\"k3,a,\"\"b\"\nUNREADABLE,,,,,,\"k4,caf\ufffd,b,2,EUR\"\n"
                + "CUT_OFF,,,,,,\"k5,a,b,2,EUR\"\n");
        assertThat(rows).extracting(ImportRow::key).containsExactly("k1", "k2", "", "", "");
        assertThat(bare(rows.subList(0, 1)))
                .containsExactly(movement(2, "EUR", transfer("k1", 200, "EUR", null, Map.of())));
        assertThat(rows.subList(2, 5))
                .extracting(row -> ((Unreadable) row).text())
                .containsExactly("k3,a,\"b", "k4,caf\ufffd,b,2,EUR", "k5,a,b,2,EUR");
        assertThat(rows.subList(2, 5))
                .noneMatch(row -> ((Unreadable) row).cut())
                .extracting(row -> ((Unreadable) row).rule())
                .containsExactly(
                        "has quotes that do not close, or text beside them",
                        "was not UTF-8 text",
                        "is cut off by the end of the file");
    }

    private static Command.Transfer transferOf(Movement movement) {
        return (Command.Transfer) movement.command();
    }
}
