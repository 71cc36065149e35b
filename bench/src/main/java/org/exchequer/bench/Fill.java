package org.exchequer.bench;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.exchequer.bench.Load.Plan;
import org.exchequer.bench.Load.Result;
import org.exchequer.bench.Load.Spread;

/** Whether a ledger that has grown is as fast as a new one, with keys that follow time and with keys that do not. */
final class Fill {
    private static final int CALLERS = 2_048;
    private static final int FILLERS = 8_192;
    private static final int SLICE_MS = 10_000;

    private Fill() {}

    /** @param transfers that lie between the two measurements */
    static void run(Report report, int accounts, long transfers, Keys keys, int measureMs) throws Exception {
        PrintStream out = report.out();
        Bed.fresh(out, (address, postmaster) -> {
            try (Bed bed = Bed.start(address, postmaster)) {
                bed.openAccounts(accounts);
                Load.Caller caller = Doors.inProcess(bed.ledger(), keys);
                Plan plan = new Plan(CALLERS, Spread.UNIFORM, accounts, 2_000, measureMs);
                Load.run(new Plan(CALLERS, Spread.UNIFORM, accounts, 0, 10_000), postmaster, caller);
                Result first = Load.run(plan, postmaster, caller);
                report.row(Matrix.number(CALLERS), keys.text, "new ledger", first, Optional.empty());
                while (bed.ledger().lastSequence() < transfers) {
                    Load.run(new Plan(FILLERS, Spread.UNIFORM, accounts, 0, SLICE_MS), postmaster, caller);
                }
                bed.level();
                long size = bed.ledger().lastSequence();
                Result last = Load.run(plan, postmaster, caller);
                report.row(Matrix.number(CALLERS), keys.text, millions(size), last, Optional.empty());
                long percent = last.perSecond() * 100 / first.perSecond();
                report.line(
                        "%s: %d %% of the new ledger's rate at %,d journal entries; %s",
                        keys.text, percent, size, sizes(bed));
                report.figure("percentAfterFill" + keys.name(), percent);
            }
            return true;
        });
    }

    private static String millions(long size) {
        return "after " + size / 1_000_000 + " million";
    }

    private static String sizes(Bed bed) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        bed.address().jdbcUrl(),
                        bed.address().user(),
                        bed.address().password());
                Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("""
                        SELECT string_agg(relname || ' ' || pg_size_pretty(pg_relation_size(c.oid)), ', '
                                          ORDER BY pg_relation_size(c.oid) DESC)
                          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                         WHERE n.nspname = 'ledger' AND pg_relation_size(c.oid) > 10000000""")) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }
}
