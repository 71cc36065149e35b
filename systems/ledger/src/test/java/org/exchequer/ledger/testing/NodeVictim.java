package org.exchequer.ledger.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.platform.db.DatabaseAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node of a ledger, made to be stopped and killed: posts all the time, whether it is the writer or not, and prints
 * {@code writer} or {@code standby} whenever that changes. Arguments: database, name of the node; the superuser's
 * password comes by the environment variable {@value #PASSWORD}.
 */
public final class NodeVictim {
    private static final Logger LOG = LoggerFactory.getLogger(NodeVictim.class);
    public static final String PASSWORD = "EXCHEQUER_TEST_PASSWORD";
    private static final int CALLERS = 16;
    private static final int BUG = 70;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private NodeVictim() {}

    public static void main(String[] args) {
        // A caller that dies by a bug must not go unnoticed: the node ends with another code than one that was killed.
        Thread.setDefaultUncaughtExceptionHandler((thread, bug) -> {
            LOG.error("a caller of node {} died in {}", args[1], thread, bug);
            Runtime.getRuntime().halt(BUG);
        });
        String node = args[1];
        TestLedger ledger = TestLedger.on(
                new DatabaseAddress(args[0], "postgres", System.getenv().getOrDefault(PASSWORD, "")), node);
        for (int caller = 0; caller < CALLERS; caller++) {
            String prefix = node + "-" + ProcessHandle.current().pid() + "-" + caller + "-";
            Thread.ofVirtual().start(() -> post(ledger, prefix));
        }
        String before = "";
        while (true) {
            String now = ledger.module().engine() != null ? "writer" : "standby";
            if (!now.equals(before)) {
                System.out.println(now);
                before = now;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static void post(TestLedger ledger, String prefix) {
        for (int i = 0; ; i++) {
            Outcome outcome = ledger.api().execute(TestLedger.transfer(prefix + i, "cash", "capital", 1));
            if (!(outcome instanceof Outcome.Posted)) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
