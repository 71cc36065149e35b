package org.exchequer.scoring.rules;

import org.exchequer.scoring.generator.Typology;

/** A planted violation: rules may not know how fraud is made. */
public final class RuleThatKnowsTheGenerator {
    private RuleThatKnowsTheGenerator() {}

    public static String looksFor() {
        return Typology.SMURFING.name();
    }
}
