package org.exchequer.app.cli.ledger;

import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The date that balances and reports are drawn up for. */
final class AsOfOptions {
    @Option(
            names = "--booking-date",
            paramLabel = "DATE",
            description = "only what was booked until the end of that day, e.g. 2026-03-31 (default: everything)")
    private @Nullable String bookingDate;

    @Option(names = "--value-date", paramLabel = "DATE", description = "only what counts from that day or one before")
    private @Nullable String valueDate;

    /** As a query, with its question mark; empty for everything. */
    String query() {
        if (bookingDate != null && valueDate != null) {
            throw new CommandFailure(ExitCodes.USAGE, "--value-date may not be given together with --booking-date");
        }
        if (bookingDate != null) {
            return "?bookingDate=" + LedgerClient.encode(bookingDate);
        }
        return valueDate == null ? "" : "?valueDate=" + LedgerClient.encode(valueDate);
    }

    /** For people, e.g. {@code "booked until 2026-03-31"}. */
    String words() {
        return bookingDate != null
                ? "booked until " + bookingDate
                : valueDate != null ? "valued until " + valueDate : "everything";
    }
}
