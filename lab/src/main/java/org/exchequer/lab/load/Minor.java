package org.exchequer.lab.load;

import java.math.BigDecimal;

/** Minor units of a currency with two decimals, and the decimal strings that JSON carries. */
final class Minor {
    private static final int SCALE = 2;

    private Minor() {}

    /** E.g. {@code 12.05} for 1205. */
    static String decimal(long units) {
        return BigDecimal.valueOf(units, SCALE).toPlainString();
    }

    /** E.g. 1205 for {@code 12.05}. */
    static long units(String decimal) {
        return new BigDecimal(decimal).movePointRight(SCALE).longValueExact();
    }
}
