package org.exchequer.app.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import org.exchequer.app.console.Chromium.Window;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.platform.module.Role;
import org.exchequer.regtech.api.Pack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A regulatory pack by form. */
@ExtendWith(BrowserWanted.class)
final class PackPageTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void anAuditorDownloadsAPack() throws Exception {
        try (Chromium chromium = Chromium.launch();
                ConsoleRig rig = ConsoleRig.start()) {
            rig.open("cash", AccountType.ASSET, ConsoleRig.EUR, "");
            rig.open("sales", AccountType.INCOME, ConsoleRig.EUR, "");
            rig.transfer("cash", "sales", "10000.00");
            try (Window auditor = chromium.login(rig, Role.AUDITOR).expecting(422)) {
                auditor.link("Regulatory pack").click();
                auditor.page.getByLabel("Large from").fill("EUR");
                auditor.button("Download").click();
                auditor.shows("threshold must be like EUR:10000.00");
                Path zip = folder.resolve("pack.zip");
                Download download = auditor.page.waitForDownload(
                        () -> auditor.button("Download").click());
                download.saveAs(zip);
                assertThat(download.suggestedFilename())
                        .isEqualTo("regulatory-pack-" + rig.ledger.businessDate() + ".zip");
                try (ZipFile pack = new ZipFile(zip.toFile())) {
                    assertThat(pack.getEntry(Pack.MANIFEST)).isNotNull();
                    assertThat(pack.getEntry("large-movements.pdf")).isNotNull();
                }
            }
            try (Window teller = chromium.login(rig, Role.TELLER)) {
                assertThat(teller.link("Regulatory pack")).hasCount(0);
            }
        }
    }
}
