/**
 * Rules that a person can read and set: {@link org.exchequer.scoring.rules.Rules} is the list, {@link
 * org.exchequer.scoring.rules.RuleEngine} applies it.
 */
@NullMarked
package org.exchequer.scoring.rules;

import org.jspecify.annotations.NullMarked;
