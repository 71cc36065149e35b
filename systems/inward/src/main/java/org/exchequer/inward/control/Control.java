package org.exchequer.inward.control;

import java.time.Clock;
import javax.sql.DataSource;
import org.exchequer.inward.Settings;
import org.exchequer.inward.partner.BreakerSettings;
import org.exchequer.inward.partner.Breakers;
import org.exchequer.inward.store.BreakerNotices;
import org.exchequer.inward.store.ConfigurationTable;
import org.exchequer.inward.store.MeasureTable;
import org.exchequer.kernel.Ticker;

/** What a node is configured and ordered to, and what follows from that: its breakers, and how much it does at once. */
public record Control(
        Configuration configuration, Measures measures, Breakers breakers, WorkGate gate, Follower follower)
        implements AutoCloseable {
    /**
     * As it stands in the database now, and followed from then on.
     *
     * @param settings what holds where nothing is configured
     * @param node name of this node
     */
    public static Control start(DataSource database, Settings settings, Clock clock, Ticker ticker, String node) {
        WorkGate.Bounds load = WorkGate.Bounds.STANDARD;
        Configuration configuration = new Configuration(new ConfigurationTable(database), settings, load, clock, node);
        SharedBoard board = new SharedBoard(new BreakerNotices(database));
        Breakers breakers = new Breakers(node, ticker, BreakerSettings.STANDARD, BreakerSettings.RESOURCE, board);
        WorkGate gate = new WorkGate(load, ticker);
        Measures measures = new Measures(new MeasureTable(database), configuration, breakers, gate, ticker);
        Follower follower = new Follower(configuration, measures, board, breakers, gate);
        follower.start();
        return new Control(configuration, measures, breakers, gate, follower);
    }

    @Override
    public void close() {
        follower.close();
        breakers.close();
    }
}
