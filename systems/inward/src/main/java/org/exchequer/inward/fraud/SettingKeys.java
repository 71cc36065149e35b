package org.exchequer.inward.fraud;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.inward.api.FraudSettings;
import org.exchequer.inward.api.FraudSettings.Key;
import org.exchequer.inward.store.FraudChanges;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.scoring.model.Blend;
import org.exchequer.scoring.rules.Category;
import org.exchequer.scoring.rules.Parameter;
import org.exchequer.scoring.rules.Rule;
import org.exchequer.scoring.rules.RuleBook;
import org.exchequer.scoring.rules.Rules;
import org.jspecify.annotations.Nullable;

/** Every number that fraud is judged by, in one list, and what they make together. Pure. */
final class SettingKeys {
    static final String ALARM = "drift.alarm";

    private static final String MODEL = "weight.model";
    private static final String RULES = "weight.rules";
    private static final String REVIEW = "weight.review";
    private static final String REVIEW_FROM = "threshold.review";
    private static final String REJECT_FROM = "threshold.reject";
    private static final String EMERGENCY_FROM = "threshold.emergency";
    private static final String ON = "on";
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final Map<String, Key> KEYS = keys();

    private SettingKeys() {}

    /** In order. */
    static List<Key> all() {
        return List.copyOf(KEYS.values());
    }

    static String key(String rule, String parameter) {
        return "rule." + rule + "." + parameter;
    }

    private static Map<String, Key> keys() {
        Map<String, Key> keys = new LinkedHashMap<>();
        Blend usual = Blend.usual();
        weight(keys, MODEL, usual.modelWeight(), "how much the model's probability counts");
        weight(keys, RULES, usual.ruleWeight(), "how much the rules' score counts");
        weight(keys, REVIEW, usual.reviewWeight(), "how much a reviewer's score counts");
        share(keys, REVIEW_FROM, "0.001", usual.approveBelow(), "scores from here on are put up for review");
        share(keys, REJECT_FROM, "0.001", usual.rejectFrom(), "scores from here on are refused");
        share(keys, EMERGENCY_FROM, "0.001", usual.emergencyFrom(), "scores from here on call a person at once");
        share(keys, ALARM, "0.01", 0.25, "stability index from which a feature has shifted since training");
        for (Rule rule : Rules.all()) {
            if (rule.category() != Category.AML) {
                put(keys, key(rule.id(), ON), "1 on, 0 off", 0, 1, 1, false, "whether it is asked: " + rule.sentence());
            }
            for (Parameter each : rule.parameters()) {
                put(
                        keys,
                        key(rule.id(), each.name()),
                        each.unit(),
                        each.least(),
                        each.most(),
                        each.standard(),
                        each.adaptive() != null,
                        each.name().replace('_', ' ') + " of: " + rule.sentence());
            }
        }
        return keys;
    }

    private static void weight(Map<String, Key> keys, String name, double standard, String text) {
        put(keys, name, "per cent", 0, 100, Math.round(standard * 100), false, text + "; the three sum to 100");
    }

    private static void share(Map<String, Key> keys, String name, String least, double standard, String text) {
        keys.put(
                name,
                new Key(
                        name,
                        "0 to 1",
                        new BigDecimal(least),
                        BigDecimal.ONE,
                        4,
                        BigDecimal.valueOf(standard),
                        false,
                        text));
    }

    private static void put(
            Map<String, Key> keys,
            String name,
            String unit,
            long least,
            long most,
            long standard,
            boolean follows,
            String text) {
        BigDecimal low = BigDecimal.valueOf(least);
        keys.put(
                name,
                new Key(name, unit, low, BigDecimal.valueOf(most), 0, BigDecimal.valueOf(standard), follows, text));
    }

    /**
     * Whether each value of a proposal is one.
     *
     * @throws FieldError naming the key and its rule
     */
    static void check(Map<String, @Nullable BigDecimal> values) {
        if (values.isEmpty() || values.size() > FraudSettings.MOST_VALUES) {
            throw new FieldError("values", "must be 1 to " + FraudSettings.MOST_VALUES);
        }
        values.forEach((name, value) -> {
            Key key = KEYS.get(name);
            if (key == null) {
                throw new FieldError(name, unknown(name));
            }
            if (value != null && !fits(key, value)) {
                throw new FieldError(
                        name,
                        "must be " + key.least().toPlainString() + " to "
                                + key.most().toPlainString() + " "
                                + (key.decimals() == 0 ? key.unit() + ", a whole number" : "with at most 4 decimals"));
            }
        });
    }

