package org.exchequer.scoring.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules with the values of their parameters: one version of the settings, never changed. */
public final class RuleBook {
    /**
     * A wish to set a parameter.
     *
     * @param rule id of the rule
     * @param parameter its name
     * @param value within the parameter's bounds; setting it stops its following the traffic
     */
    public record Setting(String rule, String parameter, long value) {}

    /** What became of a change. */
    public sealed interface Outcome {
        /** The settings are now these. */
        record Changed(RuleBook book) implements Outcome {}

        /** Nothing was changed, for each of these reasons. */
        record Refused(List<String> reasons) implements Outcome {}
    }

    /** Most settings in one change. */
    public static final int MOST_SETTINGS = 1_000;

    private final long version;
    private final List<Rule> rules;
    private final long[][] values;
    private final boolean[][] fixed;
    private final boolean[] disabled;

    private RuleBook(long version, List<Rule> rules, long[][] values, boolean[][] fixed, boolean[] disabled) {
        this.version = version;
        this.rules = rules;
        this.values = values;
        this.fixed = fixed;
        this.disabled = disabled;
    }

    /** The rules, in order of priority as {@link Rules#all}, with their standard values, as version 1. */
    public static RuleBook standard(List<Rule> rules) {
        Set<Object> unique = new HashSet<>();
        long[][] values = new long[rules.size()][];
        boolean[][] fixed = new boolean[rules.size()][];
        for (int i = 0; i < values.length; i++) {
            Rule rule = rules.get(i);
            if (!unique.add(rule.id()) || !unique.add(rule.priority())) {
                throw new IllegalArgumentException(rule.id() + ": id and priority must be its own");
            }
            if (i > 0 && rules.get(i - 1).priority() > rule.priority()) {
                throw new IllegalArgumentException(rule.id() + ": rules must be in order of priority");
            }
            values[i] =
                    rule.parameters().stream().mapToLong(Parameter::standard).toArray();
            fixed[i] = new boolean[values[i].length];
        }
        return new RuleBook(1, List.copyOf(rules), values, fixed, new boolean[values.length]);
    }

    /**
     * The next version.
     *
     * @param settings values to set
     * @param switches rules to switch on (true) or off; rules of {@link Category#AML} stay on
     */
    public Outcome with(List<Setting> settings, Map<String, Boolean> switches) {
        List<String> reasons = new ArrayList<>();
        if (settings.size() > MOST_SETTINGS) {
            return new Outcome.Refused(List.of("at most " + MOST_SETTINGS + " settings in one change"));
        }
        Map<String, Integer> places = new HashMap<>();
        rules.forEach(rule -> places.put(rule.id(), places.size()));
        long[][] changed = new long[values.length][];
        boolean[][] set = new boolean[values.length][];
        for (int i = 0; i < values.length; i++) {
            changed[i] = values[i].clone();
            set[i] = fixed[i].clone();
        }
        for (Setting setting : settings) {
            Integer place = places.get(setting.rule());
            int parameter = place == null ? -1 : parameter(rules.get(place), setting.parameter());
            if (place == null || parameter < 0) {
                reasons.add(setting.rule() + "." + setting.parameter() + ": there is no such parameter");
                continue;
            }
            Parameter bounds = rules.get(place).parameters().get(parameter);
            if (setting.value() < bounds.least() || setting.value() > bounds.most()) {
                reasons.add(setting.rule() + "." + setting.parameter() + " must be from " + bounds.least() + " to "
                        + bounds.most() + " " + bounds.unit() + ", not " + setting.value());
                continue;
            }
            changed[place][parameter] = setting.value();
            set[place][parameter] = true;
        }
        boolean[] off = disabled.clone();
        switches.forEach((id, on) -> {
            Integer place = places.get(id);
            if (place == null) {
                reasons.add(id + ": there is no such rule");
            } else if (!on && rules.get(place).category() == Category.AML) {
                reasons.add(id + ": rules of category AML are not switched off");
            } else {
                off[place] = !on;
            }
        });
        return reasons.isEmpty()
                ? new Outcome.Changed(new RuleBook(version + 1, rules, changed, set, off))
                : new Outcome.Refused(reasons);
    }

    /** The same settings under another version. */
    public RuleBook as(long other) {
        return new RuleBook(other, rules, values, fixed, disabled);
    }

    private static int parameter(Rule rule, String name) {
        for (int i = 0; i < rule.parameters().size(); i++) {
            if (rule.parameters().get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** 1 for the standard values; of others what their owner counts. */
    public long version() {
        return version;
    }

    public List<Rule> rules() {
        return rules;
    }

    /** The value that is set; where the parameter follows the traffic, what it started from. */
    public long value(String rule, String parameter) {
        for (int i = 0; i < values.length; i++) {
            int place = rules.get(i).id().equals(rule) ? parameter(rules.get(i), parameter) : -1;
            if (place >= 0) {
                return values[i][place];
            }
        }
        throw new IllegalArgumentException(rule + "." + parameter + ": there is no such parameter");
    }

    long[] values(int rule) {
        return values[rule];
    }

    boolean disabled(int rule) {
        return disabled[rule];
    }

    /** The values that hold when those that follow the traffic are these, in the order of rules and parameters. */
    long[][] merged(long[] followed) {
        long[][] merged = new long[values.length][];
        int next = 0;
        for (int i = 0; i < merged.length; i++) {
            merged[i] = values[i].clone();
            for (int place = 0; place < merged[i].length; place++) {
                if (Thresholds.follows(rules.get(i), place)) {
                    if (!fixed[i][place]) {
                        merged[i][place] = followed[next];
                    }
                    next++;
                }
            }
        }
        return merged;
    }
}
