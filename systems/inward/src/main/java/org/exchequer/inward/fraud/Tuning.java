package org.exchequer.inward.fraud;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.exchequer.inward.api.FraudSettings.Named;
import org.exchequer.inward.store.FraudChanges;
import org.exchequer.scoring.model.Blend;
import org.exchequer.scoring.rules.Lists;
import org.exchequer.scoring.rules.RuleBook;

/**
 * What fraud is judged by at one revision, never changed: a payment is judged by one of them.
 *
 * @param set what people have set, by key
 * @param alarm stability index from which a feature counts as shifted
 */
record Tuning(long revision, Map<String, BigDecimal> set, RuleBook book, Blend blend, Lists lists, double alarm) {
    /** The program's own. */
    static final Tuning STANDARD =
            SettingKeys.tuning(new FraudChanges.State(FraudChanges.FIRST_REVISION, Map.of(), List.of()));

    static Lists lists(List<FraudChanges.Listed> listed) {
        return new Lists(listed.stream()
                .map(each -> new Lists.Entry(
                        each.entry().named() == Named.BANK ? Lists.Kind.BANK : Lists.Kind.ACCOUNT,
                        each.key(),
                        each.entry().deny(),
                        each.entry().reason(),
                        each.entry().until().toEpochMilli()))
                .toList());
    }
}
