package org.exchequer.inward;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.exchequer.inward.fraud.FraudDesk;
import org.exchequer.inward.fraud.FraudFollower;
import org.exchequer.inward.fraud.Models;
import org.exchequer.inward.fraud.Restoring;
import org.exchequer.inward.fraud.Scorer;
import org.exchequer.inward.fraud.SettingsDesk;
import org.exchequer.inward.store.FraudBook;
import org.exchequer.inward.store.FraudChanges;
import org.exchequer.inward.store.ModelChanges;
import org.exchequer.platform.module.Foundation;

/** What judges payments for fraud on a node, and shows and changes how. */
record Judging(Scorer scorer, FraudFollower follower, FraudDesk desk, SettingsDesk settings) implements AutoCloseable {
    private static final int KEY_BYTES = 32;

    /** In the data directory, the folder of models. */
    private static final String MODELS = "models/inward";

    /** With all that was seen before, so that the first payment is scored like any other. */
    static Judging start(DataSource database, Foundation foundation, InwardModule.Options options) {
        FraudBook book = new FraudBook(database);
        FraudChanges changes = new FraudChanges(database);
        ModelChanges models = new ModelChanges(database);
        byte[] offered = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(offered);
        try {
            Scorer scorer = new Scorer(
                    Models.open(foundation.files().map(files -> files.resolve(MODELS))),
                    book.key(offered),
                    options.scoring(),
                    foundation.node(),
                    foundation.faults(),
                    foundation.clock(),
                    foundation.ticker());
            String horizon = Restoring.run(scorer, book, foundation.clock(), foundation.ticker());
            FraudFollower follower = new FraudFollower(
                            scorer,
                            book,
                            changes,
                            models,
                            horizon,
                            foundation.node(),
                            foundation.clock(),
                            foundation.ticker())
                    .start();
            foundation
                    .meters()
                    .gauge(
                            "exchequer.inward.fraud.shifted",
                            scorer,
                            each -> each.shifted().size());
            return new Judging(
                    scorer,
                    follower,
                    new FraudDesk(scorer, book, changes, models, foundation.clock()),
                    new SettingsDesk(
                            scorer,
                            book,
                            changes,
                            follower,
                            options.settings().ownBics(),
                            foundation.clock(),
                            foundation.ticker()));
        } catch (SQLException e) {
            throw new IllegalStateException("what was scored before cannot be read", e);
        }
    }

    /** Why what was approved does not serve here. */
    Optional<String> trouble() {
        return scorer.models().problem();
    }

    @Override
    public void close() {
        follower.close();
        scorer.close();
    }
}
