package org.exchequer.app.cli.ledger;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** What is remembered with a transaction, a hold or an adjustment. */
final class DetailsOptions {
    @Option(names = "--reference", description = "your own name for it, e.g. an invoice number")
    private @Nullable String reference;

    @Option(names = "--correlation", paramLabel = "ID", description = "ties together what belongs to one event")
    private @Nullable String correlation;

    @Option(
            names = "--value-date",
            paramLabel = "DATE",
            description = "day it counts from, e.g. 2026-03-31 (default: the day it is booked on)")
    private @Nullable String valueDate;

    @Option(names = "--metadata", paramLabel = "LABEL=VALUE", description = "may be repeated")
    private Map<String, String> metadata = Map.of();

    void put(ObjectNode body) {
        AccountCommands.putIfGiven(body, "reference", reference);
        AccountCommands.putIfGiven(body, "correlationId", correlation);
        AccountCommands.putIfGiven(body, "valueDate", valueDate);
        if (!metadata.isEmpty()) {
            metadata.forEach(body.putObject("metadata")::put);
        }
    }
}
