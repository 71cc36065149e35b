package org.exchequer.lab.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.exchequer.inward.partner.AccountInfo.Status;
import org.exchequer.inward.sim.Service;
import org.exchequer.inward.sim.SimulatedAccounts.Listed;
import org.exchequer.kernel.Ticker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartnersTest {
    @TempDir
    Path folder;

    @Test
    void says_of_an_account_what_it_was_told_to() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient();
                Partners partners = Partners.start(folder, 1, Ticker.system(), http)) {
            Listed is = partners.accounts().account(Partners.customer(0), "SGD").orElseThrow();
            assertThat(asked(http, partners, is)).doesNotContain("BLOCKED");
            partners.put(new Listed(
                    is.number(), is.holder(), Status.BLOCKED, is.type(), is.currency(), is.ledgerAccount(), is.risk()));
            assertThat(asked(http, partners, is)).contains("BLOCKED");
            assertThatThrownBy(() -> partners.put(new Listed(
                            is.number(), "", is.status(), is.type(), is.currency(), is.ledgerAccount(), is.risk())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("holder must have 1 to 140 characters");
        }
    }

    private static String asked(HttpClient http, Partners partners, Listed account) throws Exception {
        URI vam = URI.create("http://127.0.0.1:" + partners.port(Service.VAM) + "/vam/v1/accounts/" + account.number()
                + "?currency=SGD");
        return http.send(HttpRequest.newBuilder(vam).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
