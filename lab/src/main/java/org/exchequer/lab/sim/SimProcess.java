package org.exchequer.lab.sim;

/** A process: it crashes and loses what is not on a disk, is stopped and goes on later, and has a clock of its own. */
public class SimProcess {
    protected final Simulation simulation;
    private final int id;
    private int incarnation;
    private boolean up = true;
    private long stoppedUntil;

    /** @param id unique in a run */
    protected SimProcess(Simulation simulation, int id) {
        this.simulation = simulation;
        this.id = id;
    }

    public final int id() {
        return id;
    }

    public final boolean isUp() {
        return up;
    }

    /** What arrives from outside: lost when the process is down, late when it is stopped. */
    public final void deliver(Runnable action) {
        if (up) {
            int addressed = incarnation;
            runWhenAwake(addressed, action);
        }
    }

    /** Does it later, unless the process ends before. */
    protected final void after(long nanos, Runnable action) {
        int mine = incarnation;
        simulation.after(nanos, () -> runWhenAwake(mine, action));
    }

    private void runWhenAwake(int wanted, Runnable action) {
        if (!up || incarnation != wanted) {
            return;
        }
        if (simulation.nanos() < stoppedUntil) {
            simulation.at(stoppedUntil, () -> runWhenAwake(wanted, action));
        } else {
            action.run();
        }
    }

    /** Ends the process at once; {@link #restart} begins it anew. */
    public final void crash() {
        if (up) {
            up = false;
            incarnation++;
            stoppedUntil = 0;
            crashed();
        }
    }

    /** Begins it anew with what is on its disk. */
    public final void restart() {
        if (!up) {
            up = true;
            started();
        }
    }

    /** Stops it as SIGSTOP does: what arrives waits, timers are late. */
    public final void stopUntil(long nanos) {
        stoppedUntil = Math.max(stoppedUntil, nanos);
    }

    /** Forgets what is not on a disk. */
    protected void crashed() {}

    /** Begins to work. */
    protected void started() {}
}
