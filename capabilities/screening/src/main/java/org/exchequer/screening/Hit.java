package org.exchequer.screening;

/**
 * A listed party that the subject may be.
 *
 * @param score 0 to 1, see {@link Explanation}
 */
public record Hit(ListedParty party, double score, Explanation explanation) {}