    private static String unknown(String name) {
        String[] parts = name.split("[.]", -1);
        if (parts.length == 3 && parts[0].equals("rule")) {
            List<Rule> rules = Rules.all();
            return rules.stream().noneMatch(rule -> rule.id().equals(parts[1]))
                    ? "must name a rule: there is none called " + parts[1]
                    : parts[2].equals(ON)
                            ? "must not be set: rules of category AML are not switched off"
                            : "must name a number of the rule " + parts[1];
        }
        return "must be one of the keys that can be set";
    }

    private static boolean fits(Key key, BigDecimal value) {
        return value.precision() - value.scale() < 20
                && value.stripTrailingZeros().scale() <= key.decimals()
                && value.compareTo(key.least()) >= 0
                && value.compareTo(key.most()) <= 0;
    }

    /** All settings once a change is made to them. */
    static Map<String, BigDecimal> with(Map<String, BigDecimal> set, Map<String, @Nullable BigDecimal> values) {
        Map<String, BigDecimal> next = new TreeMap<>(set);
        values.forEach((name, value) -> {
            if (value == null) {
                next.remove(name);
            } else {
                next.put(name, value);
            }
        });
        return next;
    }

    /**
     * What they make.
     *
     * @throws FieldError when they make no sense together, or a key or a value is none
     */
    static Tuning tuning(FraudChanges.State state) {
        Map<String, BigDecimal> set = state.settings();
        List<RuleBook.Setting> settings = new ArrayList<>();
        Map<String, Boolean> switches = new HashMap<>();
        set.forEach((name, value) -> {
            String[] parts = name.split("[.]", -1);
            if (parts.length == 3 && parts[2].equals(ON)) {
                switches.put(parts[1], value.signum() > 0);
            } else if (parts.length == 3) {
                settings.add(new RuleBook.Setting(parts[1], parts[2], value.longValueExact()));
            }
        });
        RuleBook book = switch (RuleBook.standard(Rules.all()).with(settings, switches)) {
            case RuleBook.Outcome.Changed(RuleBook changed) -> changed.as(state.revision());
            case RuleBook.Outcome.Refused(List<String> reasons) -> throw new FieldError("rule", reasons.getFirst());
        };
        return new Tuning(
                state.revision(),
                Map.copyOf(set),
                book,
                blend(set),
                Tuning.lists(state.listed()),
                value(set, ALARM).doubleValue());
    }

    private static Blend blend(Map<String, BigDecimal> set) {
        BigDecimal sum = value(set, MODEL).add(value(set, RULES)).add(value(set, REVIEW));
        if (sum.compareTo(HUNDRED) != 0) {
            throw new FieldError(
                    "weight",
                    MODEL + ", " + RULES + " and " + REVIEW + " must sum to 100, not "
                            + sum.stripTrailingZeros().toPlainString());
        }
        if (value(set, MODEL).signum() + value(set, RULES).signum() == 0) {
            throw new FieldError("weight", MODEL + " and " + RULES + " must not both be 0: nothing would be left");
        }
        if (value(set, REVIEW_FROM).compareTo(value(set, REJECT_FROM)) > 0
                || value(set, REJECT_FROM).compareTo(value(set, EMERGENCY_FROM)) > 0) {
            throw new FieldError(
                    "threshold",
                    REVIEW_FROM + " must not be above " + REJECT_FROM + ", nor that above " + EMERGENCY_FROM);
        }
        return new Blend(
                hundredths(set, MODEL),
                hundredths(set, RULES),
                hundredths(set, REVIEW),
                value(set, REVIEW_FROM).doubleValue(),
                value(set, REJECT_FROM).doubleValue(),
                value(set, EMERGENCY_FROM).doubleValue());
    }

    private static double hundredths(Map<String, BigDecimal> set, String name) {
        return value(set, name).movePointLeft(2).doubleValue();
    }

    /** What is set, or the standard. */
    static BigDecimal value(Map<String, BigDecimal> set, String name) {
        BigDecimal given = set.get(name);
        return given == null ? java.util.Objects.requireNonNull(KEYS.get(name)).standard() : given;
    }
}
