package org.exchequer.inward.fraud;

import java.math.BigDecimal;
import java.util.List;
import org.exchequer.inward.api.FraudSettings.Key;
import org.exchequer.inward.api.FraudSettings.Value;

/** What a node judges by, number by number. */
final class Values {
    private Values() {}

    /** All, in order. */
    static List<Value> of(Scorer scorer) {
        Tuning tuning = scorer.tuning();
        return SettingKeys.all().stream()
                .map(key -> new Value(key, tuning.set().get(key.name()), now(key, tuning, scorer)))
                .toList();
    }

    private static BigDecimal now(Key key, Tuning tuning, Scorer scorer) {
        if (!key.follows()) {
            return SettingKeys.value(tuning.set(), key.name());
        }
        String[] parts = key.name().split("[.]", -1);
        return BigDecimal.valueOf(scorer.threshold(parts[1], parts[2]));
    }

    /** Whether a rule is asked. */
    static boolean on(Tuning tuning, String rule) {
        BigDecimal set = tuning.set().get(SettingKeys.key(rule, "on"));
        return set == null || set.signum() > 0;
    }
}
