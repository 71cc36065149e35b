package org.exchequer.console.edge;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.springframework.web.servlet.ModelAndView;

/** Sends a form's command and waits for the outcome, but not for ever: a person is waiting too. */
final class Submitter {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Ledger ledger;

    Submitter(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The page that shows what a command did. Errors of forms are for their own pages: see {@code Notice}. */
    static ModelAndView done(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Posted posted ->
                page(
                        "/transactions/{id}",
                        posted.replayed(),
                        posted.transaction().id());
            case Outcome.Held held ->
                page("/holds/{id}", held.replayed(), held.pending().id());
            case Outcome.Released released -> page("/holds/{id}", released.replayed(), released.pendingId());
            case Outcome.Proposed proposed ->
                page(
                        "/adjustments/{id}",
                        proposed.replayed(),
                        proposed.adjustment().id());
            case Outcome.Dismissed dismissed ->
                page("/adjustments/{id}", dismissed.replayed(), dismissed.adjustmentId());
            case Outcome.DayClosed closed ->
                Pages.seeOther(
                        LedgerPages.ROOT + "/days?closed={day}", closed.close().day());
            case Outcome.AccountChanged changed ->
                page("/accounts/{code}", changed.replayed(), changed.account().code());
            case Outcome.Rejected rejected -> throw notDone(rejected);
            case Outcome.Refused refused -> throw notDone(refused);
            case Outcome.Unknown unknown -> throw notDone(unknown);
        };
    }

    private static ModelAndView page(String path, boolean replayed, Object id) {
        return Pages.seeOther(LedgerPages.ROOT + path + (replayed ? "?replayed" : "?done"), id);
    }

    private static IllegalArgumentException notDone(Outcome outcome) {
        return new IllegalArgumentException("nothing was done: " + outcome);
    }

    Outcome send(Command command) {
        Outcome late = new Outcome.Unknown("no answer within " + PATIENCE.toSeconds() + " seconds");
        return ledger.submit(command)
                .copy()
                .completeOnTimeout(late, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
