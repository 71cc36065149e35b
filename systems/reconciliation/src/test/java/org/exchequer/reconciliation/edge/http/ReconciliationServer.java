package org.exchequer.reconciliation.edge.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost;
import org.exchequer.platform.host.Served;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.telemetry.Telemetry;
import org.exchequer.platform.testing.TestFolders;
import org.exchequer.reconciliation.Bed;

/** The real module behind the real HTTP host, with security and limits. */
final class ReconciliationServer implements AutoCloseable {
    final Bed bed = new Bed();
    private final Clock clock = Clock.systemUTC();
    private final Path folder = TestFolders.create("reconciliation-server");
    private final Telemetry telemetry = Telemetry.create("test", null);
    private final LocalIssuer issuer = LocalIssuer.open(folder);
    private final HttpHost host;

    ReconciliationServer() throws IOException {
        LoginLinks links = new LoginLinks(Files.createDirectory(folder.resolve("used-links")), clock);
        host = HttpHost.start(
                HostSettings.local("test"),
                new HostParts(clock, Ticker.system(), telemetry, issuer, links, null),
                CompletableFuture.completedFuture(
                        new Served(bed.module().controllers(), bed.module().routes(), List::of, context -> {})));
    }

    String url() {
        return host.url();
    }

    String token(Role... roles) {
        return token("tester", roles);
    }

    String token(String name, Role... roles) {
        EnumSet<Role> set = EnumSet.noneOf(Role.class);
        set.addAll(List.of(roles));
        return issuer.token(name, set, clock.instant(), Duration.ofMinutes(5));
    }

    @Override
    public void close() throws Exception {
        host.close();
        bed.close();
        telemetry.close();
        TestFolders.delete(folder);
    }
}
