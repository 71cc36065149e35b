package org.exchequer.regtech;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.ledger.edge.http.ContractClient;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost;
import org.exchequer.platform.host.Served;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.telemetry.Telemetry;
import org.exchequer.platform.testing.TestFolders;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.prooflog.NoteKey;
import org.exchequer.regtech.api.Pack;
import org.exchequer.regtech.api.PackRequest;
import org.exchequer.regtech.core.Reports;
import org.exchequer.regtech.edge.PackFiles;
import org.exchequer.regtech.edge.render.Rendered;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PackTest {
    private final Path folder = TestFolders.create("regtech");
    private final TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase(), "a", "http://127.0.0.1:1", folder);
    private final RegtechModule module = new RegtechModule(
            new Foundation(
                    Clock.systemUTC(),
                    Ticker.system(),
                    new Faults(),
                    new SimpleMeterRegistry(),
                    OpenTelemetry.noop(),
                    "a",
                    "http://127.0.0.1:1",
                    ledger.database(),
                    "",
                    Optional.of(folder)),
            ledger.api(),
            ledger.module().proofs());

    private LocalDate today = LocalDate.EPOCH;
    private long large;

    @BeforeEach
    void open() {
        module.start();
        ledger.open("cash", AccountType.ASSET);
        ledger.open("sales", AccountType.INCOME);
        ledger.open("unused", AccountType.LIABILITY);
        transfer("small", 999_999, "SMALL");
        large = transfer("large", 1_000_000, "LARGE, \"ü\" \u2603")
                .transaction()
                .id();
        today = ledger.api().businessDate();
        await().until(() -> ledger.module().proofs().prove(large) instanceof Proofs.Proof.Bundle);
    }

    private Outcome.Posted transfer(String key, long cents, String reference) {
        return (Outcome.Posted) ledger.api()
                .execute(new Command.Transfer(
                        key, "cash", "sales", TestLedger.eur(cents), Details.reference(reference)));
    }

    @AfterEach
    void close() {
        module.close();
        ledger.close();
        TestFolders.delete(folder);
    }

    private Pack pack(LocalDate date) {
        return module.packs().make(new PackRequest(date, date, 30, Map.of()));
    }

    private static String text(Pack pack, String name) {
        byte[] file = pack.files().get(name);
        assertThat(file).as(name).isNotNull();
        return new String(file, UTF_8);
    }

    @Test
    void a_pack_says_what_the_books_say_and_its_signature_holds() throws Exception {
        Pack pack = pack(today);
        assertThat(text(pack, "trial-balance.csv"))
                .isEqualTo("account,currency,debits,credits,balance,normalSide\r\n"
                        + "cash,EUR,19999.99,0.00,19999.99,DEBIT\r\nsales,EUR,0.00,19999.99,19999.99,CREDIT\r\n");
        assertThat(text(pack, "large-movements.csv").lines()).hasSize(3).allMatch(row -> !row.contains("SMALL"));
        assertThat(text(pack, "audit-extract.json"))
                .contains("\"why\":\"large\"")
                .contains("\"proof\":\"proofs/" + large + ".tlog-proof\"");
        assertThat(text(pack, "manifest.txt")).startsWith("exchequer regulatory pack v1\nfrom " + today);
        try (var pdf = Loader.loadPDF(pack.files().get("large-movements.pdf"))) {
            assertThat(new PDFTextStripper().getText(pdf))
                    .contains("Large movements, booked " + today + " to " + today + ", page 1 of 1")
                    .contains("LARGE, \"ü\" ?");
        }
        assertThat(pack(today).zip()).isEqualTo(pack.zip());

        Path unpacked = unpack(pack, "good");
        NoteKey key = NoteKey.parse(module.packs().key().orElseThrow());
        assertThat(PackFiles.verify(unpacked, key)).isEmpty();
        tampered(pack, key);
    }

    private Path unpack(Pack pack, String name) throws Exception {
        Path to = folder.resolve(name);
        for (Map.Entry<String, byte[]> file : pack.files().entrySet()) {
            Path path = to.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return to;
    }

    private void tampered(Pack pack, NoteKey key) throws Exception {
        Path changed = unpack(pack, "changed");
        Files.writeString(
                changed.resolve("trial-balance.csv"),
                text(pack, "trial-balance.csv").replace('9', '8'));
        assertThat(PackFiles.verify(changed, key)).contains("trial-balance.csv is not what was signed");
        Path less = unpack(pack, "less");
        Files.delete(less.resolve("dormant-accounts.pdf"));
        assertThat(PackFiles.verify(less, key)).contains("dormant-accounts.pdf is missing");
        Path more = unpack(pack, "more");
        Files.writeString(more.resolve("extra.csv"), "a");
        assertThat(PackFiles.verify(more, key)).contains("extra.csv is not in the manifest");
        Path forged = unpack(pack, "forged");
        Files.writeString(
                forged.resolve(Pack.MANIFEST), text(pack, Pack.MANIFEST).replace("dormant days 30", "dormant days 31"));
        assertThat(PackFiles.verify(forged, key))
                .hasValueSatisfying(why -> assertThat(why).contains("is not a manifest signed by"));
        Files.delete(forged.resolve(Pack.MANIFEST));
        assertThat(PackFiles.verify(forged, key)).contains("manifest.txt is missing");
    }

    @Test
    void accounts_without_entries_for_long_are_dormant() throws Exception {
        // Today all accounts are new; seen from next month, none has moved since.
        assertThat(dormant(today)).hasSize(1);
        assertThat(dormant(today.plusDays(29))).hasSize(1);
        assertThat(dormant(today.plusDays(31)))
                .contains("cash,Account cash,EUR,19999.99," + today + ",OPEN,30")
                .contains("unused,Account unused,EUR,0.00," + today + ",OPEN,30");
    }

    private List<String> dormant(LocalDate date) throws Exception {
        Ledger books = ledger.api();
        return new String(
                        Rendered.csv(Reports.dormant(
                                books.accounts("", null, 100).items(),
                                books.trialBalance(AsOf.booking(date.minusDays(30))),
                                books.trialBalance(AsOf.booking(date)),
                                new PackRequest(date, date, 30, Map.of()))),
                        UTF_8)
                .lines()
                .toList();
    }

    @Test
    void a_pack_says_whether_its_day_is_closed_and_none_is_made_of_a_day_to_come() {
        assertThat(text(pack(today), Pack.MANIFEST)).contains("\nday open\n");
        ledger.api().execute(new Command.CloseDay("close", today, "tester"));
        assertThat(text(pack(today), Pack.MANIFEST)).contains("\nday closed\n");
        LocalDate next = ledger.api().businessDate();
        assertThat(text(pack(next), Pack.MANIFEST)).contains("\nday open\n");
        assertThatThrownBy(() -> pack(next.plusDays(1)))
                .isInstanceOfSatisfying(
                        FieldError.class, e -> assertThat(e.field()).isEqualTo("date"))
                .hasMessage("must not be after the business day " + next);
    }

    @Test
    void thresholds_are_read_strictly() {
        assertThat(PackRequest.thresholds("EUR:10.50,JPY:7")).isEqualTo(Map.of("EUR", 1_050L, "JPY", 7L));
        assertThat(new PackRequest(today, today, 30, Map.of("EUR", 5L)).threshold(TestLedger.EUR))
                .isEqualTo(5);
        for (String wrong : List.of("EUR", "EUR:", "XYZ:1", "EUR:1.005", "EUR:0", "EUR:1,EUR:2", "EUR:-1")) {
            assertThatThrownBy(() -> PackRequest.thresholds(wrong)).as(wrong).isInstanceOf(FieldError.class);
        }
        assertThatThrownBy(() -> new PackRequest(today.plusDays(1), today, 30, Map.of()))
                .isInstanceOf(FieldError.class);
        assertThatThrownBy(() -> new PackRequest(today, today, 0, Map.of())).isInstanceOf(FieldError.class);
    }

    @Test
    void every_documented_answer_is_given_as_documented() throws Exception {
        Telemetry telemetry = Telemetry.create("test", null);
        LocalIssuer issuer = LocalIssuer.open(folder);
        LoginLinks links = new LoginLinks(Files.createDirectory(folder.resolve("used-links")), Clock.systemUTC());
        try (HttpHost host = HttpHost.start(
                        HostSettings.local("test"),
                        new HostParts(Clock.systemUTC(), Ticker.system(), telemetry, issuer, links, null),
                        CompletableFuture.completedFuture(
                                new Served(module.controllers(), module.routes(), List::of, context -> {})));
                ContractClient client = new ContractClient(
                        host.url(),
                        "/regtech/api/v1",
                        "/org/exchequer/regtech/openapi/openapi.yaml",
                        roles -> token(issuer, roles))) {
            List<String> paths = List.of("/packs/" + today, "/key", "/openapi.yaml");
            paths.forEach(path -> assertThat(client.get(path).status()).isEqualTo(200));
            paths.forEach(path -> assertThat(client.get(path + "?x=1").status()).isEqualTo(400));
            for (String wrong : List.of(
                    "/packs/today",
                    "/packs/2099-11-22",
                    "/packs/" + today + "?dormantDays=x",
                    "/packs/" + today + "?threshold=EUR",
                    "/packs/" + today + "?from=" + today.plusDays(1))) {
                assertThat(client.get(wrong).status()).as(wrong).isEqualTo(400);
            }
            client.as(Role.TELLER);
            paths.forEach(path -> assertThat(client.get(path).status()).isEqualTo(403));
            client.as("");
            paths.forEach(path -> assertThat(client.get(path).status()).isEqualTo(401));
            TreeSet<String> missing = new TreeSet<>(client.documented());
            missing.removeAll(client.exercised());
            missing.removeIf(what -> what.endsWith(" 503"));
            assertThat(missing).isEmpty();
        } finally {
            telemetry.close();
        }
    }

    private static String token(LocalIssuer issuer, Role... roles) {
        EnumSet<Role> set = EnumSet.noneOf(Role.class);
        set.addAll(List.of(roles));
        return issuer.token("tester", set, Clock.systemUTC().instant(), Duration.ofMinutes(5));
    }
}
