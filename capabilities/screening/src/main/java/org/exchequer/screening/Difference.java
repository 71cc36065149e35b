package org.exchequer.screening;

import java.util.SortedSet;

/**
 * A past answer that other lists would answer otherwise.
 *
 * @param appeared keys of parties ({@link ListedParty#key()}) that alert now and did not
 * @param gone keys of parties that alerted and do not now
 */
public record Difference(Decision past, Screening now, SortedSet<String> appeared, SortedSet<String> gone) {}
