package org.exchequer.scoring.model;

import java.util.OptionalDouble;

/**
 * What was decided, and all it came from.
 *
 * @param rules the rules' score, 0 to 1, if they were asked
 * @param review a person's score, 0 to 1, if there is one
 * @param blended 0 to 1
 * @param blend that was in force
 */
public record Decision(
        Score score, OptionalDouble rules, OptionalDouble review, double blended, Outcome outcome, Blend blend) {}
