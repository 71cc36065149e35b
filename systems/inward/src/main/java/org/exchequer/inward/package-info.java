/** Inward clearing: {@code InwardModule} builds it, {@code Processor} takes messages, {@code Flow} works on each. */
@NullMarked
package org.exchequer.inward;

import org.jspecify.annotations.NullMarked;
