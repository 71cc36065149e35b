package org.exchequer.platform.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;

/**
 * Makes a backup or a restore and stands still at a fault point, to be killed there. Arguments: the point; then {@code
 * restore}, backup, target, or {@code backup}, database, password, home, target.
 */
public final class BackupVictim {
    private BackupVictim() {}

    public static void main(String[] args) throws Exception {
        Faults faults = new Faults();
        faults.arm(args[0], point -> {
            System.out.println(point);
            awaitKill();
        });
        if (args[1].equals("restore")) {
            ClusterRestore.restore(
                    new ClusterRestore.Request(Path.of(args[2]), null, null, Path.of(args[3])),
                    faults,
                    Ticker.system(),
                    System.err::println);
        } else {
            DatabaseAddress address = new DatabaseAddress(args[2], "postgres", args[3]);
            ClusterBackup.take(
                    new ClusterBackup.Source(address, Path.of(args[4]), "node"),
                    Path.of(args[5]),
                    1,
                    faults,
                    Ticker.system(),
                    System.err::println);
        }
        System.out.println("done");
    }

    /** Nothing is ever sent. */
    private static void awaitKill() {
        try {
            while (System.in.read() >= 0) {
                continue;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
