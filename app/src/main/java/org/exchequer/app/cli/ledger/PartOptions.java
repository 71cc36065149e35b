package org.exchequer.app.cli.ledger;

import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** How much of something larger. */
final class PartOptions {
    @Option(names = "--amount", description = "a part, e.g. 10.50 (default: all that remains)")
    private @Nullable String amount;

    @Option(names = "--currency", description = "of the part")
    private @Nullable String currency;

    void put(ObjectNode body) {
        if ((amount == null) != (currency == null)) {
            throw new CommandFailure(ExitCodes.USAGE, "--amount and --currency are given together or not at all");
        }
        AccountCommands.putIfGiven(body, "amount", amount);
        AccountCommands.putIfGiven(body, "currency", currency);
    }
}
