package org.exchequer.console.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost;
import org.exchequer.platform.host.Served;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.Readiness;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.module.SystemModule;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.security.SecurityChains.ConsoleDoor;
import org.exchequer.platform.telemetry.Telemetry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process without the ledger, with one system whose books are broken and one that cannot be checked. */
final class WithoutLedgerTest {
    private record Sick(String name, boolean checkable) implements SystemModule {
        @Override
        public void start() {}

        @Override
        public Readiness readiness() {
            return new Readiness(false, "no database");
        }

        @Override
        public List<InvariantResult> checkInvariants() {
            if (!checkable) {
                throw new IllegalStateException("cannot be checked");
            }
            return List.of(new InvariantResult(
                    "debits = credits", false, 1_234, "entries", Instant.EPOCH, "EUR is off by 0.01"));
        }

        @Override
        public List<Object> controllers() {
            return List.of();
        }

        @Override
        public List<Route> routes() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    @Test
    void violationsAreShownAndWhatIsNotHereIsSaid(@TempDir Path folder) throws Exception {
        Clock clock = Clock.systemUTC();
        LocalIssuer issuer = LocalIssuer.open(folder);
        LoginLinks links = new LoginLinks(Files.createDirectories(folder.resolve("used")), clock);
        Console console = new Console(new ConsoleContext(
                null, List.of(new Sick("clearing", true), new Sick("custody", false)), clock, Ticker.system()));
        ConsoleDoor door = new ConsoleDoor(
                Console.CONTENT_SECURITY_POLICY,
                Console.LOGIN,
                Console.DENIED,
                Console.CSRF_FAILED,
                Console.OPEN.toArray(String[]::new));
        try (Telemetry telemetry = Telemetry.create("test", null);
                HttpHost host = HttpHost.start(
                        HostSettings.local("test"),
                        new HostParts(clock, Ticker.system(), telemetry, issuer, links, door),
                        CompletableFuture.completedFuture(
                                new Served(List.of(), console.routes(), List::of, console::register)));
                HttpClient browser = HttpClient.newBuilder()
                        .cookieHandler(new CookieManager())
                        .build()) {
            get(browser, links.link(host.url(), "tess", Set.of(Role.AUDITOR)));

            HttpResponse<String> overview = get(browser, host.url() + "/console");
            assertThat(overview.statusCode()).isEqualTo(200);
            assertThat(overview.body()).contains("not ready", "no database", "The ledger does not run in this process");
            assertThat(overview.headers().firstValue("Content-Security-Policy"))
                    .contains(Console.CONTENT_SECURITY_POLICY);

            String invariants = get(browser, host.url() + "/console/invariants").body();
            assertThat(invariants)
                    .contains("verdict-no", "<strong>NO</strong>", "1,234 entries", "EUR is off by 0.01")
                    .contains("verdict-unknown", "The check could not run")
                    .doesNotContain("verdict-yes");

            assertThat(get(browser, host.url() + "/console/trace?q=1").body())
                    .contains("The ledger does not run in this process");
            assertThat(get(browser, host.url() + "/console/ledger/accounts").statusCode())
                    .isEqualTo(404);
        }
    }

    private static HttpResponse<String> get(HttpClient browser, String address)
            throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
