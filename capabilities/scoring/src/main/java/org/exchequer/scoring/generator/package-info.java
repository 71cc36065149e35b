/**
 * Payments of a made-up country, honest and not, for training and tests. {@link
 * org.exchequer.scoring.generator.Scenario} is the door; how fraud is made stays inside, where no detector may look.
 */
@NullMarked
package org.exchequer.scoring.generator;

import org.jspecify.annotations.NullMarked;
