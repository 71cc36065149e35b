package org.exchequer.app.cli.ledger;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code exchequer ledger pack}. */
@Command(
        name = "pack",
        description = {
            "Writes the regulatory pack of a date, signed.",
            "Trial balance, large movements, dormant accounts, and an audit extract with proofs, each as CSV,",
            "JSON and PDF, with a signed manifest. 'verify --pack DIR' checks it."
        })
final class PackCommand extends LedgerAction {
    @Option(
            names = "--date",
            required = true,
            paramLabel = "DATE",
            description = "booking date, not after the business day")
    private LocalDate date = LocalDate.EPOCH;

    @Option(names = "--from", paramLabel = "DATE", description = "first booking date of movements (default: --date)")
    private @Nullable LocalDate from;

    @Option(names = "--dormant-days", description = "without entries for so many days (default: ${DEFAULT-VALUE})")
    private int dormantDays = 365;

    @Option(
            names = "--threshold",
            paramLabel = "LIST",
            description = "least large amounts, e.g. EUR:10000.00,JPY:1000000 (default: 10,000 whole units)")
    private String threshold = "";

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder, new or empty")
    private Path out = Path.of("");

    PackCommand(LedgerContext context) {
        super(context);
    }

    @Override
    int run(LedgerClient client) {
        byte[] archive = client.download("/regtech/api/v1/packs/" + date + "?dormantDays=" + dormantDays
                + (from == null ? "" : "&from=" + from)
                + (threshold.isEmpty() ? "" : "&threshold=" + LedgerClient.encode(threshold)));
        int files;
        try {
            files = unpack(archive);
        } catch (IOException unwritable) {
            throw new CommandFailure(ExitCodes.CANNOT_CREATE, out + ": " + unwritable.getMessage());
        }
        print(
                JsonNodeFactory.instance.objectNode().put("files", files).put("folder", out.toString()),
                () -> out().printf("%d files written to %s%n", files, out));
        return ExitCodes.OK;
    }

    private int unpack(byte[] archive) throws IOException {
        Files.createDirectories(out);
        try (var there = Files.list(out)) {
            if (there.findAny().isPresent()) {
                throw new CommandFailure(ExitCodes.CANNOT_CREATE, out + " is not empty");
            }
        }
        int files = 0;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = out.resolve(entry.getName()).normalize();
                if (!file.startsWith(out.normalize())) {
                    throw new IOException("the archive names a file outside the folder: " + entry.getName());
                }
                Files.createDirectories(file.getParent());
                Files.write(file, zip.readAllBytes());
                files++;
            }
        }
        return files;
    }
}
