package org.exchequer.inward.partner;

import java.util.Map;

/**
 * How many calls to each partner may be under way at once, from one node.
 *
 * @param vam 1 or more, each on a connection of its own
 * @param midanz the same
 * @param liquidity on one connection together
 */
public record CallLimits(int vam, int midanz, int liquidity) {
    /** 100, 50 and 100. */
    public static final CallLimits STANDARD = new CallLimits(100, 50, 100);

    /** By the partner's name. */
    Map<String, Integer> byPartner() {
        return Map.of("vam", vam, "midanz", midanz, "liquidity", liquidity);
    }
}
