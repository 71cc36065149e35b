package org.exchequer.reconciliation.edge.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.exchequer.kernel.Currency;
import org.exchequer.reconciliation.api.Line;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statements that others published; skipped where the folder of {@code EXCHEQUER_CONFORMANCE_DATA} is missing. */
class PublicSamplesTest {
    private static Path data(String name) {
        Path data = Path.of(Optional.ofNullable(System.getenv("EXCHEQUER_CONFORMANCE_DATA"))
                .orElse(System.getProperty("exchequer.home", ".") + "/../shared/data"));
        Path file = data.resolve(name);
        Assumptions.assumeTrue(Files.exists(file), () -> "skipped: there is no " + file);
        return file;
    }

    private static Statement read(StatementFormat format, String file, String currency) {
        try (InputStream in = Files.newInputStream(data(file))) {
            return format.read(in, Currency.of(currency), "", 1_000);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @ParameterizedTest
    @CsvSource({"mx2mt_089,GBP", "mx2mt_091,GBP", "mx2mt_095,GBP", "mx2mt_122,CAD", "mx2mt_161,DKK", "mx2mt_167,EUR"})
    void both_forms_of_a_statement_say_the_same(String name, String currency) {
        Statement camt = read(StatementFormat.CAMT053, "mt-mx-pairs/mx2mt/" + name + ".xml", currency);
        Statement mt = read(StatementFormat.MT940, "mt-mx-pairs/mx2mt/" + name + ".fin", currency);
        assertThat(camt.lines()).isNotEmpty();
        assertThat(amounts(mt)).isEqualTo(amounts(camt));
        assertThat(mt.account()).isEqualTo(camt.account());
        assertThat(mt.opening()).isEqualTo(camt.opening());
        assertThat(mt.closing()).isEqualTo(camt.closing());
        assertThat(mt.balancesChecked()).isEqualTo(1);
    }

    private static List<String> amounts(Statement statement) {
        return statement.lines().stream()
                .map(line -> line.date() + " " + line.amount())
                .toList();
    }

    @Test
    void a_bank_s_batches_become_the_payments_in_them() {
        Statement statement =
                read(StatementFormat.CAMT053, "iso20022/moov-iso20022/test/testdata/FI_camt_053_sample.xml.xml", "EUR");
        assertThat(statement.balancesChecked()).isEqualTo(1);
        assertThat(statement.lines()).extracting(Line::amount).contains(-200_002L, -100_001L, -123_002L);
    }

    @Test
    void a_published_sample_whose_closing_balance_leaves_an_entry_out_is_refused() {
        String sample = "iso20022/moov-iso20022/test/testdata/"
                + "camt.053_P_CH2909000000250094239_1110092698_0_2020112503071366.xml";
        assertThat(data(sample)).isNotEmptyFile();
        assertThatThrownBy(() -> read(StatementFormat.CAMT053, sample, "CHF"))
                .hasMessage("statement 1: CLBD is 215112.21, but the opening balance and the entries make 216649.21");
    }
}
