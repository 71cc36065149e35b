package org.exchequer.lab.sim;

import java.util.List;
import org.exchequer.lab.sim.Fault.Kind;

/** Carries messages between processes: late, twice, in another order, or not at all, as the faults of the run say. */
public final class Network {
    private static final long LEAST_DELAY = 100_000;
    private static final long SPREAD = 1_000_000;
    private static final long FAULTY_SPREAD = 400_000_000;

    private final Simulation simulation;
    private final List<Fault> faults;

    public Network(Simulation simulation, List<Fault> faults) {
        this.simulation = simulation;
        this.faults = List.copyOf(faults);
    }

    /**
     * Sends a message.
     *
     * @param message what its fate is drawn for, together with sender and receiver: unique among their messages
     */
    public void send(SimProcess from, SimProcess to, long message, Runnable action) {
        if (strikes(Kind.LOSS, from, to, message) || cut(from, to)) {
            return;
        }
        carry(from, to, message, 0, action);
        if (strikes(Kind.DUPLICATION, from, to, message)) {
            carry(from, to, message, 1, action);
        }
    }

    private void carry(SimProcess from, SimProcess to, long message, int copy, Runnable action) {
        long spread = strikes(Kind.DELAY, from, to, message + copy) ? FAULTY_SPREAD : SPREAD;
        long delay = LEAST_DELAY + simulation.draw(spread, 1, from.id(), to.id(), message, copy);
        simulation.after(delay, () -> to.deliver(action));
    }

    private boolean cut(SimProcess one, SimProcess two) {
        for (Fault fault : faults) {
            if (fault.kind() == Kind.PARTITION
                    && fault.covers(simulation.nanos())
                    && ((fault.process() == one.id() && fault.other() == two.id())
                            || (fault.process() == two.id() && fault.other() == one.id()))) {
                return true;
            }
        }
        return false;
    }

    private boolean strikes(Kind kind, SimProcess from, SimProcess to, long message) {
        for (Fault fault : faults) {
            if (fault.kind() == kind
                    && fault.covers(simulation.nanos())
                    && (fault.process() == from.id() || fault.process() == to.id())
                    && simulation.draw(100, 2, kind.number, from.id(), to.id(), message) < fault.amount()) {
                return true;
            }
        }
        return false;
    }
}
