package org.exchequer.platform.module;

import java.time.Instant;

/**
 * One statement that must hold, and whether it did.
 *
 * @param statement e.g. {@code "debits = credits in every currency"}
 * @param holds false when a violation was found
 * @param checked how many things were looked at
 * @param unit what they are, e.g. {@code "entries"}
 * @param checkedAt when
 * @param detail the first violation, or how the check was made
 */
public record InvariantResult(
        String statement, boolean holds, long checked, String unit, Instant checkedAt, String detail) {}
