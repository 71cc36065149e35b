package org.exchequer.inward;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.exchequer.inward.known.KeyFollower;
import org.exchequer.inward.known.KnownAnswers;
import org.exchequer.inward.store.KnownTable;
import org.exchequer.platform.module.Foundation;

/**
 * What a node knows of messages that come again. Where there is a Redis, nodes share what they have answered; each
 * follows what the others receive.
 */
record Knowing(KnownAnswers answers, AutoCloseable following) implements AutoCloseable {
    private static final int KEY_BYTES = 32;
    private static final Duration FOLLOW_EVERY = Duration.ofSeconds(1);

    static Knowing start(DataSource database, Foundation foundation) {
        if (foundation.redis().isEmpty()) {
            return new Knowing(KnownAnswers.inMemory(foundation.ticker(), foundation.meters()), () -> {});
        }
        KnownTable table = new KnownTable(database);
        byte[] offered = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(offered);
        try {
            KnownAnswers known = KnownAnswers.shared(
                    foundation.redis().get(),
                    table.key(offered),
                    foundation.node(),
                    foundation.ticker(),
                    foundation.meters());
            KeyFollower follower = new KeyFollower(table, known, foundation.node(), foundation.clock());
            return new Knowing(
                    known,
                    InwardModule.schedule("inward-known", FOLLOW_EVERY, "following messages of other nodes", () -> {
                        follower.run();
                        return 0;
                    }));
        } catch (SQLException e) {
            throw new IllegalStateException("the key of the cache cannot be read", e);
        }
    }

    @Override
    public void close() throws Exception {
        following.close();
        answers.close();
    }
}
