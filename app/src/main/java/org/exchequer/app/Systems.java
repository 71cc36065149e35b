package org.exchequer.app;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.exchequer.inward.InwardModule;
import org.exchequer.ledger.LedgerModule;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.SystemModule;
import org.exchequer.prooflog.MasterKeys;
import org.exchequer.reconciliation.ReconciliationModule;
import org.exchequer.regtech.RegtechModule;

/** The whole program in one table. {@code --systems}, {@code /ready} and {@code exchequer status} work from it. */
public final class Systems {
    /** The table, in the order in which systems start. */
    public static final List<Row> ALL = List.of(
            new Row(
                    "ledger",
                    EnumSet.of(Need.DATABASE, Need.EVENTS),
                    (foundation, others) -> ledger(foundation, others.databases(), others.masterKeys())),
            new Row(
                    "reconciliation",
                    EnumSet.of(Need.DATABASE, Need.LEDGER),
                    (foundation, others) -> new ReconciliationModule(foundation, others.ledger())),
            new Row(
                    "regtech",
                    EnumSet.of(Need.DATABASE, Need.LEDGER),
                    (foundation, others) -> new RegtechModule(foundation, others.ledger(), others.proofs())),
            new Row(
                    "inward",
                    EnumSet.of(Need.DATABASE, Need.EVENTS, Need.LEDGER, Need.CACHE),
                    (foundation, others) -> new InwardModule(foundation, others.ledger(), others.inward())));

    /** What a system stands on. */
    public enum Need {
        /** PostgreSQL. Without it the system cannot serve. */
        DATABASE,
        /** Kafka. The system serves without it; events follow when it is back. */
        EVENTS,
        /** The ledger, in the same process and started before. */
        LEDGER,
        /** Redis. The system serves without it. */
        CACHE
    }

    /** What systems that were started before offer. */
    public interface Others {
        /** The ledger; for those that name it as a need. */
        Ledger ledger();

        /** Its proof log. */
        Proofs proofs();

        /** The ledger's databases: one, or those of its shards in the order of their numbers. */
        List<DatabaseAddress> databases();

        /** Where the master key is that personal data is sealed under. */
        MasterKeys masterKeys();

        /** How inward clearing runs. */
        InwardModule.Options inward();
    }

    /**
     * One system.
     *
     * @param name as in URLs and on the command line
     * @param needs what must be there
     * @param build constructs it, from what all are given and what others offer; opens nothing
     */
    public record Row(String name, Set<Need> needs, BiFunction<Foundation, Others, SystemModule> build) {}

    private static SystemModule ledger(Foundation foundation, List<DatabaseAddress> shards, MasterKeys masters) {
        return shards.size() == 1
                ? new LedgerModule(foundation, masters)
                : new ShardedSystem(foundation, shards, masters);
    }

    private Systems() {}

    /** All names, in order. */
    public static List<String> names() {
        return ALL.stream().map(Row::name).toList();
    }

    /**
     * The rows that a list of names means; {@code all} means every one.
     *
     * @throws IllegalArgumentException for a name that is not in the table, and for a system without one that it needs
     */
    public static List<Row> select(List<String> wanted) {
        if (wanted.contains("all")) {
            return ALL;
        }
        List<Row> rows = new ArrayList<>(ALL);
        rows.removeIf(row -> !wanted.contains(row.name()));
        for (String name : wanted) {
            if (!names().contains(name)) {
                throw new IllegalArgumentException(
                        "there is no system \"" + name + "\"; choose from all, " + String.join(", ", names()));
            }
        }
        for (Row row : rows) {
            if (row.needs().contains(Need.LEDGER) && !wanted.contains("ledger")) {
                throw new IllegalArgumentException(row.name() + " needs the ledger beside it: give both");
            }
        }
        return rows;
    }
}
