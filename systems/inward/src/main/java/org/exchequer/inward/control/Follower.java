package org.exchequer.inward.control;

import java.sql.SQLException;
import org.exchequer.inward.jobs.Following;
import org.exchequer.inward.partner.Breakers;

/** Brings this node to what people have configured and ordered, and to what other nodes tell of their breakers. */
public final class Follower implements AutoCloseable {
    private final Configuration configuration;
    private final Measures measures;
    private final SharedBoard board;
    private final Breakers breakers;
    private final WorkGate gate;
    private final Following following;

    public Follower(
            Configuration configuration, Measures measures, SharedBoard board, Breakers breakers, WorkGate gate) {
        this.configuration = configuration;
        this.measures = measures;
        this.board = board;
        this.breakers = breakers;
        this.gate = gate;
        this.following = new Following("inward-follower", "what is configured and ordered", this::follow);
    }

    /** As {@link Following#start}. */
    public void start() {
        following.start();
    }

    private void follow() throws SQLException {
        configuration.refresh();
        NodeSettings node = configuration.ofNode();
        gate.adapt(node.load());
        breakers.adapt(node.standard(), node.resource());
        breakers.limit(node.calls());
        measures.refresh();
        board.refresh();
    }

    /** Stops. Safe to call twice. */
    @Override
    public void close() {
        following.close();
    }
}
