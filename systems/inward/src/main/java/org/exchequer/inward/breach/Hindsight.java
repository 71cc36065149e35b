package org.exchequer.inward.breach;

import java.util.ArrayList;
import java.util.List;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.core.Sla;

/**
 * A prediction beside what happened. Who is at risk does without what would have made it late, so that of those fewer
 * miss their time than were expected to.
 *
 * @param atRisk whether the payment was held to be at risk
 * @param missed whether it missed its time within the two stages that followed
 */
public record Hindsight(boolean atRisk, boolean missed) {
    /** All predictions of one payment that has ended. */
    public static List<Hindsight> of(List<PaymentEvent> events, Sla sla) {
        List<Step> steps = new ArrayList<>();
        List<PaymentEvent> of = new ArrayList<>();
        for (PaymentEvent event : events) {
            Step step = Step.of(event);
            if (step != null) {
                steps.add(step);
                of.add(event);
            }
        }
        List<Hindsight> all = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            PaymentEvent.Forecast forecast = of.get(i).forecast();
            if (forecast != null) {
                all.add(new Hindsight(forecast.atRisk(), Step.missedAfter(steps, i, sla)));
            }
        }
        return all;
    }
}
