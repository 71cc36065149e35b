package org.exchequer.console.edge;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;

/** Sends a form's command and waits for the outcome, but not for ever: a person is waiting too. */
final class Submitter {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Ledger ledger;

    Submitter(Ledger ledger) {
        this.ledger = ledger;
    }

    Outcome send(Command command) {
        Outcome late = new Outcome.Unknown("no answer within " + PATIENCE.toSeconds() + " seconds");
        return ledger.submit(command)
                .copy()
                .completeOnTimeout(late, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
