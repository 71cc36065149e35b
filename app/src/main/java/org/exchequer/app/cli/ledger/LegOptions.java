package org.exchequer.app.cli.ledger;

import java.util.List;
import java.util.Locale;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The legs of a transaction. */
final class LegOptions {
    @Option(
            names = "--leg",
            paramLabel = "SIDE:CODE:AMOUNT:CURRENCY",
            description = "e.g. debit:2000.cust.alice:10.50:EUR; repeated, balanced in each currency")
    private List<String> legs = List.of();

    boolean isEmpty() {
        return legs.isEmpty();
    }

    void put(ObjectNode body) {
        ArrayNode array = body.putArray("legs");
        legs.forEach(leg -> put(array.addObject(), leg));
    }

    /** Codes may hold colons themselves, so the side is taken from the front and the rest from the end. */
    private static void put(ObjectNode json, String leg) {
        int side = leg.indexOf(':');
        int currency = leg.lastIndexOf(':');
        int amount = currency < 1 ? -1 : leg.lastIndexOf(':', currency - 1);
        if (side < 1 || amount <= side) {
            throw new CommandFailure(
                    ExitCodes.USAGE, "--leg must be SIDE:CODE:AMOUNT:CURRENCY, e.g. debit:1000.cash:5.00:EUR");
        }
        json.put("account", leg.substring(side + 1, amount))
                .put("side", leg.substring(0, side).toUpperCase(Locale.ROOT))
                .put("amount", leg.substring(amount + 1, currency))
                .put("currency", leg.substring(currency + 1));
    }
}
