/** What inward clearing decides: no I/O, no clock, no framework. Start with {@code Course}. */
@NullMarked
package org.exchequer.inward.core;

import org.jspecify.annotations.NullMarked;
