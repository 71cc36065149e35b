/** The simulator itself. */
@NullMarked
package org.exchequer.inward.sim;

import org.jspecify.annotations.NullMarked;
