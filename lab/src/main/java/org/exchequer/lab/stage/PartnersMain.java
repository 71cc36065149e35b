package org.exchequer.lab.stage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.exchequer.inward.core.Terms.Standing;
import org.exchequer.inward.sim.PartnerSimulator;
import org.exchequer.inward.sim.Service;
import org.exchequer.kernel.Ticker;

/**
 * The simulated partners of inward clearing in a process of their own. Arguments: the file in which it writes its ports
 * down once it serves, and the seed.
 */
public final class PartnersMain {
    private PartnersMain() {}

    /** Serves until it is killed. */
    public static void main(String[] args) throws Exception {
        Path ports = Path.of(args[0]);
        Map<String, Standing> banks = new HashMap<>();
        Partners.BANKS.forEach(bank -> banks.put(bank, Standing.ACTIVE));
        PartnerSimulator.Settings settings = new PartnerSimulator.Settings(
                Long.parseLong(args[1]),
                PartnerSimulator.Settings.atOnce(0, banks).scripts(),
                banks,
                Partners.POSITION,
                Partners.LEDGER_ACCOUNT);
        try (PartnerSimulator simulator = PartnerSimulator.start(settings, Clock.systemUTC(), Ticker.system())) {
            StringBuilder lines = new StringBuilder();
            for (Service service : Service.values()) {
                lines.append(simulator.url(service).getPort()).append('\n');
            }
            lines.append(simulator.adminUrl().getPort()).append('\n');
            Path fresh = Files.writeString(ports.resolveSibling(ports.getFileName() + ".new"), lines);
            Files.move(fresh, ports, StandardCopyOption.ATOMIC_MOVE);
            new CountDownLatch(1).await();
        }
    }
}
