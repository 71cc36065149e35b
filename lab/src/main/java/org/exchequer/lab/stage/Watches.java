package org.exchequer.lab.stage;

import java.util.ArrayList;
import java.util.List;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.shards.ShardedEvidence.Cut;
import org.jspecify.annotations.Nullable;

/** Everything that looks at the databases of a run while it runs. */
public final class Watches implements AutoCloseable {
    private final List<Watch> each = new ArrayList<>();
    private final @Nullable Cuts cuts;

    private Watches(List<Postgres> databases, Ticker ticker) {
        databases.forEach(database -> each.add(Watch.start(database, ticker)));
        this.cuts = databases.size() == 1 ? null : Cuts.start(databases, ticker);
    }

    /** Begins to look; the origin of cuts is now. */
    public static Watches start(List<Postgres> databases, Ticker ticker) {
        return new Watches(databases, ticker);
    }

    /** One for each shard. */
    public List<Watch> each() {
        return List.copyOf(each);
    }

    /** None where there is one database only. */
    public List<Cut> cuts() {
        return cuts == null ? List.of() : cuts.all();
    }

    /** Looks no more. */
    @Override
    public void close() {
        each.forEach(Watch::close);
        if (cuts != null) {
            cuts.close();
        }
    }
}
