package org.exchequer.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.exchequer.ledger.testing.TestLedger.transfer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Statements and running balances of an account with 400,000 entries: what counts is how many pages of the database a
 * read touches, which no busy machine changes.
 */
class StatementDepthTest {
    private static final int ENTRIES = 400_000;
    private static final int BURST = 20_000;

    @Test
    @Timeout(300)
    void a_page_of_a_statement_costs_the_same_however_long_the_statement_is() throws SQLException {
        try (TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase());
                Connection connection = ledger.connect()) {
            ledger.open("hot", AccountType.ASSET);
            ledger.open("other", AccountType.EQUITY);
            for (int sent = 0; sent < ENTRIES; sent += BURST) {
                List<CompletableFuture<Outcome>> answers = new ArrayList<>();
                for (int i = 0; i < BURST; i++) {
                    answers.add(ledger.api().submit(transfer(TestLedger.key(), "hot", "other", 1)));
                }
                answers.forEach(answer -> assertThat(answer.join()).isInstanceOf(Outcome.Posted.class));
            }
            assertThat(ledger.api()
                            .statement("hot", null, 1)
                            .orElseThrow()
                            .items()
                            .getFirst()
                            .balanceAfter()
                            .minorUnits())
                    .isEqualTo(ENTRIES);
            long account = ledger.api().account("hot").orElseThrow().id();
            assertThat(pagesTouched(connection, account, Long.MAX_VALUE)).isLessThan(400);
            assertThat(pagesTouched(connection, account, ENTRIES / 2)).isLessThan(400);
        }
    }

    /** Pages read or found in memory for 50 lines before this sequence. */
    private static long pagesTouched(Connection connection, long account, long before) throws SQLException {
        try (PreparedStatement s =
                connection.prepareStatement("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + LedgerQueries.STATEMENT)) {
            s.setLong(1, account);
            s.setLong(2, before);
            s.setLong(3, 0);
            s.setLong(4, before);
            s.setLong(5, 0);
            s.setInt(6, 51);
            try (ResultSet row = s.executeQuery()) {
                assertThat(row.next()).isTrue();
                JsonNode plan =
                        JsonMapper.shared().readTree(row.getString(1)).get(0).get("Plan");
                return plan.get("Shared Hit Blocks").longValue()
                        + plan.get("Shared Read Blocks").longValue();
            }
        }
    }
}
