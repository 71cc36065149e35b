package org.exchequer.inward;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.exchequer.inward.fraud.StoredDecisions;
import org.exchequer.inward.store.Payments;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.platform.module.InvariantResult;

/**
 * Whether the ledger says what the answers say, of the newest payments, whether everybody got one, and whether what was
 * decided on fraud has not been altered since.
 */
final class Invariants {
    private static final int CHECKED = 1_000;
    private static final int REPLAYED = 300;
    private static final Duration MOST_WAIT = Duration.ofSeconds(10);

    private final Payments payments;
    private final Ledger ledger;
    private final StoredDecisions stored;
    private final Clock clock;

    Invariants(Payments payments, Ledger ledger, StoredDecisions stored, Clock clock) {
        this.payments = payments;
        this.ledger = ledger;
        this.stored = stored;
        this.clock = clock;
    }

    List<InvariantResult> check() {
        try {
            return List.of(accepted(), rejected(), answered(), decided());
        } catch (SQLException e) {
            throw new IllegalStateException("payments cannot be read: " + e.getMessage(), e);
        }
    }

    private InvariantResult accepted() throws SQLException {
        List<Payments.Told> accepted = payments.told(true, CHECKED);
        List<String> wrong = new ArrayList<>();
        for (Payments.Told told : accepted) {
            Long id = told.posted();
            Optional<Transaction> transaction = id == null ? Optional.empty() : ledger.transaction(id);
            boolean right = transaction.isPresent()
                    && transaction.get().key().equals(told.id().toString())
                    && transaction.get().entries().getFirst().leg().amount().equals(told.amount());
            if (!right) {
                wrong.add("payment " + told.id() + ": transaction " + id);
            }
        }
        return result("payments answered as accepted are posted with their amounts", wrong, accepted.size());
    }

    private InvariantResult rejected() throws SQLException {
        List<Payments.Told> rejected = payments.told(false, CHECKED);
        List<String> wrong = new ArrayList<>();
        for (Payments.Told told : rejected) {
            if (ledger.outcome(told.id().toString()).orElse(null) instanceof Outcome.Posted posted) {
                wrong.add("payment " + told.id() + ": transaction "
                        + posted.transaction().id());
            }
        }
        return result("payments answered as rejected are not posted", wrong, rejected.size());
    }

    private InvariantResult answered() throws SQLException {
        long open = payments.unanswered(clock.instant().minus(MOST_WAIT));
        List<String> wrong = open == 0 ? List.of() : List.of(open + " are not");
        return result("payments are answered within 10 s", wrong, payments.count());
    }

    private InvariantResult decided() {
        StoredDecisions.Found found = stored.check(REPLAYED);
        return result("stored decisions on fraud come out the same again, to the bit", found.wrong(), found.checked());
    }

    private InvariantResult result(String statement, List<String> wrong, long checked) {
        return new InvariantResult(
                statement,
                wrong.isEmpty(),
                checked,
                "payments",
                clock.instant(),
                wrong.isEmpty() ? "the newest" : wrong.getFirst());
    }
}
