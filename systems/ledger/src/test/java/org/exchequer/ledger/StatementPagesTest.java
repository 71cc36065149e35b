package org.exchequer.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.exchequer.ledger.testing.TestLedger.eur;
import static org.exchequer.ledger.testing.TestLedger.key;
import static org.exchequer.ledger.testing.TestLedger.transfer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements are kept in pages of many lines; whoever reads them sees every line of the journal once, in order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatementPagesTest {
    private static final int ROUNDS = 12;

    private TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase());

    /** Some hundred lines for one account: alone, in bursts that share a step, and many within one transaction. */
    @BeforeAll
    void post() {
        ledger.open("cash", AccountType.ASSET);
        ledger.open("busy", AccountType.LIABILITY);
        ledger.open("quiet", AccountType.LIABILITY);
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < ROUNDS; round++) {
            List<CompletableFuture<Outcome>> burst = new ArrayList<>();
            for (int i = random.nextInt(150); i >= 0; i--) {
                burst.add(ledger.api().submit(transfer(key(), "cash", "busy", 1 + random.nextInt(500))));
            }
            burst.add(ledger.api().submit(manyLegs(2 + random.nextInt(200))));
            burst.forEach(CompletableFuture::join);
            // A step of the projection ends here: the statement waits for it.
            assertThat(ledger.api().statement("quiet", null, 1)).isPresent();
        }
    }

    private static Command.Post manyLegs(int legs) {
        List<Leg> all = new ArrayList<>();
        for (int i = 0; i < legs; i++) {
            all.add(Leg.credit("busy", eur(1 + i)));
        }
        all.add(Leg.debit("cash", eur((long) legs * (legs + 1) / 2)));
        return new Command.Post(key(), all, Details.NONE);
    }

    @AfterAll
    void close() {
        ledger.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 100, 1_000})
    void a_statement_read_by_cursor_is_the_journal(int limit) throws SQLException {
        List<String> read = new ArrayList<>();
        String cursor = null;
        do {
            Page<StatementLine> page =
                    ledger.api().statement("busy", cursor, limit).orElseThrow();
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            page.items()
                    .forEach(line -> read.add(line.transactionId() + "." + line.leg() + " "
                            + (line.side() == Side.DEBIT ? 1 : -1)
                                    * line.amount().minorUnits()
                            + " " + -line.balanceAfter().minorUnits()));
            cursor = page.next();
        } while (cursor != null);
        assertThat(read)
                .as("legs of one transaction count one after the other")
                .isEqualTo(entries("entry", "sum(signed_amount) OVER (ORDER BY sequence, leg)"));
        assertThat(entries("statement_line", "balance_after")).isEqualTo(entries("entry", "balance_after"));
    }

    @Test
    void pages_hold_many_lines_and_stay_in_their_row() throws SQLException {
        try (Connection connection = ledger.connect();
                PreparedStatement s = connection.prepareStatement("""
                        SELECT count(*) AS pages, sum(array_length(lines, 1)) AS lines,
                               max(array_length(lines, 1)) AS most,
                               (SELECT pg_relation_size(reltoastrelid) FROM pg_class
                                 WHERE oid = 'ledger.statement_page'::regclass) AS moved_out
                          FROM ledger.statement_page JOIN ledger.account ON id = account_id WHERE code = 'busy'""");
                ResultSet row = s.executeQuery()) {
            assertThat(row.next()).isTrue();
            assertThat(row.getLong("most")).isEqualTo(64);
            assertThat(row.getLong("pages")).isLessThan(row.getLong("lines") / 10);
            assertThat(row.getLong("moved_out")).isZero();
        }
    }

    private List<String> entries(String relation, String balance) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = ledger.connect();
                PreparedStatement s = connection.prepareStatement("""
                        SELECT sequence || '.' || leg || ' ' || signed_amount || ' ' || %s
                          FROM ledger.%s e JOIN ledger.account a ON a.id = e.account_id
                         WHERE a.code = 'busy' ORDER BY sequence DESC, leg DESC""".formatted(balance, relation));
                ResultSet row = s.executeQuery()) {
            while (row.next()) {
                lines.add(row.getString(1));
            }
        }
        return lines;
    }
}
